// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP options (RFC 9293 section 3.1, RFC 7323, RFC 2018), laid out as a Linux
 * server lays them out: MSS; SACK permitted in front of timestamps, or each
 * alone behind two NOPs; window scale behind a NOP.
 */
#include "tcpopt.h"

#define OPT_EOL 0
#define OPT_NOP 1
#define OPT_MSS 2
#define OPT_WSCALE 3
#define OPT_SACK 4
#define OPT_TS 8

/* 64 KiB << 7: what a Linux server with default buffers offers. */
#define WSCALE 7

/* One option's value; a wrong length is an option that is not there. */
static void value(struct msd_tcpopt *o, u8 kind, struct msd_view v)
{
	switch (kind) {
	case OPT_MSS:
		if (v.len == 2)
			o->mss = msd_get_be16(&v);
		break;
	case OPT_WSCALE:
		o->wscale |= v.len == 1;
		break;
	case OPT_SACK:
		o->sack |= v.len == 0;
		break;
	case OPT_TS:
		if (v.len == 8) {
			o->ts = true;
			o->tsval = msd_get_be32(&v);
		}
		break;
	}
}

struct msd_tcpopt msd_tcpopt_read(struct msd_view v)
{
	struct msd_tcpopt o = {};

	while (v.len) {
		u8 kind = msd_get8(&v), len;
		struct msd_view val;

		if (kind == OPT_EOL)
			break;
		if (kind == OPT_NOP)
			continue;
		len = msd_get8(&v);
		if (len < 2)
			break;
		val = msd_sub(&v, len - 2);
		if (!msd_view_ok(&val))
			break;
		value(&o, kind, val);
	}
	return o;
}

static void put_ts(struct msd_buf *b, const struct msd_tcpopt *peer, bool sack,
		   u32 now_ms)
{
	msd_put_be16(b, sack ? OPT_SACK << 8 | 2 : OPT_NOP << 8 | OPT_NOP);
	msd_put_be16(b, OPT_TS << 8 | 10);
	msd_put_be32(b, now_ms);
	msd_put_be32(b, peer->tsval);
}

void msd_tcpopt_put(struct msd_buf *b, const struct msd_tcpopt *peer, u16 mss,
		    u32 now_ms)
{
	bool sack = mss && peer->sack;

	if (mss)
		msd_put_be32(b, OPT_MSS << 24 | 4 << 16 | mss);
	if (peer->ts)
		put_ts(b, peer, sack, now_ms);
	else if (sack)
		msd_put_be32(b, OPT_NOP << 24 | OPT_NOP << 16 | OPT_SACK << 8 |
				2);
	if (mss && peer->wscale)
		msd_put_be32(b, OPT_NOP << 24 | OPT_WSCALE << 16 | 3 << 8 |
				WSCALE);
}
