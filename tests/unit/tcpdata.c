// SPDX-License-Identifier: GPL-2.0-only
/* TCP after the handshake: replies in segments. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/cookie.h"
#include "fake.h"
#include "run.h"
#include "unit.h"

#define SEQ 5000

static struct env e;
/* Timestamps of a client in this test; none when false. */
static bool stamped;

static void add_stamps(struct pkt *p)
{
	if (!stamped)
		return;
	memcpy(p->tcpopt, "\1\1\x08\x0a\x55\x66\x77\x88\0\0\0\0", 12);
	p->tcpopt_len = 12;
}

/* Shake hands with this MSS; 0: without the option. */
static u32 handshake(u8 family, u16 mss)
{
	struct pkt p = pkt_tcp(family, TH_SYN, SEQ - 1, 0);

	add_stamps(&p);
	if (mss) {
		memcpy(p.tcpopt + p.tcpopt_len, "\2\4", 2);
		put_unaligned_be16(mss, p.tcpopt + p.tcpopt_len + 2);
		p.tcpopt_len += 4;
	}
	return run(&e.ctx, &p)->r[0].seq + 1;
}

static const struct answer *send(u8 family, u8 flags, u32 seq, u32 ack,
				 const char *data, u32 len)
{
	struct pkt p = pkt_tcp(family, flags, seq, ack);

	add_stamps(&p);
	p.data = data;
	p.len = len;
	return run(&e.ctx, &p);
}

/* Header bytes of a data segment. */
static u32 overhead(u8 family)
{
	return (family == 4 ? 40 : 60) + (stamped ? 12 : 0);
}

/* The segments of @a carry @len fake bytes, each at most @most. */
static void check_segments(const struct answer *a, u32 ack, u32 len, u32 most,
			   u8 last_flags)
{
	u32 i, seq = ack;

	CHECK_EQ(a->verdict, MSD_ANSWER_TCP);
	CHECK_EQ(a->len, len);
	CHECK_EQ(a->n, DIV_ROUND_UP(len, most));
	for (i = 0; i < a->len; i++)
		if (!CHECK_EQ(a->data[i], fake_byte(i)))
			return;
	for (i = 0; i < a->n; i++) {
		const struct reply *r = &a->r[i];
		bool last = i + 1 == a->n;

		CHECK_EQ(r->seq, seq);
		CHECK_EQ(r->flags, last ? last_flags : TH_ACK);
		CHECK(last ? r->len <= most : r->len == most);
		CHECK_EQ(r->opt_len, stamped ? 12 : 0);
		seq += r->len;
	}
}

/* What a client's MSS leads to; from the classes in cookie.c. */
static const struct {
	u16 mss;
	u32 most;
} mss_cases[] = {
	{ 48, 48 }, { 100, 48 }, { 535, 48 }, { 536, 536 }, { 1199, 536 },
	{ 1200, 1200 }, { 1439, 1200 }, { 1440, 1440 }, { 1460, 1440 },
	{ 8960, 1440 }, { 65535, 1440 },
};

static void cutting(u8 family, u32 len)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mss_cases); i++) {
		u32 ack = handshake(family, mss_cases[i].mss);
		u32 most = min_t(u32, mss_cases[i].most + overhead(4) -
				 (stamped ? 12 : 0),
				 ENV_MTU - (family == 6 ? 20 : 0)) -
			   overhead(4);

		unit_case("IPv%u, mss %u, %u bytes, stamped %d", family,
			  mss_cases[i].mss, len, stamped);
		fake_answer(len);
		check_segments(send(family, TH_ACK, SEQ, ack, "x", 1), ack, len,
			       most, TH_PSH | TH_ACK);
	}
}

TEST(cut_to_mss)
{
	static const u32 lens[] = { 1, 35, 36, 37, 48, 49, 536, 537, 1440, 1441,
				    2000 };
	u32 i;

	env_init(&e);
	for (stamped = false; ; stamped = true) {
		for (i = 0; i < ARRAY_SIZE(lens); i++) {
			cutting(4, lens[i]);
			cutting(6, lens[i]);
		}
		if (stamped)
			break;
	}
	stamped = false;
	fake_off();
}

/* The longest payload there may be, to an ordinary client. */
TEST(longest_payload)
{
	u32 ack;

	env_init(&e);
	ack = handshake(4, 1460);
	fake_answer(MSD_PAYLOAD_MAX);
	check_segments(send(4, TH_ACK, SEQ, ack, "x", 1), ack, MSD_PAYLOAD_MAX,
		       1440, TH_PSH | TH_ACK);
	fake_off();
}

