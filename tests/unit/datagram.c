// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datagrams with every responder on: what ports decide, what the fields that a
 * protocol leaves free may be, and what draws nothing.
 */
#include <linux/in.h>
#include <linux/kernel.h>
#include "env.h"
#include "unit.h"

/**
 * struct asked - a datagram and what came of it
 * @ask: the answer
 * @proto: who gave it
 * @len: length of the reply
 * @reply: the reply
 */
struct asked {
	enum msd_ask ask;
	u8 proto;
	u32 len;
	u8 reply[MSD_PAYLOAD_MAX];
};

static struct env env;
static struct asked a;

static void ask(u8 transport, u8 family, u16 sport, u16 dport, const void *p,
		u32 len)
{
	struct msd_flow flow = env_flow(family, transport == MSD_TCP ?
					IPPROTO_TCP : IPPROTO_UDP);
	struct msd_buf out = msd_buf(a.reply, sizeof(a.reply));
	struct msd_request rq = {
		.ctx = &env.ctx,
		.flow = &flow,
		.in = msd_view(p, len),
		.transport = transport,
		.reply_port = htons(dport),
	};

	flow.sport = htons(sport);
	flow.dport = htons(dport);
	a.ask = msd_proto_ask(&rq, &a.proto, &out);
	a.len = out.len;
}

/* From a port of no protocol to another. */
static void ask_udp(const void *p, u32 len)
{
	ask(MSD_UDP, 4, ENV_CLIENT_PORT, ENV_OWN_PORT, p, len);
}

static bool answered_by(u8 proto)
{
	return a.ask == MSD_ASK_ANSWER && a.proto == proto;
}

#define OLD_STUN "\0\1\0\0\3\xa3\xb9\x46\x4d\xd8\xeb\x75\xe1\x94\x81\x47\x42\x93\x84\x5c"

TEST(old_stun_wants_its_port)
{
	env_init(&env);
	ask_udp(OLD_STUN, sizeof(OLD_STUN) - 1);
	CHECK_EQ(a.ask, MSD_ASK_NOT_MINE);
	ask(MSD_UDP, 4, ENV_CLIENT_PORT, 3478, OLD_STUN, sizeof(OLD_STUN) - 1);
	CHECK(answered_by(MSD_PROTO_stun));
	CHECK_BYTES(a.reply, a.len, "\1\1\0\14\3\xa3\xb9\x46\x4d\xd8\xeb\x75\xe1\x94\x81"
		    "\x47\x42\x93\x84\x5c\0\1\0\10\0\1\x9c\x40\xc0\0\2\1", 32);
	ask(MSD_UDP, 6, 3478, ENV_OWN_PORT, OLD_STUN, sizeof(OLD_STUN) - 1);
	CHECK(answered_by(MSD_PROTO_stun));
	CHECK_EQ(a.len, 44);
}

/* GETPORT without the words that name the service */
#define GETPORT \
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* rpcbind, version 2: NULL, GETPORT of itself, and what is denied. */
static const u8 calls[][56] = {
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\0",
	GETPORT "\0\1\x86\xa0\0\0\0\2\0\0\0\x11",
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\3\0\0\0\3",
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\4",
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\5",
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\4\0\0\0\x6",
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\x9\0\0\0\0",
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa3\0\0\0\2\0\0\0\0",
	"....\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\0\0\0\0\6",
};

/* Send back what a call drew: from its port to ours, whichever it was. */
static void reflect(u16 port, u32 xid)
{
	u8 reply[1024];
	u32 len = a.len;

	memcpy(reply, a.reply, len);
	ask(MSD_UDP, 4, port, port, reply, len);
	CHECKF(a.ask != MSD_ASK_ANSWER, "xid %08x, %u bytes: %s answers the reply",
	       xid, len, a.proto < MSD_NPROTO ? msd_responders[a.proto]->name : "-");
}

