// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of responders, and the question put to them.
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "proto.h"

#define MSD_ROW(name)	\
	[MSD_PROTO_##name] = &msd_##name,
const struct msd_responder *const msd_responders[] = {
#include "rows.h"
};

#undef MSD_ROW

/* A set of rows is a u64, and a row must not be taken for MSD_NO_PROTO. */
static_assert(MSD_NPROTO <= 64);

/* Rows that serve MSD_TCP, MSD_UDP (index), and rows without patterns. */
static u64 serves[MSD_UDP + 1];
static u64 plain;

static bool row_valid(const struct msd_responder *r)
{
	return r->name && r->answer && !r->npatterns == !r->patterns &&
	       r->transports && !(r->transports & ~(MSD_TCP | MSD_UDP));
}

static int add_row(u8 row, const struct msd_responder *r)
{
	u32 i;
	int err;

	if (!row_valid(r))
		return -EINVAL;
	if (r->transports & MSD_TCP)
		serves[MSD_TCP] |= BIT_ULL(row);
	if (r->transports & MSD_UDP)
		serves[MSD_UDP] |= BIT_ULL(row);
	if (!r->npatterns)
		plain |= BIT_ULL(row);
	for (i = 0; i < r->npatterns; i++) {
		err = msd_match_add(row, &r->patterns[i]);
		if (err)
			return err;
	}
	return 0;
}

int msd_proto_init(void)
{
	u8 row;
	int err;

	msd_match_reset();
	memset(serves, 0, sizeof(serves));
	plain = 0;
	for (row = 0; row < MSD_NPROTO; row++) {
		err = add_row(row, msd_responders[row]);
		if (err)
			return err;
	}
	return 0;
}

void msd_proto_config(struct msd_config *cfg)
{
	msd_match_start(cfg->protos, cfg->live);
}

int msd_proto_find(const char *name)
{
	int row;

	for (row = 0; row < MSD_NPROTO; row++)
		if (!strcmp(msd_responders[row]->name, name))
			return row;
	return -1;
}

/*
 * Ask one responder. Whatever it did to the request and the buffer counts only
 * when it answers, and an answer counts only when it is there and whole.
 */
static enum msd_ask ask_row(u8 row, struct msd_request *rq, struct msd_buf *out)
{
	struct msd_request mine = *rq;
	struct msd_buf before = *out;
	enum msd_ask ask;

	ask = msd_responders[row]->answer(&mine, out);
	if (ask == MSD_ASK_ANSWER && (out->over || out->len == before.len))
		ask = MSD_ASK_SILENT;
	if (ask != MSD_ASK_ANSWER) {
		*out = before;
		return ask;
	}
	rq->reply_port = mine.reply_port;
	rq->close = mine.close;
	return ask;
}

/*
 * Ask @rows, lowest first, until one answers or claims the request in
 * silence. @more is set when one asks for more on the way.
 */
static enum msd_ask ask_rows(u64 rows, struct msd_request *rq, u8 *proto,
			     struct msd_buf *out, bool *more)
{
	for (; rows; rows &= rows - 1) {
		u8 row = __ffs64(rows);
		enum msd_ask ask = ask_row(row, rq, out);

		if (ask == MSD_ASK_ANSWER)
			*proto = row;
		if (ask == MSD_ASK_ANSWER || ask == MSD_ASK_SILENT)
			return ask;
		*more |= ask == MSD_ASK_MORE;
	}
	return MSD_ASK_NOT_MINE;
}

enum msd_ask msd_proto_ask(struct msd_request *rq, u8 *proto,
			   struct msd_buf *out)
{
	u64 on = rq->ctx->cfg->protos & serves[rq->transport];
	struct msd_match m;
	enum msd_ask ask;
	bool more = false;

	*proto = MSD_NO_PROTO;
	if (!rq->in.len)
		return MSD_ASK_NOT_MINE;
	m = msd_match_run(rq->ctx->cfg->live, rq->in);
	ask = ask_rows(m.hits & on, rq, proto, out, &more);
	if (ask == MSD_ASK_NOT_MINE)
		ask = ask_rows(plain & on, rq, proto, out, &more);
	if (ask != MSD_ASK_NOT_MINE)
		return ask;
	if (rq->transport == MSD_UDP)
		return more ? MSD_ASK_SILENT : MSD_ASK_NOT_MINE;
	return more || (m.open & on) ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
}
