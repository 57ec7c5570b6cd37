// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcached without items (memcached, doc/protocol.txt and
 * doc/protocol-binary.txt). TCP only: over UDP it was the worst amplifier ever.
 *
 *	text				binary		reply
 *	version				0x0b		version
 *	stats				0x10		a few statistics
 *	get, gets			0x00, 0x09	a miss
 *	flush_all			0x08		done
 *					0x07 quit	none
 *	other lines of ours		others		error
 */
#include <linux/kernel.h>
#include "proto.h"

#define VERSION "1.6.18"
#define TEXT_MAX 2048

#define MAGIC_REQUEST 0x80
#define MAGIC_REPLY 0x81
#define BODY_MAX (1024 * 1024)

#define OP_GET 0x00
#define OP_QUIT 0x07
#define OP_FLUSH 0x08
#define OP_GETQ 0x09
#define OP_NOOP 0x0a
#define OP_VERSION 0x0b
#define OP_STAT 0x10

#define STATUS_MISS 0x0001
#define STATUS_UNKNOWN 0x0081

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("version"),
	MSD_PATTERN("stats"),
	MSD_PATTERN("get "),
	MSD_PATTERN("gets "),
	MSD_PATTERN("flush_all"),
	MSD_PATTERN("verbosity "),
	MSD_PATTERN_MASK("\x80\0\0\0\0\0\0\0", "\xff\0\0\0\0\xff\xff\xff"),
};

/**
 * struct statistic - one line of the statistics
 * @name: its name
 * @value: its value
 */
struct statistic {
	const char *name;
	const char *value;
};

static const struct statistic stats[] = {
	{ "pid", "612" },
	{ "version", VERSION },
	{ "pointer_size", "64" },
	{ "curr_connections", "1" },
	{ "curr_items", "0" },
	{ "total_items", "0" },
};

static void put_stats_text(struct msd_buf *out)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(stats); i++) {
		msd_put_lit(out, "STAT ");
		msd_put_str(out, stats[i].name);
		msd_put8(out, ' ');
		msd_put_str(out, stats[i].value);
		msd_put_lit(out, "\r\n");
	}
	msd_put_lit(out, "END\r\n");
}

static enum msd_ask text(struct msd_view in, struct msd_buf *out)
{
	int lf = msd_find(&in, '\n');

	if (lf < 0)
		return in.len > TEXT_MAX ? MSD_ASK_NOT_MINE : MSD_ASK_MORE;
	msd_trim(&in, lf);
	if (in.len && in.p[in.len - 1] == '\r')
		in.len--;
	/* libmemcached asks for "stats ". */
	while (in.len && in.p[in.len - 1] == ' ')
		in.len--;
	if (in.len == 7 && msd_starts(&in, "version", 7))
		msd_put_lit(out, "VERSION " VERSION "\r\n");
	else if (in.len == 5 && msd_starts(&in, "stats", 5))
		put_stats_text(out);
	else if (msd_starts(&in, "stats ", 6) || msd_starts(&in, "get ", 4) ||
		 msd_starts(&in, "gets ", 5))
		msd_put_lit(out, "END\r\n");
	else if (msd_starts(&in, "flush_all", 9) ||
		 msd_starts(&in, "verbosity ", 10))
		msd_put_lit(out, "OK\r\n");
	else
		msd_put_lit(out, "ERROR\r\n");
	return MSD_ASK_ANSWER;
}

static void put_packet(struct msd_buf *out, u8 op, u16 status, u32 opaque,
		       const char *key, const char *value)
{
	u32 klen = strlen(key), vlen = strlen(value);

	msd_put8(out, MAGIC_REPLY);
	msd_put8(out, op);
	msd_put_be16(out, klen);
	msd_put_be16(out, 0);
	msd_put_be16(out, status);
	msd_put_be32(out, klen + vlen);
	msd_put_be32(out, opaque);
	msd_put_zero(out, 8);
	msd_put_bytes(out, key, klen);
	msd_put_bytes(out, value, vlen);
}

static void put_stats_binary(struct msd_buf *out, u32 opaque)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(stats); i++)
		put_packet(out, OP_STAT, 0, opaque, stats[i].name,
			   stats[i].value);
	put_packet(out, OP_STAT, 0, opaque, "", "");
}

static enum msd_ask put_binary(struct msd_buf *out, u8 op, u32 opaque)
{
	switch (op) {
	case OP_VERSION:
		put_packet(out, op, 0, opaque, "", VERSION);
		return MSD_ASK_ANSWER;
	case OP_STAT:
		put_stats_binary(out, opaque);
		return MSD_ASK_ANSWER;
	case OP_NOOP:
	case OP_FLUSH:
		put_packet(out, op, 0, opaque, "", "");
		return MSD_ASK_ANSWER;
	case OP_GET:
		put_packet(out, op, STATUS_MISS, opaque, "", "Not found");
		return MSD_ASK_ANSWER;
	case OP_GETQ:
	case OP_QUIT:
		return MSD_ASK_SILENT;
	default:
		put_packet(out, op, STATUS_UNKNOWN, opaque, "",
			   "Unknown command");
		return MSD_ASK_ANSWER;
	}
}

static enum msd_ask binary(struct msd_view in, struct msd_buf *out)
{
	u16 klen;
	u32 body, opaque;
	u8 op, extras;

	msd_skip(&in, 1);
	op = msd_get8(&in);
	klen = msd_get_be16(&in);
	extras = msd_get8(&in);
	msd_skip(&in, 3);
	body = msd_get_be32(&in);
	opaque = msd_get_be32(&in);
	msd_skip(&in, 8);
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (body > BODY_MAX || body < (u32)klen + extras)
		return MSD_ASK_NOT_MINE;
	if (in.len < body)
		return MSD_ASK_MORE;
	return put_binary(out, op, opaque);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	return *rq->in.p == MAGIC_REQUEST ? binary(rq->in, out) :
					    text(rq->in, out);
}

const struct msd_responder msd_memcached = {
	.name = "memcached",
	.source = "memcached protocol.txt, protocol-binary.txt",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
