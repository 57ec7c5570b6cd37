// SPDX-License-Identifier: GPL-2.0-only
/*
 * NTP server (RFC 5905): a client's question (mode 3) draws a server's answer
 * (mode 4), a peer's (mode 1) a passive peer's (mode 2). Modes 6 and 7, which
 * amplify, and every other mode are met with silence.
 *
 *	request				reply
 *	48 bytes, version 1 to 4		48 bytes
 *	the same and extension fields	48 bytes
 *	the same and a MAC		none: a server knows no key of ours
 *
 * Mode, version and length alone are what one datagram in sixteen of that size
 * has. A request also has a stratum, a poll interval and a precision that exist,
 * and a root delay and dispersion that a clock can have.
 */
#include "proto.h"

#define HEADER 48
/* Key identifier alone (a crypto-NAK), or with an MD5 or a SHA-1 digest. */
#define MAC_NAK 4
#define MAC_MD5 20
#define MAC_SHA1 24
#define FIELD_MIN 16

#define MODE_ACTIVE 1
#define MODE_CLIENT 3
#define NTP_MODE_MASK 0x07
#define VERSION(b) ((b) >> 3 & 7)
#define VERSION_MAX 4

/* What a request can say of its sender's clock. */
#define STRATUM_MAX 16
#define POLL_MAX 17
#define POLL_MIN 0xf8		/* -8 */
#define PRECISION_MIN 0xe0	/* -32 */
#define PRECISION_OLD 0x20	/* W32Time */
#define ROOT_DELAY_END 0x00100000
#define ROOT_DISPERSION_END 0x00400000

/* A stratum 2 server that sets its clock every 64 seconds. */
#define STRATUM 2
#define PRECISION 0xe8
#define SET_EVERY 64
#define ROOT_DELAY 0x00000a3d
#define ROOT_DISPERSION 0x0000051e
/* Sets our use of the key apart from others'. */
#define TWEAK 0x6e7470

/* Fractions of a second: 20 us and up to 122 us more pass before we reply. */
#define TURN_MIN 85899
#define TURN_MASK 0x7ffff
/* Seconds from 1900 to 1970. */
#define ERA 2208988800U

/* Modes 1 and 3. */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\x01", "\x05"),
};

/**
 * struct question - a request
 * @first: leap indicator, version and mode
 * @poll: poll interval, echoed
 * @transmit: the client's transmit timestamp, echoed as origin
 */
struct question {
	u8 first;
	u8 poll;
	u64 transmit;
};

static bool clock_ok(u8 stratum, u8 poll, u8 precision, u32 delay, u32 dispersion)
{
	return stratum <= STRATUM_MAX &&
	       (poll <= POLL_MAX || poll >= POLL_MIN) &&
	       (!precision || precision == PRECISION_OLD ||
		precision >= PRECISION_MIN) &&
	       delay < ROOT_DELAY_END && dispersion < ROOT_DISPERSION_END;
}

static bool take_header(struct msd_view *in, struct question *q)
{
	u8 stratum, precision, mode, version;
	u32 delay;

	q->first = msd_get8(in);
	stratum = msd_get8(in);
	q->poll = msd_get8(in);
	precision = msd_get8(in);
	delay = msd_get_be32(in);
	if (!clock_ok(stratum, q->poll, precision, delay, msd_get_be32(in)))
		return false;
	msd_skip(in, 28);
	q->transmit = msd_get_be64(in);
	mode = q->first & NTP_MODE_MASK;
	version = VERSION(q->first);
	return msd_view_ok(in) && version && version <= VERSION_MAX &&
	       (mode == MODE_CLIENT || mode == MODE_ACTIVE);
}

static bool is_mac(u32 len)
{
	return len == MAC_NAK || len == MAC_MD5 || len == MAC_SHA1;
}

/*
 * What stands behind the header: nothing, extension fields of version 4 (RFC
 * 7822), a MAC. As many bytes as a MAC has are one.
 */
static enum msd_ask take_rest(struct msd_view rest, u8 version)
{
	while (rest.len && !is_mac(rest.len)) {
		u32 len;

		msd_skip(&rest, 2);
		len = msd_get_be16(&rest);
		if (version < VERSION_MAX || len < FIELD_MIN || len % 4)
			return MSD_ASK_NOT_MINE;
		msd_skip(&rest, len - 4);
		if (!msd_view_ok(&rest))
			return MSD_ASK_NOT_MINE;
	}
	return rest.len ? MSD_ASK_SILENT : MSD_ASK_ANSWER;
}

/* A Unix time as NTP has it: seconds since 1900, and a fraction. */
static void put_time(struct msd_buf *out, u64 fine)
{
	msd_put_be64(out, fine + ((u64)ERA << 32));
}

/*
 * The server we claim to follow, one of 192.0.2.0/24 and the same for ever, and
 * when we heard of it last: dispersion grows by 15 us a second from then on.
 */
static void put_reference(struct msd_buf *out, const struct msd_ctx *ctx)
{
	const siphash_key_t *key = &ctx->cfg->key;
	u32 secret = siphash_1u32(TWEAK, key);
	u32 since = 1 + ((u32)ctx->now + (secret >> 8)) % SET_EVERY;
	u64 set = ctx->now - since;

	msd_put_be32(out, ROOT_DELAY + (secret >> 16 & 0x3ff));
	msd_put_be32(out, ROOT_DISPERSION + since);
	msd_put_be32(out, 0xc0000200 | (secret & 0x7f));
	put_time(out, set << 32 | (u32)siphash_2u64(set, TWEAK, key));
}

static void put_reply(struct msd_buf *out, const struct msd_ctx *ctx,
		      const struct question *q)
{
	u64 now = msd_now_fine(ctx);
	u32 turn = siphash_2u64(now, q->transmit, &ctx->cfg->key) & TURN_MASK;

	/* Mode 3 draws 4, and 1 draws 2. */
	msd_put8(out, VERSION(q->first) << 3 | ((q->first & NTP_MODE_MASK) + 1));
	msd_put8(out, STRATUM);
	msd_put8(out, q->poll);
	msd_put8(out, PRECISION);
	put_reference(out, ctx);
	msd_put_be64(out, q->transmit);
	put_time(out, now);
	put_time(out, now + TURN_MIN + turn);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	struct question q;
	enum msd_ask ask;

	if (!take_header(&in, &q) || msd_rpc_is_reply(rq->in))
		return MSD_ASK_NOT_MINE;
	ask = take_rest(in, VERSION(q.first));
	if (ask == MSD_ASK_ANSWER)
		put_reply(out, rq->ctx, &q);
	return ask;
}

const struct msd_responder msd_ntp = {
	.name = "ntp",
	.source = "RFC 5905, RFC 7822",
	.transports = MSD_UDP,
	.npatterns = 1,
	.patterns = patterns,
	.answer = answer,
};
