// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzzers' corpus of frames, in the kernel: verdict and reply are those of
 * userspace, byte for byte.
 */
#include <linux/kernel_read_file.h>
#include <linux/vmalloc.h>
#include "answer.h"
#include "rig.h"

#define CORPUS "/lab/corpus"
/* Fewer would say that the file was not made well. */
#define LEAST 200

static void *all;
static size_t size;

static int read_corpus(struct kunit_suite *suite)
{
	ssize_t len;
	int err = msd_proto_init();

	if (err)
		return err;
	len = kernel_read_file_from_path(CORPUS, 0, &all, SIZE_MAX, &size,
					 READING_UNKNOWN);
	return len < 0 ? len : 0;
}

static void free_corpus(struct kunit_suite *suite)
{
	vfree(all);
}

static void compare(struct kunit *test, unsigned int n, const u8 *data,
		    const struct answer_head *want)
{
	struct answer_sum got = answer_input(data, want->len);

	if (!memcmp(&got, &want->sum, sizeof(got)))
		return;
	KUNIT_FAIL(test, "input %u: %s, %u frames; userspace: %s, %u frames", n,
		   msd_verdict_name(got.verdict), got.nframes,
		   msd_verdict_name(want->sum.verdict), want->sum.nframes);
}

static void frames(struct kunit *test)
{
	struct answer_head head = {};
	unsigned int n = 0;
	size_t at = 0;

	while (at + sizeof(head) <= size) {
		memcpy(&head, all + at, sizeof(head));
		at += sizeof(head);
		KUNIT_ASSERT_LE(test, at + head.len, size);
		compare(test, n++, all + at, &head);
		at += head.len;
	}
	KUNIT_EXPECT_EQ(test, at, size);
	KUNIT_EXPECT_GE(test, n, (unsigned int)LEAST);
	kunit_info(test, "# %u inputs\n", n);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(frames),
	{}
};

static struct kunit_suite suite = {
	.name = "msd_corpus",
	.suite_init = read_corpus,
	.suite_exit = free_corpus,
	.test_cases = cases,
};

kunit_test_suite(suite);
