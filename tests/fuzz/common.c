// SPDX-License-Identifier: GPL-2.0-only
/* What the fuzz targets share: see fuzz.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/flow.h"
#include "fuzz.h"

u64 fuzz_verdicts[__MSD_VERDICT_MAX];
u64 fuzz_said;

static u8 *spaces[FUZZ_SPACES];
/* Set when the flow table may hold something. */
static bool flows_used = true;

void fuzz_fail(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "finding: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	abort();
}

/* Allocated, so that the sanitizer knows both ends. */
static u8 *space(int which)
{
	if (!spaces[which])
		spaces[which] = malloc(2 + MSD_REPLY_MAX);
	if (!spaces[which])
		abort();
	return spaces[which] + 2;
}

struct msd_flowtab *fuzz_flows(void)
{
	static struct msd_flowtab *tab;
	u32 i;

	if (!tab)
		tab = calloc(1, msd_flow_bytes());
	if (!tab)
		abort();
	for (i = 0; flows_used && i < MSD_FLOW_SLOTS; i++)
		tab->slot[i].id = 0;
	flows_used = false;
	return tab;
}

void fuzz_ask(const struct msd_ctx *ctx, const u8 *frame, u32 len,
	      struct fuzz_answer *a, int which)
{
	u8 *copy = malloc(2 + len);
	const char *bad;

	if (!copy)
		abort();
	memcpy(copy + 2, frame, len);
	memset(a, 0, sizeof(*a));
	a->out.buf = msd_buf(space(which), MSD_REPLY_MAX);
	a->verdict = msd_answer(ctx, msd_view(copy + 2, len), &a->flow,
				&a->out);
	bad = reply_judge(ctx, msd_view(copy + 2, len), a->verdict, &a->out);
	if (bad)
		fuzz_fail("%s: %s", msd_verdict_name(a->verdict), bad);
	fuzz_verdicts[a->verdict]++;
	fuzz_said = fuzz_digest_u32(fuzz_said, a->verdict);
	if (verdict_answers(a->verdict))
		fuzz_said = fuzz_digest_reply(fuzz_said, a);
	/* only verified data changes the table */
	flows_used |= ctx->flows && (a->verdict == MSD_ANSWER_TCP ||
				     a->verdict == MSD_ANSWER_ACK ||
				     a->verdict == MSD_ANSWER_FIN);
	free(copy);
}

bool fuzz_same(const struct fuzz_answer *a, const struct fuzz_answer *b)
{
	u32 i;

	if (a->verdict != b->verdict)
		return false;
	if (!verdict_answers(a->verdict))
		return true;
	if (a->out.nframes != b->out.nframes)
		return false;
	for (i = 0; i < a->out.nframes; i++) {
		const struct msd_frame *x = &a->out.frame[i];
		const struct msd_frame *y = &b->out.frame[i];

		if (x->len != y->len || memcmp(a->out.buf.data + x->off,
					       b->out.buf.data + y->off,
					       x->len))
			return false;
	}
	return true;
}

static bool nobody(void *host __maybe_unused, u8 family __maybe_unused,
		   const void *addr __maybe_unused)
{
	return false;
}

/* An acknowledgment may be guessed; what answers is what must not be. */
static bool is_dialogue(enum msd_verdict v)
{
	return verdict_answers(v) && v != MSD_ANSWER_ACK && v != MSD_ANSWER_FIN;
}

/* Everybody is at home here, save whoever sent the frame. */
static void second_responder(const struct msd_ctx *ctx, struct msd_ctx *other,
			     struct msd_config *cfg)
{
	*cfg = *ctx->cfg;
	memset(&cfg->own, 0, sizeof(cfg->own));
	memset(&cfg->deny, 0, sizeof(cfg->deny));
	cfg->key.key[0] ^= 1;
	*other = *ctx;
	other->cfg = cfg;
	other->flows = NULL;
	other->csum = MSD_CSUM_NONE;
	other->host_has = nobody;
}

static void feed(const struct msd_ctx *ctx, const struct fuzz_answer *a,
		 int depth)
{
	struct fuzz_answer back;
	struct msd_config cfg;
	struct msd_ctx other;
	u32 i;

	second_responder(ctx, &other, &cfg);
	for (i = 0; i < a->out.nframes; i++) {
		u8 *frame = a->out.buf.data + a->out.frame[i].off;
		bool again;

		other.mac = frame[0] & 1 ? env_client_mac : frame;
		fuzz_ask(&other, frame, a->out.frame[i].len, &back, depth);
		if (!is_dialogue(back.verdict))
			continue;
		again = back.verdict == MSD_ANSWER_UDP ||
			back.verdict == MSD_ANSWER_TCP;
		if (!again || depth == FUZZ_HOPS)
			fuzz_fail("%s draws %s from a second responder",
				  msd_verdict_name(a->verdict),
				  msd_verdict_name(back.verdict));
		feed(&other, &back, depth + 1);
	}
}

void fuzz_feed_back(const struct msd_ctx *ctx, const struct fuzz_answer *a)
{
	if (verdict_answers(a->verdict))
		feed(ctx, a, 1);
}
