// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of responders, and the question put to them.
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
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
 * as far as its word goes, and an answer counts only when it is there and whole.
 */
static enum msd_ask ask_row(u8 row, struct msd_request *rq, struct msd_buf *out)
{
	struct msd_request mine = *rq;
	struct msd_buf before = *out;
	enum msd_ask ask;

	ask = msd_responders[row]->answer(&mine, out);
	if (out->over || (ask == MSD_ASK_ANSWER && out->len == before.len)) {
		mine.close = false;
		if (ask == MSD_ASK_ANSWER)
			ask = MSD_ASK_SILENT;
	}
	if (ask == MSD_ASK_ANSWER)
		rq->reply_port = mine.reply_port;
	else
		*out = before;
	if (ask == MSD_ASK_ANSWER || ask == MSD_ASK_SILENT)
		rq->close = mine.close;
	rq->need = mine.need;
	rq->until = mine.until;
	return ask;
}

/**
 * struct wish - what those who asked for more are waiting for
 * @rows: they
 * @need: least length that any of them needs
 * @until: what suffices for any of them
 */
struct wish {
	u64 rows;
	u32 need;
	enum msd_until until;
};

static void add_wish(struct wish *w, u8 row, const struct msd_request *rq)
{
	if (!w->rows) {
		w->need = rq->need;
		w->until = rq->until;
	}
	w->rows |= BIT_ULL(row);
	w->need = min(w->need, rq->need);
	w->until = min(w->until, rq->until);
}

/*
 * Ask @rows, lowest first, until one answers or claims the request in
 * silence. Those who ask for more on the way are noted in @w.
 */
static enum msd_ask ask_rows(u64 rows, struct msd_request *rq, u8 *proto,
			     struct msd_buf *out, struct wish *w)
{
	for (; rows; rows &= rows - 1) {
		u8 row = __ffs64(rows);
		enum msd_ask ask;

		rq->need = 0;
		rq->until = MSD_UNTIL_ANY;
		ask = ask_row(row, rq, out);
		if (ask == MSD_ASK_ANSWER)
			*proto = row;
		if (ask == MSD_ASK_ANSWER || ask == MSD_ASK_SILENT)
			return ask;
		if (ask == MSD_ASK_MORE)
			add_wish(w, row, rq);
	}
	return MSD_ASK_NOT_MINE;
}

/* Nobody has taken the request; @open may once more bytes have come. */
static enum msd_ask wait(struct msd_request *rq, struct wish *w, u64 open)
{
	if (open & ~w->rows) {
		w->need = 0;
		w->until = MSD_UNTIL_ANY;
	}
	rq->need = w->need;
	rq->until = w->until;
	if (rq->transport == MSD_UDP)
		return w->rows ? MSD_ASK_SILENT : MSD_ASK_NOT_MINE;
	return w->rows | open ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
}

enum msd_ask msd_proto_ask(struct msd_request *rq, u8 *proto,
			   struct msd_buf *out)
{
	u64 on = rq->ctx->cfg->protos & serves[rq->transport];
	struct wish w = {};
	struct msd_match m;
	enum msd_ask ask;

	*proto = MSD_NO_PROTO;
	if (!rq->in.len)
		return MSD_ASK_NOT_MINE;
	m = msd_match_run(rq->ctx->cfg->live, rq->in);
	ask = ask_rows(m.hits & on, rq, proto, out, &w);
	if (ask == MSD_ASK_NOT_MINE)
		ask = ask_rows(plain & on, rq, proto, out, &w);
	if (ask != MSD_ASK_NOT_MINE)
		return ask;
	return wait(rq, &w, m.open & on);
}