TEST(rpc_reply_is_no_request)
{
	static const u16 ports[] = { ENV_OWN_PORT, 3478, 123, 53 };
	static const u32 low[] = { 0, 1, 4, 8, 0x2112a442, 0x000006ec, 0x20000000 };
	u32 i, j, k, high;
	u8 call[56];

	env_init(&env);
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		for (high = 0; high < 256; high++)
			for (j = 0; j < ARRAY_SIZE(low); j++) {
				u32 xid = high << 24 ^ low[j] ^ (high == 1) << 16;

				memcpy(call, calls[i], sizeof(call));
				put_unaligned_be32(xid, call);
				for (k = 0; k < ARRAY_SIZE(ports); k++) {
					ask(MSD_UDP, 4, ports[k], ports[k], call,
					    sizeof(call));
					CHECK(answered_by(MSD_PROTO_rpc));
					reflect(ports[k], xid);
				}
			}
}

#define CALL "\x80\0\0\x28\x11\x22\x33\x44\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\0" \
	     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define SUCCESS "\x80\0\0\x18\x11\x22\x33\x44\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

TEST(rpc_calls_in_one_segment)
{
	static u8 many[200 * (sizeof(CALL) - 1)];
	u32 i;

	env_init(&env);
	ask(MSD_TCP, 4, ENV_CLIENT_PORT, ENV_OWN_PORT,
	    CALL CALL, sizeof(CALL CALL) - 1);
	CHECK(answered_by(MSD_PROTO_rpc));
	CHECK_BYTES(a.reply, a.len, SUCCESS SUCCESS, 2 * sizeof(SUCCESS) - 2);
	/* Half of a second one does not keep the first waiting. */
	ask(MSD_TCP, 4, ENV_CLIENT_PORT, ENV_OWN_PORT,
	    CALL "\x80\0\0\x28....", sizeof(CALL "\x80\0\0\x28....") - 1);
	CHECK(answered_by(MSD_PROTO_rpc));
	CHECK_BYTES(a.reply, a.len, SUCCESS, sizeof(SUCCESS) - 1);
	/* More than there is room for: those that fit. */
	for (i = 0; i < sizeof(many); i++)
		many[i] = CALL[i % (sizeof(CALL) - 1)];
	ask(MSD_TCP, 4, ENV_CLIENT_PORT, ENV_OWN_PORT, many, sizeof(many));
	CHECK(answered_by(MSD_PROTO_rpc));
	CHECK_EQ(a.len, MSD_PAYLOAD_MAX / 28 * 28);
}

#define NTP_LEN 48

static u64 stamp(u32 at)
{
	return get_unaligned_be64(a.reply + at);
}

static u64 clock_fine;

static u64 fine(void)
{
	return clock_fine;
}

/* Receive and transmit stamps are 20 to 500 us apart, and never go back. */
TEST(ntp_stamps)
{
	u8 request[NTP_LEN] = "\x23\0\6\xec";
	u32 us = 4295, i, different = 0;
	u64 turn = 0, last = 0;

	env_init(&env);
	env.ctx.fine = fine;
	for (i = 0; i < 2000; i++) {
		clock_fine = ((u64)ENV_NOW << 32) + (u64)i * 500 * us;
		env.ctx.now = clock_fine >> 32;
		put_unaligned_be64(unit_random(), request + 40);
		ask_udp(request, NTP_LEN);
		if (!CHECK(answered_by(MSD_PROTO_ntp)) || !CHECK_EQ(a.len, NTP_LEN))
			return;
		different += stamp(40) - stamp(32) != turn;
		turn = stamp(40) - stamp(32);
		CHECKF(turn >= 20 * 4294 && turn <= 500 * us, "turn is %llu", turn);
		CHECK(stamp(32) >= last);
		CHECK(stamp(16) < stamp(32) && stamp(32) - stamp(16) <= 65ULL << 32);
		last = stamp(40);
	}
	CHECK(different > 1900);
}

/* Modes, versions and transaction fields of NTP are free; the rest is not. */
TEST(ntp_random)
{
	static const u8 sizes[] = { 48, 52, 68, 72, 64, 76 };
	u8 p[80];
	u32 i, j;

	env_init(&env);
	for (i = 0; i < 60000; i++) {
		for (j = 0; j < sizeof(p); j += 8)
			put_unaligned_le64(unit_random(), p + j);
		p[0] = (p[0] & 0xf8) | 3;
		ask_udp(p, sizes[i % ARRAY_SIZE(sizes)]);
		CHECKF(a.ask != MSD_ASK_ANSWER, "random datagram %u is answered", i);
	}
}

