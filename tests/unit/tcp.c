// SPDX-License-Identifier: GPL-2.0-only
/* TCP: every combination of flags, the handshake, sequence numbers. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/cookie.h"
#include "fake.h"
#include "run.h"
#include "unit.h"

static struct env e;

/* Shake hands; the acknowledgment number a client would send from now on. */
static u32 handshake(u8 family)
{
	struct pkt p = pkt_tcp(family, TH_SYN, 999, 0);

	return run(&e.ctx, &p)->r[0].seq + 1;
}

/* What a client sends with a segment. */
enum load { NOTHING, UNKNOWN, ANSWERED };

/**
 * struct rule - a row of the table of flags
 * @mask: flags the row looks at
 * @flags: and their values
 * @cookie: needs a valid acknowledgment number; -1: does not matter
 * @load: payload, or -1
 * @v: verdict
 * @out: flags of the reply
 */
struct rule {
	u8 mask;
	u8 flags;
	int cookie;
	int load;
	enum msd_verdict v;
	u8 out;
};

#define F TH_FIN
#define S TH_SYN
#define R TH_RST
#define P TH_PSH
#define A TH_ACK

/* The first row that fits decides. */
static const struct rule rules[] = {
	{ R, R, -1, -1, MSD_DROP_TCP_RST, 0 },
	{ S | A, S | A, -1, -1, MSD_DROP_TCP_FLAGS, 0 },
	{ S | F, S | F, -1, -1, MSD_DROP_TCP_FLAGS, 0 },
	{ S, S, -1, -1, MSD_ANSWER_SYNACK, S | A },
	{ A, 0, -1, -1, MSD_DROP_TCP_FLAGS, 0 },
	{ F | P, 0, -1, NOTHING, MSD_DROP_TCP_ACK, 0 },
	{ 0, 0, false, -1, MSD_DROP_TCP_COOKIE, 0 },
	{ F, 0, true, NOTHING, MSD_ANSWER_ACK, A },
	{ F, 0, true, UNKNOWN, MSD_ANSWER_ACK, A },
	{ F, 0, true, ANSWERED, MSD_ANSWER_TCP, P | A },
	{ F, F, true, NOTHING, MSD_ANSWER_FIN, F | A },
	{ F, F, true, UNKNOWN, MSD_ANSWER_FIN, F | A },
	{ F, F, true, ANSWERED, MSD_ANSWER_TCP, F | P | A },
};

#undef F
#undef S
#undef R
#undef P
#undef A

static const struct rule *rule_for(u8 flags, bool cookie, enum load load)
{
	const struct rule *r;

	for (r = rules; r < rules + ARRAY_SIZE(rules); r++)
		if ((flags & r->mask) == r->flags &&
		    (r->cookie < 0 || r->cookie == cookie) &&
		    (r->load < 0 || r->load == (int)load))
			return r;
	return NULL;
}

static void check_reply(const struct answer *a, const struct rule *r,
			const struct pkt *q)
{
	bool syn = r->v == MSD_ANSWER_SYNACK;
	u32 len = syn ? 1 : q->len + !!(q->flags & TH_FIN);

	CHECK_EQ(a->n, 1);
	if (syn && (q->flags & (TH_ECE | TH_CWR)) == (TH_ECE | TH_CWR))
		CHECK_EQ(a->r[0].flags, r->out | TH_ECE);
	else
		CHECK_EQ(a->r[0].flags, r->out);
	CHECK_EQ(a->r[0].ack, q->seq + len);
	if (!syn)
		CHECK_EQ(a->r[0].seq, q->ack);
	CHECK_EQ(a->r[0].len, r->v == MSD_ANSWER_TCP ? 5 : 0);
	CHECK_EQ(a->r[0].sport, q->dport);
	CHECK_EQ(a->r[0].dport, q->sport);
}

