// SPDX-License-Identifier: GPL-2.0-only
/* TCP: requests that arrive in pieces, and what is kept of them. */
#include <stdlib.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/flow.h"
#include "fake.h"
#include "run.h"
#include "unit.h"

#define SEQ 5000

static struct env e;

/* Shake hands; the acknowledgment number a client would send from now on. */
static u32 handshake(u8 family)
{
	struct pkt p = pkt_tcp(family, TH_SYN, SEQ - 1, 0);

	return run(&e.ctx, &p)->r[0].seq + 1;
}

static const struct answer *send(u8 family, u8 flags, u32 seq, u32 ack,
				 const char *data, u32 len)
{
	struct pkt p = pkt_tcp(family, flags, seq, ack);

	p.data = data;
	p.len = len;
	return run(&e.ctx, &p);
}

static void with_table(void)
{
	env_init(&e);
	e.ctx.flows = calloc(1, msd_flow_bytes());
	if (!e.ctx.flows)
		abort();
}

static void without_table(void)
{
	free(e.ctx.flows);
	e.ctx.flows = NULL;
	fake_off();
}

/* In two pieces at every byte: a bare ACK, then the answer. */
static void pieces(u8 family)
{
	static const char req[] = "a request of forty-one bytes in two parts";
	const u32 all = sizeof(req) - 1;
	u32 ack = handshake(family), cut;

	for (cut = 1; cut < all; cut++) {
		const struct answer *a;

		handshake(family);
		fake_answer(10);
		fake.whole = all;
		unit_case("IPv%u, cut at %u", family, cut);
		a = send(family, TH_ACK, SEQ, ack, req, cut);
		CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
		CHECK_EQ(a->r[0].ack, SEQ + cut);
		a = send(family, TH_ACK, SEQ + cut, ack, req + cut, all - cut);
		CHECK_EQ(a->verdict, MSD_ANSWER_TCP);
		CHECK_EQ(a->r[0].ack, SEQ + all);
		CHECK_BYTES(fake.seen, fake.seen_len, req, all);
		/* the last piece again draws the same answer again */
		a = send(family, TH_ACK, SEQ + cut, ack, req + cut, all - cut);
		CHECK_EQ(a->verdict, MSD_ANSWER_TCP);
		CHECK_EQ(a->len, 10);
	}
}

TEST(request_in_pieces)
{
	with_table();
	pieces(4);
	pieces(6);
	without_table();
}

/* Without a table each piece stands alone, and nothing breaks. */
TEST(no_table)
{
	u32 ack;

	env_init(&e);
	ack = handshake(4);
	fake_answer(1);
	fake.whole = 4;
	CHECK_EQ(send(4, TH_ACK, SEQ, ack, "ab", 2)->verdict, MSD_ANSWER_ACK);
	CHECK_EQ(send(4, TH_ACK, SEQ + 2, ack, "cd", 2)->verdict,
		 MSD_ANSWER_ACK);
	CHECK_EQ(send(4, TH_ACK, SEQ, ack, "abcd", 4)->verdict,
		 MSD_ANSWER_TCP);
	fake_off();
}

/* A gap does not stop the dialogue (as masscanned's own test has it). */
TEST(gap)
{
	const struct answer *a;
	u32 ack;

	with_table();
	ack = handshake(4);
	fake_answer(1);
	fake.whole = 18;
	send(4, TH_ACK, SEQ, ack, "GET / HTTP/1.1\r\n", 16);
	a = send(4, TH_ACK, SEQ + 16 + 54, ack, "\r\n", 2);
	CHECK_EQ(a->verdict, MSD_ANSWER_TCP);
	CHECK_EQ(a->r[0].ack, SEQ + 16 + 54 + 2);
	without_table();
}

/* Half a request repeated is not two halves. */
TEST(repeated_half)
{
	u32 ack, i;

	with_table();
	ack = handshake(4);
	fake_answer(1);
	fake.whole = 8;
	for (i = 0; i < 3; i++)
		CHECK_EQ(send(4, TH_ACK, SEQ, ack, "half", 4)->verdict,
			 MSD_ANSWER_ACK);
	CHECK_EQ(send(4, TH_ACK, SEQ + 4, ack, "done", 4)->verdict,
		 MSD_ANSWER_TCP);
	CHECK_BYTES(fake.seen, fake.seen_len, "halfdone", 8);
	without_table();
}

/*
 * A connection with a table, half of a request of eight bytes on it; @n bytes
 * answer the whole. Return: the acknowledgment number.
 */
static u32 first_half(u32 n)
{
	u32 ack;

	with_table();
	ack = handshake(4);
	fake_answer(n);
	fake.whole = 8;
	send(4, TH_ACK, SEQ, ack, "half", 4);
	return ack;
}

