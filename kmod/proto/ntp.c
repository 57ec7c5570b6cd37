// SPDX-License-Identifier: GPL-2.0-only
/*
 * NTP server (RFC 5905): a client's question (mode 3) draws a server's answer
 * (mode 4) of the same size. Modes 6 and 7, which amplify, and every other
 * mode are met with silence.
 *
 *	request				reply
 *	48 bytes, version 1 to 4		48 bytes
 *	48 bytes and a MAC (4, 20, 24)	48 bytes and a crypto-NAK, 4 bytes
 */
#include "proto.h"

#define HEADER 48
#define CRYPTO_NAK 4
/* Seconds from 1900 to 1970. */
#define ERA 2208988800U

#define MODE_CLIENT 3
#define MODE_SERVER 4
#define MODE_MASK 0x07
#define VERSION(b) ((b) >> 3 & 7)

/* A stratum 2 server that was set half a minute ago. */
#define STRATUM 2
#define PRECISION 0xec
/* Sets our use of the key apart from others'. */
#define TWEAK 0x6e7470
#define ROOT_DELAY 0x00000a3d
#define ROOT_DISPERSION 0x00000f5c
#define SINCE_UPDATE 32

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\x03", "\x07"),
};

static bool size_ok(u32 len)
{
	return len == HEADER || len == HEADER + 4 || len == HEADER + 20 ||
	       len == HEADER + 24;
}

/* A Unix time as NTP has it: seconds since 1900, and a fraction. */
static void put_time(struct msd_buf *out, u64 fine)
{
	msd_put_be64(out, fine + ((u64)ERA << 32));
}

/* The server we claim to follow: one of 192.0.2.0/24, the same for ever. */
static u32 refid(const struct msd_ctx *ctx)
{
	return 0xc0000200 | (siphash_1u32(TWEAK, &ctx->cfg->key) & 0x7f);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u8 first = msd_get8(&in);
	u8 version = VERSION(first), poll;
	u64 transmit, now;

	if (!size_ok(rq->in.len) || !version || version > 4 ||
	    (first & MODE_MASK) != MODE_CLIENT)
		return MSD_ASK_NOT_MINE;
	msd_skip(&in, 1);
	poll = msd_get8(&in);
	msd_skip(&in, 37);
	transmit = msd_get_be64(&in);
	now = msd_now_fine(rq->ctx);

	msd_put8(out, version << 3 | MODE_SERVER);
	msd_put8(out, STRATUM);
	msd_put8(out, poll);
	msd_put8(out, PRECISION);
	msd_put_be32(out, ROOT_DELAY);
	msd_put_be32(out, ROOT_DISPERSION);
	msd_put_be32(out, refid(rq->ctx));
	put_time(out, (rq->ctx->now - SINCE_UPDATE) << 32);
	msd_put_be64(out, transmit);
	put_time(out, now);
	put_time(out, now);
	if (rq->in.len > HEADER)
		msd_put_zero(out, CRYPTO_NAK);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_ntp = {
	.name = "ntp",
	.source = "RFC 5905",
	.transports = MSD_UDP,
	.npatterns = 1,
	.patterns = patterns,
	.answer = answer,
};