static void one_combination(u8 family, u8 flags, bool cookie, enum load load,
			    u32 ack)
{
	struct pkt p = pkt_tcp(family, flags, 1000, cookie ? ack : ack - 1);
	const struct rule *r = rule_for(flags, cookie, load);
	const struct answer *a;

	unit_case("IPv%u, flags %02x, cookie %d, load %d", family, flags,
		  cookie, load);
	p.data = "load";
	p.len = load == NOTHING ? 0 : 4;
	fake_answer(5);
	if (load == UNKNOWN)
		fake.ask = MSD_ASK_NOT_MINE;
	a = run(&e.ctx, &p);
	if (unit_verdict(a->verdict, r->v, __FILE__, __LINE__) &&
	    verdict_answers(r->v))
		check_reply(a, r, &p);
}

TEST(flags)
{
	u32 flags, cookie, load, ack;
	u8 family;

	env_init(&e);
	for (family = 4; family <= 6; family += 2) {
		ack = handshake(family);
		for (flags = 0; flags < 256; flags++)
			for (cookie = 0; cookie <= 1; cookie++)
				for (load = NOTHING; load <= ANSWERED; load++)
					one_combination(family, flags, cookie,
							load, ack);
	}
	fake_off();
}

/* The ninth flag (NS, reserved today) and its neighbours do not matter. */
TEST(reserved_bits)
{
	static u8 frame[PKT_MAX];
	struct pkt p = pkt_tcp(4, TH_SYN, 1, 0);
	u32 len, bits;

	env_init(&e);
	e.ctx.csum = MSD_CSUM_GOOD;
	len = pkt_build(&p, frame);
	for (bits = 1; bits < 16; bits++) {
		frame[34 + 12] = 0x50 | bits;
		CHECK_EQ(run_frame(&e.ctx, frame, len)->verdict,
			 MSD_ANSWER_SYNACK);
	}
}

/* The cookie is what msd_cookie_make() says of this very flow. */
static void synack(u8 family)
{
	struct msd_flow flow = env_flow(family, IPPROTO_TCP);
	struct pkt p = pkt_tcp(family, TH_SYN, 0xffffffff, 0x12345678);
	const struct answer *a = run(&e.ctx, &p);
	u64 id;

	CHECK_EQ(a->verdict, MSD_ANSWER_SYNACK);
	CHECK_EQ(a->r[0].seq, msd_cookie_make(&e.cfg.key, &flow, ENV_NOW,
					      family == 4 ? 536 : 1220, &id));
	CHECK_EQ(a->r[0].ack, 0);
	CHECK_EQ(a->r[0].sport, ENV_OWN_PORT);
	CHECK_EQ(a->r[0].dport, ENV_CLIENT_PORT);
	CHECK(a->r[0].window > 1460);
}

TEST(synack)
{
	env_init(&e);
	synack(4);
	synack(6);
}

/* Data on a SYN is not taken: it will be sent again. */
TEST(syn_with_data)
{
	struct pkt p = pkt_tcp(4, TH_SYN, 1000, 0);
	const struct answer *a;

	env_init(&e);
	fake_answer(5);
	p.data = "data";
	p.len = 4;
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_SYNACK);
	CHECK_EQ(a->r[0].ack, 1001);
	CHECK_EQ(fake.asked, 0);
	fake_off();
}

TEST(syn_repeated)
{
	struct pkt p = pkt_tcp(4, TH_SYN, 1000, 0);
	u32 seq;

	env_init(&e);
	seq = run(&e.ctx, &p)->r[0].seq;
	CHECK_EQ(run(&e.ctx, &p)->r[0].seq, seq);
	e.cfg.key.key[0]++;
	CHECK(run(&e.ctx, &p)->r[0].seq != seq);
}

