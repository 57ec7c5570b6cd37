// SPDX-License-Identifier: GPL-2.0-only
/* Put a frame to msd_answer() and take the answer apart: see run.h. */
#include <stdlib.h>
#include <linux/in.h>
#include "run.h"
#include "unit.h"

static struct answer answer;
/* Behind two bytes, so that network headers are aligned as in the module. */
static __aligned(8) u8 reply_space[2 + MSD_REPLY_MAX];

bool unit_verdict(enum msd_verdict got, enum msd_verdict want,
		  const char *file, int line)
{
	return unit_check(got == want, file, line, "%s, not %s",
			  msd_verdict_name(got), msd_verdict_name(want));
}

static void take_apart(const struct msd_out *out)
{
	struct msd_buf all = msd_buf(answer.data, sizeof(answer.data));
	u32 i;

	answer.n = out->nframes;
	for (i = 0; i < out->nframes; i++) {
		struct reply *r = &answer.r[i];

		reply_parse(out->buf.data + out->frame[i].off,
			    out->frame[i].len, r);
		if (r->proto == IPPROTO_TCP)
			msd_put_bytes(&all, r->data, r->len);
	}
	answer.len = all.len;
	answer.frame = out->buf.data + out->frame[0].off;
	answer.frame_len = out->frame[0].len;
}

const struct answer *run_frame(const struct msd_ctx *ctx, const u8 *frame,
			       u32 len)
{
	struct msd_out out = { .buf = msd_buf(reply_space + 2, MSD_REPLY_MAX) };
	u8 *copy = malloc(2 + len);
	const char *bad;

	if (!copy)
		abort();
	memcpy(copy + 2, frame, len);
	run_save_seed(ctx, frame, len);
	memset(&answer, 0, sizeof(answer));
	memset(reply_space, 0xa5, sizeof(reply_space));
	answer.verdict = msd_answer(ctx, msd_view(copy + 2, len), &answer.flow,
				    &out);
	bad = reply_judge(ctx, msd_view(copy + 2, len), answer.verdict, &out);
	unit_check(!bad, __FILE__, __LINE__, "%s: %s",
		   msd_verdict_name(answer.verdict), bad);
	if (verdict_answers(answer.verdict) && !bad)
		take_apart(&out);
	free(copy);
	return &answer;
}

const struct answer *run(const struct msd_ctx *ctx, const struct pkt *p)
{
	static u8 frame[PKT_MAX];

	return run_frame(ctx, frame, pkt_build(p, frame));
}