/* ... and to the smallest: as many frames as that takes, or a bare ACK. */
TEST(longest_payload_smallest_mss)
{
	const struct answer *a;
	u32 ack;

	env_init(&e);
	ack = handshake(4, 48);
	fake_answer(48 * MSD_FRAMES_MAX);
	a = send(4, TH_ACK, SEQ, ack, "x", 1);
	check_segments(a, ack, 48 * MSD_FRAMES_MAX, 48, TH_PSH | TH_ACK);
	fake_answer(48 * MSD_FRAMES_MAX + 1);
	a = send(4, TH_ACK, SEQ, ack, "x", 1);
	CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
	fake_off();
}

/* The least MTU of each family holds every segment (the judge measures). */
TEST(small_mtu)
{
	u32 ack;

	env_init(&e);
	e.ctx.mtu = 576;
	ack = handshake(4, 1460);
	fake_answer(1500);
	check_segments(send(4, TH_ACK, SEQ, ack, "x", 1), ack, 1500, 536,
		       TH_PSH | TH_ACK);
	e.ctx.mtu = 1280;
	ack = handshake(6, 1440);
	check_segments(send(6, TH_ACK, SEQ, ack, "x", 1), ack, 1500, 1220,
		       TH_PSH | TH_ACK);
	fake_off();
}

/* Our clock and theirs, in every segment. */
TEST(timestamps)
{
	const struct answer *a;
	u32 ack;

	env_init(&e);
	stamped = true;
	ack = handshake(4, 536);
	e.ctx.now_ms = 0x01020304;
	fake_answer(1000);
	a = send(4, TH_ACK, SEQ, ack, "x", 1);
	CHECK_EQ(a->n, 2);
	CHECK_BYTES(a->r[0].opt, 4, "\1\1\x08\x0a", 4);
	CHECK_EQ(get_unaligned_be32(a->r[0].opt + 4), env_stamp(&e, 4));
	CHECK_BYTES(a->r[0].opt + 8, 4, "\x55\x66\x77\x88", 4);
	CHECK_BYTES(a->r[1].opt, a->r[1].opt_len, a->r[0].opt, 12);
	fake.ask = MSD_ASK_NOT_MINE;
	a = send(4, TH_ACK, SEQ, ack, "x", 1);
	CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
	CHECK_EQ(a->r[0].opt_len, 12);
	a = send(4, TH_FIN | TH_ACK, SEQ, ack, "", 0);
	CHECK_EQ(a->verdict, MSD_ANSWER_FIN);
	CHECK_EQ(a->r[0].opt_len, 12);
	stamped = false;
	fake_off();
}

/* The responder hangs up: FIN on the last segment, and only there. */
TEST(closing)
{
	u32 ack;

	env_init(&e);
	ack = handshake(4, 536);
	fake_answer(1000);
	fake.close = true;
	check_segments(send(4, TH_ACK, SEQ, ack, "x", 1), ack, 1000, 536,
		       TH_FIN | TH_PSH | TH_ACK);
	check_segments(send(4, TH_FIN | TH_ACK, SEQ, ack, "x", 1), ack, 1000,
		       536, TH_FIN | TH_PSH | TH_ACK);
	fake_off();
}

/* Data with FIN: answered and closed at once. */
TEST(data_with_fin)
{
	const struct answer *a;
	u32 ack;

	env_init(&e);
	ack = handshake(4, 536);
	fake_answer(1000);
	a = send(4, TH_FIN | TH_PSH | TH_ACK, SEQ, ack, "bye", 3);
	check_segments(a, ack, 1000, 536, TH_FIN | TH_PSH | TH_ACK);
	CHECK_EQ(a->r[0].ack, SEQ + 4);
	fake_off();
}

/* A responder that hangs up without a word: FIN, and no payload. */
TEST(closing_in_silence)
{
	const struct answer *a;
	u32 ack;

	env_init(&e);
	ack = handshake(4, 1460);
	fake_answer(10);
	fake.ask = MSD_ASK_SILENT;
	a = send(4, TH_ACK, SEQ, ack, "x", 1);
	CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
	fake.close = true;
	a = send(4, TH_PSH | TH_ACK, SEQ, ack, "x", 1);
	CHECK_EQ(a->verdict, MSD_ANSWER_FIN);
	CHECK_EQ(a->n, 1);
	CHECK_EQ(a->r[0].flags, TH_FIN | TH_ACK);
	CHECK_EQ(a->r[0].seq, ack);
	CHECK_EQ(a->r[0].ack, SEQ + 1);
	CHECK_EQ(a->r[0].len, 0);
	fake_off();
}

/* An answer too long for its client is none, and closes nothing. */
TEST(closing_needs_room)
{
	const struct answer *a;
	u32 ack;

	env_init(&e);
	ack = handshake(4, 48);
	fake_answer(48 * MSD_FRAMES_MAX + 1);
	fake.close = true;
	a = send(4, TH_ACK, SEQ, ack, "x", 1);
	CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
	CHECK_EQ(a->r[0].flags, TH_ACK);
	fake_off();
}