/* A FIN takes one number, with data one more than the data; modulo 2^32. */
TEST(fin_arithmetic)
{
	static const struct {
		u32 seq;
		const char *data;
		u32 ack;
	} cases[] = {
		{ 99, "", 100 }, { 0xffffffff, "", 0 },
		{ 0xfffffffe, "", 0xffffffff }, { 0xfffffffd, "abc", 1 },
		{ 0xffffffff, "a", 1 }, { 5, "abc", 9 },
	};
	u32 i, ack;

	env_init(&e);
	ack = handshake(4);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pkt p = pkt_tcp(4, TH_FIN | TH_ACK, cases[i].seq, ack);
		const struct answer *a;

		fake_answer(5);
		fake.ask = MSD_ASK_NOT_MINE;
		p.data = cases[i].data;
		p.len = strlen(cases[i].data);
		a = run(&e.ctx, &p);
		CHECK_EQ(a->verdict, MSD_ANSWER_FIN);
		CHECK_EQ(a->r[0].ack, cases[i].ack);
		CHECK_EQ(a->r[0].seq, ack);
	}
	fake_off();
}

static enum msd_verdict data_at(u64 now, u32 ack)
{
	struct pkt p = pkt_tcp(4, TH_ACK, 1000, ack);

	p.data = "x";
	p.len = 1;
	e.ctx.now = now;
	return run(&e.ctx, &p)->verdict;
}

/* Past its lifetime a cookie draws nothing, whatever comes with it. */
TEST(cookie_lifetime)
{
	u32 epoch = BIT(MSD_EPOCH_SHIFT), ack;

	env_init(&e);
	fake_answer(1);
	ack = handshake(4);
	CHECK_EQ(data_at(ENV_NOW, ack), MSD_ANSWER_TCP);
	CHECK_EQ(data_at(ENV_NOW + epoch, ack), MSD_ANSWER_TCP);
	CHECK_EQ(data_at(ENV_NOW + 2 * epoch, ack), MSD_DROP_TCP_COOKIE);
	CHECK_EQ(data_at(ENV_NOW - epoch, ack), MSD_DROP_TCP_COOKIE);
	fake_off();
}

/* The stage of the dialogue is what the client has read. */
TEST(offset)
{
	u32 ack;

	env_init(&e);
	fake_answer(1);
	ack = handshake(4);
	CHECK_EQ(data_at(ENV_NOW, ack + 777), MSD_ANSWER_TCP);
	CHECK_EQ(fake.offset, 777);
	CHECK_EQ(data_at(ENV_NOW, ack + MSD_SENT_MAX - 1), MSD_ANSWER_TCP);
	CHECK_EQ(fake.offset, MSD_SENT_MAX - 1);
	CHECK_EQ(data_at(ENV_NOW, ack + MSD_SENT_MAX), MSD_DROP_TCP_COOKIE);
	CHECK_EQ(data_at(ENV_NOW, ack - 1), MSD_DROP_TCP_COOKIE);
	fake_off();
}

/* Another client, port or address does not get along with this cookie. */
TEST(other_flow)
{
	struct pkt p;
	u32 ack, i;

	env_init(&e);
	fake_answer(1);
	ack = handshake(4);
	for (i = 0; i < 4; i++) {
		p = pkt_tcp(4, TH_ACK | TH_PSH, 1000, ack);
		p.sport += i == 0;
		p.dport += i == 1;
		p.saddr.s6_addr[3] += i == 2;
		p.daddr.s6_addr[3] += i == 3;
		EXPECT(&e.ctx, &p, MSD_DROP_TCP_COOKIE);
	}
	fake_off();
}

TEST(header)
{
	struct pkt p = pkt_tcp(4, TH_SYN, 1, 0);

	env_init(&e);
	for (p.doff = 1; p.doff < 5; p.doff++)
		EXPECT(&e.ctx, &p, MSD_DROP_TCP_HEADER);
	for (p.doff = 6; p.doff < 16; p.doff++)
		EXPECT(&e.ctx, &p, MSD_DROP_TCP_HEADER);
	p.doff = 0;
	for (p.ip_delta = -20; p.ip_delta < 0; p.ip_delta++)
		EXPECT(&e.ctx, &p, MSD_DROP_TCP_HEADER);
}

