/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core makes of an input of tests/fuzz/frame.c, as a few numbers. The
 * same file is built in userspace and into the kernel, and the two are compared.
 */
#ifndef MSD_KUNIT_ANSWER_H
#define MSD_KUNIT_ANSWER_H

#include "../fuzz/fuzz.h"

/**
 * struct answer_sum - the answer to one input
 * @verdict: verdict; all bits set when the target refuses the input
 * @nframes: frames of the reply
 * @digest: over lengths and bytes of the frames (FNV-1a)
 */
struct answer_sum {
	u32 verdict;
	u32 nframes;
	u64 digest;
};

/**
 * struct answer_head - before each input in the file that run makes
 * @len: of the input
 * @sum: what it draws in userspace
 */
struct answer_head {
	u32 len;
	struct answer_sum sum;
};

/* Put an input to the target. */
struct answer_sum answer_input(const u8 *data, u32 len);

#endif /* MSD_KUNIT_ANSWER_H */
