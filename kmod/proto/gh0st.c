// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gh0st RAT: the controller's side, which activates a client that logs in.
 *
 *   0   5  "Gh0st"
 *   5   4  length of the whole packet, little endian
 *   9   4  length of the payload before compression, little endian
 *   13     payload as a zlib stream (RFC 1950); its first byte is the command
 *
 * A login is a command with data, so longer than one byte; the answer is the
 * one-byte command 0, "activated". That one byte also keeps the answer from
 * being taken for a login. TCP only: the protocol knows no other transport.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "proto.h"

#define MAGIC		"Gh0st"
#define HEADER_LEN	13
/* zlib header, an empty block and the checksum. */
#define ZLIB_MIN	8
/* Logins are a few hundred bytes. */
#define PACKET_MAX	4096

#define ZLIB_DEFLATE	8
#define ZLIB_WINDOW_MAX	7
#define ZLIB_FDICT	0x20

/* CMF and FLG of RFC 1950 section 2.2; a preset dictionary is never used. */
static bool zlib_header(u16 head)
{
	u8 cmf = head >> 8;

	return (cmf & 0xf) == ZLIB_DEFLATE && cmf >> 4 <= ZLIB_WINDOW_MAX &&
	       !(head & ZLIB_FDICT) && head % 31 == 0;
}

/* One zero byte: a final block with fixed codes (RFC 1951), then Adler-32. */
static void put_activated(struct msd_buf *out)
{
	u32 start = out->len;

	msd_put_lit(out, MAGIC);
	msd_put_le32(out, 0);
	msd_put_le32(out, 1);
	msd_put_be16(out, 0x789c);
	msd_put_lit(out, "\x63\x00\x00");
	msd_put_be32(out, 0x00010001);
	msd_patch_le32(out, start + 5, out->len - start);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view v = rq->in;
	u32 total, plain;
	u16 zlib;

	msd_skip(&v, sizeof(MAGIC) - 1);
	total = msd_get_le32(&v);
	plain = msd_get_le32(&v);
	zlib = msd_get_be16(&v);
	rq->need = HEADER_LEN + 2;
	if (!msd_view_ok(&v))
		return MSD_ASK_MORE;
	if (total < HEADER_LEN + ZLIB_MIN || total > PACKET_MAX || plain < 2 ||
	    !zlib_header(zlib))
		return MSD_ASK_NOT_MINE;
	rq->need = total;
	if (rq->in.len < total)
		return MSD_ASK_MORE;
	put_activated(out);
	return MSD_ASK_ANSWER;
}

static const struct msd_pattern patterns[] = {
	MSD_PATTERN(MAGIC),
};

const struct msd_responder msd_gh0st = {
	.name = "gh0st",
	.source = "Gh0st RAT 3.6",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
