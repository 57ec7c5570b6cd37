// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields that a protocol leaves to the client (ids, lengths, counters) may hold
 * any value: with all rows on, the same responder answers whatever they hold.
 */
#include <linux/in.h>
#include <linux/kernel.h>
#include "env.h"
#include "unit.h"

static struct env e;
static u8 room[MSD_PAYLOAD_MAX];

/* Who answers @len bytes, or MSD_NO_PROTO. */
static u8 who(const u8 *in, u32 len, u32 offset)
{
	struct msd_flow flow = env_flow(4, IPPROTO_TCP);
	struct msd_buf out = msd_buf(room, sizeof(room));
	struct msd_request rq = {
		.ctx = &e.ctx, .flow = &flow, .in = msd_view(in, len),
		.offset = offset, .transport = MSD_TCP,
		.reply_port = flow.dport,
	};
	u8 proto;

	return msd_proto_ask(&rq, &proto, &out) == MSD_ASK_ANSWER ?
	       proto : MSD_NO_PROTO;
}

/**
 * struct swept - a message and the bytes of it that are free
 * @proto: who answers it, always
 * @offset: bytes of ours that were read
 * @at: first of the free bytes
 * @n: number of free bytes; of each two neighbours all values are tried
 * @len: length of @bytes
 * @bytes: the message
 */
struct swept {
	u8 proto;
	u32 offset;
	u32 at;
	u32 n;
	u32 len;
	const char *bytes;
};

#define SWEPT(proto_, offset_, at_, n_, bytes_)				\
	{ MSD_PROTO_##proto_, offset_, at_, n_, sizeof(bytes_) - 1, bytes_ }

static const struct swept swept[] = {
	/* transaction and unit of Modbus; register and number of registers */
	SWEPT(modbus, 0, 0, 2, "\0\0\0\0\0\6\1\3\0\0\0\1"),
	SWEPT(modbus, 0, 6, 1, "\0\0\0\0\0\6\1\3\0\0\0\1"),
	SWEPT(modbus, 0, 8, 4, "\0\0\0\0\0\6\1\3\0\0\0\1"),
	/* port and address of SOCKS 4 and 5 */
	SWEPT(socks, 0, 2, 6, "\4\1\0\0\1\1\1\1\0"),
	SWEPT(socks, 2, 4, 6, "\5\1\0\1\1\1\1\1\0\0"),
	/* id of JDWP */
	SWEPT(jdwp, 14, 4, 4, "\0\0\0\13\0\0\0\1\0\1\1"),
	/* request id of MongoDB */
	SWEPT(mongodb, 0, 4, 4, "\x23\0\0\0\1\0\0\0\0\0\0\0\xdd\7\0\0"
	      "\0\0\0\0\0\x0e\0\0\0\x10ping\0\1\0\0\0"),
	/* opaque and CAS of memcached */
	SWEPT(memcached, 0, 12, 12, "\x80\x0b\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	      "\0\0\0\0\0\0\0\0"),
	/* minor version of PostgreSQL */
	SWEPT(postgresql, 0, 7, 1, "\0\0\0\x10\0\3\0\0user\0a\0\0"),
	/* keep alive of MQTT */
	SWEPT(mqtt, 0, 10, 2, "\x10\x0d\0\4MQTT\4\2\0\0\0\1a"),
	/* reference of RDP */
	SWEPT(rdp, 0, 8, 2, "\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\10\0\3\0\0\0"),
	/* stream ids and checksum of ADB */
	SWEPT(adb, 0, 4, 8, "OPEN\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xb0\xaf\xba\xb1"),
	SWEPT(adb, 0, 16, 4, "OPEN\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xb0\xaf\xba\xb1"),
	/* length of what Gh0st has packed */
	SWEPT(gh0st, 0, 10, 3, "Gh0st\x15\0\0\0\2\0\0\0\x78\x9c\x63\0\0\0\2\0"),
};

static void sweep_pair(const struct swept *s, u8 *msg, u32 at)
{
	u32 val, bad = 0;

	for (val = 0; val < 0x10000; val++) {
		msg[at] = val;
		if (at + 1 < s->at + s->n)
			msg[at + 1] = val >> 8;
		bad += who(msg, s->len, s->offset) != s->proto;
	}
	CHECKF(!bad, "%s, bytes %u and %u: %u of 65536 are another's or nobody's",
	       msd_responders[s->proto]->name, at, at + 1, bad);
}

TEST(free_fields)
{
	u32 i, at;
	u8 msg[64];

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(swept); i++)
		for (at = swept[i].at; at < swept[i].at + swept[i].n; at += 2) {
			memcpy(msg, swept[i].bytes, swept[i].len);
			sweep_pair(&swept[i], msg, at);
		}
}

/* OP_MSG {ping: 1, $db: "..."} of @len bytes, as pymongo sends it. */
static void put_ping(u8 *msg, u32 len, u32 id)
{
	struct msd_buf b = msd_buf(msg, len);

	msd_put_le32(&b, len);
	msd_put_le32(&b, id);
	msd_put_le32(&b, 0);
	msd_put_le32(&b, 2013);
	msd_put_le32(&b, 0);
	msd_put8(&b, 0);
	msd_put_le32(&b, len - 21);
	msd_put_lit(&b, "\x10ping\0\1\0\0\0\2$db\0");
	msd_put_le32(&b, len - b.len - 4 - 1);
	while (b.len < len - 2)
		msd_put8(&b, 'a');
	msd_put_zero(&b, 2);
}

/* Each length with each low byte of the id, and the id's second byte too. */
TEST(mongodb_lengths)
{
	static u8 msg[1100];
	u32 len, id, bad = 0;

	env_init(&e);
	for (len = 76; len < sizeof(msg); len++)
		for (id = 0; id < 256; id++) {
			put_ping(msg, len, id * 0x101);
			bad += who(msg, len, 0) != MSD_PROTO_mongodb;
			put_ping(msg, len, id << 8);
			bad += who(msg, len, 0) != MSD_PROTO_mongodb;
		}
	CHECKF(!bad, "%u pings are another's or nobody's", bad);
}
