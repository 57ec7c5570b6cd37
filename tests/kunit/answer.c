// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for tests/fuzz/common.c, which judges: this only writes down. See
 * answer.h.
 */
#include <stdlib.h>
#include "../../kmod/core/flow.h"
#include "answer.h"

static struct answer_sum sum;
static bool first;

void fuzz_fail(const char *fmt, ...)
{
	abort();
}

/* Words, so that each begins at a multiple of four. */
static u8 *space(int which)
{
	static u32 spaces[FUZZ_SPACES][MSD_REPLY_MAX / 4 + 2];

	return (u8 *)spaces[which] + 2;
}

struct msd_flowtab *fuzz_flows(void)
{
	static struct msd_flowtab tab;

	memset(&tab, 0, sizeof(tab));
	return &tab;
}

static void note(const struct fuzz_answer *a)
{
	sum.verdict = a->verdict;
	sum.digest = FUZZ_DIGEST;
	if (!verdict_answers(a->verdict))
		return;
	sum.nframes = a->out.nframes;
	sum.digest = fuzz_digest_reply(sum.digest, a);
}

void fuzz_ask(const struct msd_ctx *ctx, const u8 *frame, u32 len,
	      struct fuzz_answer *a, int which)
{
	u8 *copy = malloc(2 + len);

	if (!copy)
		abort();
	memcpy(copy + 2, frame, len);
	memset(a, 0, sizeof(*a));
	a->out.buf = msd_buf(space(which), MSD_REPLY_MAX);
	a->verdict = msd_answer(ctx, msd_view(copy + 2, len), &a->flow,
				&a->out);
	if (first)
		note(a);
	first = false;
	free(copy);
}

bool fuzz_same(const struct fuzz_answer *a, const struct fuzz_answer *b)
{
	return true;
}

void fuzz_feed_back(const struct msd_ctx *ctx, const struct fuzz_answer *a)
{
}

struct answer_sum answer_input(const u8 *data, u32 len)
{
	first = true;
	memset(&sum, 0, sizeof(sum));
	sum.verdict = ~0u;
	LLVMFuzzerTestOneInput(data, len);
	return sum;
}
