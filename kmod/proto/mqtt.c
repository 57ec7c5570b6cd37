// SPDX-License-Identifier: GPL-2.0-only
/*
 * MQTT broker that lets nobody in (MQTT 3.1, 3.1.1, 5.0).
 *
 *	CONNECT				CONNACK
 *	level 3, 4			5, not authorised
 *	level 5				0x87, not authorised, no properties
 *	any other level			1, unacceptable protocol level
 *	levels 3, 4, no client id and
 *	no clean session		2, identifier rejected
 *	other name, reserved flag,
 *	password without user		none
 *
 * The connection ends after it.
 */
#include <linux/kernel.h>
#include "proto.h"

#define CONNECT 0x10
#define CONNACK 0x20

#define LEVEL5 5
#define BAD_LEVEL 1
#define BAD_ID 2
#define NOT_AUTHORISED 5
#define NOT_AUTHORISED5 0x87

#define FLAG_RESERVED 0x01
#define FLAG_CLEAN 0x02
#define FLAG_WILL 0x04
#define WILL_QOS 0x18
#define WILL_RETAIN 0x20
#define FLAG_PASSWORD 0x40
#define FLAG_USER 0x80

/* What follows the name: level, flags, keep alive, client id's length. */
#define REST_MIN 6
/* A CONNECT with more than this is none. */
#define REMAINING_MAX 65536

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("\x10"),
};

/* Variable byte integer (MQTT 5.0 section 1.5.5); over the limit if too long. */
static u32 get_varint(struct msd_view *in)
{
	u32 val = 0, shift;

	for (shift = 0; shift < 28; shift += 7) {
		u8 b = msd_get8(in);

		val |= (u32)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return val;
	}
	return REMAINING_MAX + 1;
}

/* The protocol's name, which changed once. */
static bool name_ok(const struct msd_view *name)
{
	return (name->len == 4 && msd_starts(name, "MQTT", 4)) ||
	       (name->len == 6 && msd_starts(name, "MQIsdp", 6));
}

/* A name that somebody made up, who means MQTT all the same. */
static bool name_like(const struct msd_view *name)
{
	return name_ok(name) ||
	       (name->len >= 4 && name->len <= 6 && msd_starts(name, "MQ", 2));
}

/* Reserved bit, will without its flag, password without a user. */
static bool flags_ok(u8 flags, u8 level)
{
	if (flags & FLAG_RESERVED || (flags & WILL_QOS) == WILL_QOS)
		return false;
	if (!(flags & FLAG_WILL) && flags & (WILL_QOS | WILL_RETAIN))
		return false;
	return level == LEVEL5 || !(flags & FLAG_PASSWORD) ||
	       flags & FLAG_USER;
}

static void put_connack(struct msd_buf *out, u8 level, bool no_id)
{
	msd_put8(out, CONNACK);
	msd_put8(out, level == LEVEL5 ? 3 : 2);
	msd_put8(out, 0);
	if (level == LEVEL5) {
		msd_put8(out, NOT_AUTHORISED5);
		msd_put8(out, 0);
	} else {
		msd_put8(out, level != 3 && level != 4 ? BAD_LEVEL :
			 no_id ? BAD_ID : NOT_AUTHORISED);
	}
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in, body, name;
	u32 remaining;
	u8 level, flags;

	if (msd_get8(&in) != CONNECT)
		return MSD_ASK_NOT_MINE;
	remaining = get_varint(&in);
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (remaining > REMAINING_MAX)
		return MSD_ASK_NOT_MINE;
	rq->need = rq->in.len - in.len + remaining;
	if (in.len < remaining)
		return MSD_ASK_MORE;
	body = msd_sub(&in, remaining);
	name = msd_sub(&body, msd_get_be16(&body));
	if (!name_like(&name) || body.len < REST_MIN)
		return MSD_ASK_NOT_MINE;
	level = msd_get8(&body);
	rq->close = true;
	flags = msd_get8(&body);
	if (!name_ok(&name) || !flags_ok(flags, level))
		return MSD_ASK_SILENT;
	msd_skip(&body, 2);
	put_connack(out, level, !(flags & FLAG_CLEAN) && !msd_get_be16(&body));
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_mqtt = {
	.name = "mqtt",
	.source = "MQTT 3.1.1, MQTT 5.0 (OASIS)",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