/* A new SYN begins anew. */
TEST(syn_forgets)
{
	u32 ack = first_half(1);

	handshake(4);
	send(4, TH_ACK, SEQ + 4, ack, "done", 4);
	CHECK_BYTES(fake.seen, fake.seen_len, "done", 4);
	without_table();
}

/* The next request on the same connection is a stream of its own. */
TEST(second_request)
{
	u32 ack = first_half(10);

	send(4, TH_ACK, SEQ + 4, ack, "done", 4);
	CHECK_EQ(send(4, TH_ACK, SEQ + 8, ack + 10, "the next", 8)->verdict,
		 MSD_ANSWER_TCP);
	CHECK_BYTES(fake.seen, fake.seen_len, "the next", 8);
	CHECK_EQ(fake.offset, 10);
	without_table();
}

/* Once nobody wants the stream, what was kept of it is gone. */
TEST(given_up)
{
	u32 ack = first_half(1);

	fake.whole = 0;
	fake.ask = MSD_ASK_NOT_MINE;
	CHECK_EQ(send(4, TH_ACK, SEQ + 4, ack, "junk", 4)->verdict,
		 MSD_ANSWER_ACK);
	send(4, TH_ACK, SEQ + 8, ack, "more", 4);
	CHECK_BYTES(fake.seen, fake.seen_len, "more", 4);
	without_table();
}

/* Two clients in turn do not see each other's bytes. */
TEST(two_clients)
{
	u32 ack4, ack6;

	with_table();
	ack4 = handshake(4);
	ack6 = handshake(6);
	fake_answer(1);
	fake.whole = 4;
	send(4, TH_ACK, SEQ, ack4, "ab", 2);
	send(6, TH_ACK, SEQ, ack6, "xy", 2);
	send(4, TH_ACK, SEQ + 2, ack4, "cd", 2);
	CHECK_BYTES(fake.seen, fake.seen_len, "abcd", 4);
	send(6, TH_ACK, SEQ + 2, ack6, "zz", 2);
	CHECK_BYTES(fake.seen, fake.seen_len, "xyzz", 4);
	without_table();
}

/* 2047 bytes, then one at a time: acknowledged, and nobody is asked. */
static void one_by_one(u32 need, enum msd_until until)
{
	static const char big[2047];
	u32 ack, i;

	with_table();
	ack = handshake(4);
	fake_answer(1);
	fake.whole = 4000;
	fake.need = need;
	fake.until = until;
	send(4, TH_ACK, SEQ, ack, big, sizeof(big));
	CHECK_EQ(fake.asked, 1);
	for (i = 0; i < 1000; i++) {
		const struct answer *a = send(4, TH_ACK, SEQ + 2047 + i, ack,
					      "x", 1);

		CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
		CHECK_EQ(a->r[0].ack, SEQ + 2048 + i);
	}
	CHECK_EQ(fake.asked, 1);
	without_table();
}

TEST(waiting)
{
	one_by_one(4000, MSD_UNTIL_ANY);
	one_by_one(0, MSD_UNTIL_LINE);
	one_by_one(0, MSD_UNTIL_BLANK);
}

/*
 * A keepalive probe is one byte in front of the next: the request that follows
 * it is answered, whole or in two parts, the first on a connection or not.
 */
static void keepalive(u8 family, u8 byte, u32 read, u32 cut)
{
	static const char get[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	const u32 n = sizeof(get) - 1;
	u32 ack = handshake(family) + read, i;
	const struct answer *a;

	unit_case("IPv%u, byte %02x, %u bytes read, cut at %u", family, byte,
		  read, cut);
	for (i = 0; i < 3; i++) {
		a = send(family, TH_ACK, SEQ - 1, ack, (char *)&byte, 1);
		CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
	}
	if (cut)
		send(family, TH_ACK, SEQ, ack, get, cut);
	a = send(family, TH_ACK | TH_PSH, SEQ + cut, ack, get + cut, n - cut);
	CHECK_EQ(a->verdict, MSD_ANSWER_TCP);
	/* a token's byte makes another method of it: 401 or 400 */
	CHECK(a->len > 12 && !memcmp(a->data, "HTTP/1.1 40", 11));
	CHECK_EQ(a->r[0].ack, SEQ + n);
}

TEST(keepalive)
{
	u32 byte, read, cut;

	with_table();
	for (byte = 0; byte < 256; byte++)
		for (read = 0; read <= 300; read += 300)
			/* in front of a part of it some begin a message */
			for (cut = 0; cut < (byte ? 1 : 25); cut += 8) {
				keepalive(4, byte, read, cut);
				keepalive(6, byte, read, cut);
			}
	without_table();
}