TEST(random_draws_nothing)
{
	static u8 p[1504];
	u32 i, j, len;

	env_init(&env);
	for (i = 0; i < 100000; i++) {
		len = i % 3 ? unit_below(100) : unit_below(1500);
		for (j = 0; j < len; j += 8)
			put_unaligned_le64(unit_random(), p + j);
		ask_udp(p, len);
		CHECKF(a.ask != MSD_ASK_ANSWER, "random datagram %u: %s", i,
		       a.proto < MSD_NPROTO ? msd_responders[a.proto]->name : "-");
	}
}

#define QUERY "\x12\x34\0\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"

/* NBNS, mDNS and LLMNR have the format of DNS, and ports of their own. */
TEST(dns_on_ports_of_others)
{
	static const u16 others[] = { 137, 5353, 5355 };
	static const u8 local[] =
		"\x12\x34\1\0\0\1\0\0\0\0\0\0\3foo\5local\0\0\1\0\1";
	u32 i;

	env_init(&env);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		ask(MSD_UDP, 4, ENV_CLIENT_PORT, others[i], QUERY, sizeof(QUERY) - 1);
		CHECK_EQ(a.ask, MSD_ASK_NOT_MINE);
		ask(MSD_UDP, 6, others[i], 8053, QUERY, sizeof(QUERY) - 1);
		CHECK_EQ(a.ask, MSD_ASK_NOT_MINE);
		/* A resolver's port may be any. */
		ask(MSD_UDP, 6, others[i], 53, QUERY, sizeof(QUERY) - 1);
		CHECK(answered_by(MSD_PROTO_dns));
	}
	ask(MSD_UDP, 4, ENV_CLIENT_PORT, 53, QUERY, sizeof(QUERY) - 1);
	CHECK(answered_by(MSD_PROTO_dns));
	/* A name below .local is asked for at port 53 by who does not know better. */
	ask_udp(local, sizeof(local) - 1);
	CHECK_EQ(a.ask, MSD_ASK_NOT_MINE);
	ask(MSD_UDP, 4, ENV_CLIENT_PORT, 53, local, sizeof(local) - 1);
	CHECK(answered_by(MSD_PROTO_dns));
}

/* An identifier is free: whatever it is, the query is one. */
TEST(dns_any_identifier)
{
	u8 query[] = QUERY;
	u32 id;

	env_init(&env);
	for (id = 0; id < 0x10000; id += 7) {
		put_unaligned_be16(id, query);
		ask_udp(query, sizeof(query) - 1);
		CHECKF(answered_by(MSD_PROTO_dns), "id %04x", id);
		/* Somebody's reply draws nothing. */
		query[2] = 0x80;
		ask_udp(query, sizeof(query) - 1);
		CHECKF(a.ask != MSD_ASK_ANSWER, "reply of id %04x", id);
		query[2] = 0;
	}
}

#define SNMP "\x30\x29\2\1\1\4\6public\xa0\x1c\2\4\x12\x34\x56\x78\2\1\0\2\1\0\x30\x0e" \
	     "\x30\x0c\6\x8\x2b\6\1\2\1\1\1\0\5\0"
#define SNMP_ID 17

/* A request id and a transaction id are free likewise. */
TEST(free_fields)
{
	u8 snmp[] = SNMP, rpc[56], stun[20] = "\0\1\0\0\x21\x12\xa4\x42";
	u32 i;

	env_init(&env);
	memcpy(rpc, calls[0], sizeof(rpc));
	for (i = 0; i < 20000; i++) {
		u64 r = i < 256 ? (u64)i * 0x0101010101010101ULL : unit_random();

		put_unaligned_be32(r, snmp + SNMP_ID);
		ask_udp(snmp, sizeof(snmp) - 1);
		CHECKF(answered_by(MSD_PROTO_snmp), "request id %08x", (u32)r);
		put_unaligned_be32(r, rpc);
		ask_udp(rpc, sizeof(rpc));
		CHECKF(answered_by(MSD_PROTO_rpc), "xid %08x", (u32)r);
		put_unaligned_be64(r, stun + 8);
		ask_udp(stun, sizeof(stun));
		CHECKF(answered_by(MSD_PROTO_stun), "transaction %016llx", r);
	}
}
