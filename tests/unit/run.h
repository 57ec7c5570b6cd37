/* SPDX-License-Identifier: GPL-2.0-only */
/* Put a frame to msd_answer() and take the answer apart. */
#ifndef MSD_RUN_H
#define MSD_RUN_H

#include "frames.h"
#include "parse.h"

/**
 * struct answer - what a frame drew
 * @verdict: of the core
 * @flow: what it learnt
 * @n: number of frames
 * @r: the frames, taken apart
 * @frame: the first one as it is
 * @frame_len: its length
 * @data: TCP payload of all frames, joined
 * @len: its length
 */
struct answer {
	enum msd_verdict verdict;
	struct msd_flow flow;
	u32 n;
	struct reply r[MSD_FRAMES_MAX];
	const u8 *frame;
	u32 frame_len;
	u8 data[MSD_PAYLOAD_MAX];
	u32 len;
};

/**
 * run_frame() - have a frame judged
 * @ctx: context
 * @frame: the frame
 * @len: its length
 *
 * The frame is put where its end is the end of an allocation. Every answer is
 * held against reply_judge().
 *
 * Return: valid until the next call.
 */
const struct answer *run_frame(const struct msd_ctx *ctx, const u8 *frame,
			       u32 len);

/* The same with a description. */
const struct answer *run(const struct msd_ctx *ctx, const struct pkt *p);

/**
 * run_save_seed() - keep a frame for the fuzzer
 * @ctx: context it was judged in
 * @frame: the frame
 * @len: its length
 *
 * With UNIT_SEEDS=FOLDER in the environment every frame becomes a seed of the
 * whole-frame fuzzer: two configuration bytes, of which the second says to
 * leave the frame as it is, then the frame.
 */
void run_save_seed(const struct msd_ctx *ctx, const u8 *frame, u32 len);

/* Check that @p draws verdict @v; prints both by name. */
#define EXPECT(ctx, p, v) \
	unit_verdict(run(ctx, p)->verdict, v, __FILE__, __LINE__)

bool unit_verdict(enum msd_verdict got, enum msd_verdict want,
		  const char *file, int line);

#endif /* MSD_RUN_H */