/* Checksums come before everything that could tell them apart. */
TEST(checksum)
{
	u32 flags;
	u8 family;

	env_init(&e);
	for (family = 4; family <= 6; family += 2) {
		for (flags = 0; flags < 256; flags++) {
			struct pkt p = pkt_tcp(family, flags, 1, 0);

			p.bad_csum = true;
			EXPECT(&e.ctx, &p, MSD_DROP_CHECKSUM);
		}
	}
}

/* MSS offered: what our own link takes. */
TEST(own_mss)
{
	static const struct {
		u8 family;
		u32 mtu;
		u16 mss;
	} cases[] = {
		{ 4, 1500, 1460 }, { 6, 1500, 1440 }, { 4, 9000, 8960 },
		{ 6, 1280, 1220 }, { 4, 576, 536 }, { 4, 65535, 65495 },
	};
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pkt p = pkt_tcp(cases[i].family, TH_SYN, 1, 0);
		const struct answer *a;

		e.ctx.mtu = cases[i].mtu;
		a = run(&e.ctx, &p);
		CHECK_EQ(a->r[0].opt_len, 4);
		CHECK_EQ(get_unaligned_be16(a->r[0].opt), 0x0204);
		CHECK_EQ(get_unaligned_be16(a->r[0].opt + 2), cases[i].mss);
	}
}

/* A device whose MTU is larger than any packet still gets a sane MSS. */
TEST(huge_mtu)
{
	struct pkt p;
	u32 mtu, ack;

	env_init(&e);
	fake_answer(2000);
	for (mtu = 65534; mtu < 65700; mtu++) {
		e.ctx.mtu = mtu;
		ack = handshake(4);
		p = pkt_tcp(4, TH_ACK, 1, ack);
		p.data = "x";
		p.len = 1;
		unit_case("mtu %u", mtu);
		EXPECT(&e.ctx, &p, MSD_ANSWER_TCP);
	}
	fake_off();
}

/* SYN options mirrored, each by itself and all together. */
TEST(synack_options)
{
	static const struct {
		const char *in;
		u8 in_len;
		const char *out;
		u8 out_len;
	} cases[] = {
		{ "", 0, "\2\4\5\xb4", 4 },
		{ "\2\4\5\xb4", 4, "\2\4\5\xb4", 4 },
		{ "\2\4\5\xb4\1\1\4\2", 8, "\2\4\5\xb4\1\1\4\2", 8 },
		{ "\2\4\5\xb4\1\3\3\5", 8, "\2\4\5\xb4\1\3\3\7", 8 },
		{ "\2\4\5\xb4\4\2\x08\x0a\1\2\3\4\0\0\0\0\1\3\3\7", 20,
		  "\2\4\5\xb4\4\2\x08\x0a\0\0\x03\xe8\1\2\3\4\1\3\3\7", 20 },
		{ "\1\1\x08\x0a\xff\xff\xff\xff\0\0\0\0", 12,
		  "\2\4\5\xb4\1\1\x08\x0a\0\0\x03\xe8\xff\xff\xff\xff", 16 },
	};
	u8 out[40];
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pkt p = pkt_tcp(4, TH_SYN, 1, 0);
		bool ts = cases[i].out_len >= 16;
		const struct answer *a;

		memcpy(p.tcpopt, cases[i].in, cases[i].in_len);
		p.tcpopt_len = cases[i].in_len;
		a = run(&e.ctx, &p);
		memcpy(out, cases[i].out, cases[i].out_len);
		if (ts)
			put_unaligned_be32(env_stamp(&e, 4), out + 8);
		CHECK_BYTES(a->r[0].opt, a->r[0].opt_len, out,
			    cases[i].out_len);
		CHECK_EQ(a->r[0].window, ts ? 65160 : 64240);
		p = pkt_tcp(6, TH_SYN, 1, 0);
		memcpy(p.tcpopt, cases[i].in, cases[i].in_len);
		p.tcpopt_len = cases[i].in_len;
		CHECK_EQ(run(&e.ctx, &p)->r[0].window, ts ? 64260 : 64800);
	}
}
