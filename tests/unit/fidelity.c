// SPDX-License-Identifier: GPL-2.0-only
/* What Linux does with frames that few senders send. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/stamp.h"
#include "fake.h"
#include "run.h"
#include "unit.h"

#define SEQ 5000

static struct env e;

static struct pkt with_option(struct pkt p, const char *opt, u32 len)
{
	memcpy(p.ipopt, opt, len);
	p.ipopt_len = len;
	return p;
}

/* A source route drops a packet, used up or not; other options do not. */
TEST(ip_options)
{
	static const struct {
		const char *opt;
		u8 len;
		bool ok;
	} cases[] = {
		{ "\x83\7\4\xc0\0\2\7\0", 8, false },
		{ "\x89\7\4\xc0\0\2\7\0", 8, false },
		{ "\x83\7\x08\xc0\0\2\7\0", 8, false },
		{ "\1\x83\7\4\xc0\0\2\7", 8, false },
		{ "\7\7\4\0\0\0\0\0", 8, true },
		{ "\x44\4\5\0", 4, true },
		{ "\1\1\1\1", 4, true },
		{ "\0\x83\7\4", 4, true },
		{ "\7\0\0\0", 4, false },
		{ "\7\1\0\0", 4, false },
		{ "\7\5\0\0", 4, false },
		{ "\1\1\1\7", 4, false },
	};
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pkt p = with_option(pkt_tcp(4, TH_SYN, 1, 0),
					   cases[i].opt, cases[i].len);

		unit_case("case %u", i);
		if (cases[i].ok)
			EXPECT(&e.ctx, &p, MSD_ANSWER_SYNACK);
		else
			EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
	}
}

/* Type of service, traffic class and code of an echo come back; no other's do. */
TEST(type_of_service)
{
	static u8 frame[PKT_MAX];
	const struct answer *a;
	struct pkt p;
	u32 tos;

	env_init(&e);
	for (tos = 0; tos < 256; tos++) {
		p = pkt_echo(4, "x", 1);
		p.tos = tos;
		p.dport = tos;
		a = run_frame(&e.ctx, frame, pkt_build(&p, frame));
		CHECK_EQ(a->frame[ETH_HLEN + 1], tos);
		CHECK_EQ(a->frame[ETH_HLEN + 21], tos);
		p = pkt_echo(6, "x", 1);
		p.tos = tos;
		a = run_frame(&e.ctx, frame, pkt_build(&p, frame));
		CHECK_EQ(get_unaligned_be32(a->frame + ETH_HLEN),
			 6U << 28 | tos << 20);
		p = pkt_tcp(4, TH_SYN, 1, 0);
		p.tos = tos;
		a = run_frame(&e.ctx, frame, pkt_build(&p, frame));
		CHECK_EQ(a->frame[ETH_HLEN + 1], 0);
	}
}

/* ECN is accepted from a SYN that asks for it, unless it is marked itself. */
TEST(ecn)
{
	struct pkt p = pkt_tcp(4, TH_SYN | TH_ECE | TH_CWR, 1, 0);

	env_init(&e);
	for (p.tos = 0; p.tos < 4; p.tos++)
		CHECK_EQ(run(&e.ctx, &p)->r[0].flags,
			 TH_SYN | TH_ACK | (p.tos ? 0 : TH_ECE));
	p.tos = 0;
	p.flags = TH_SYN | TH_ECE;
	CHECK_EQ(run(&e.ctx, &p)->r[0].flags, TH_SYN | TH_ACK);
	p.flags = TH_SYN | TH_CWR;
	CHECK_EQ(run(&e.ctx, &p)->r[0].flags, TH_SYN | TH_ACK);
}

/* A solicitation behind a hop-by-hop header is one. */
TEST(solicitation_behind_header)
{
	u8 store[24];
	struct pkt p = pkt_ns(&env_own6, store, NULL, 0);

	env_init(&e);
	memcpy(p.ext, "\x3a\0\1\4\0\0\0\0", 8);
	p.ext_len = 8;
	p.ext_first = IPPROTO_HOPOPTS;
	EXPECT(&e.ctx, &p, MSD_ANSWER_NDISC);
	memset(&p.saddr, 0, sizeof(p.saddr));
	EXPECT(&e.ctx, &p, MSD_ANSWER_NDISC);
	p.data = "not a solicitation of an own address";
	EXPECT(&e.ctx, &p, MSD_PASS_TARGET);
}

static u32 handshake(void)
{
	struct pkt p = pkt_tcp(4, TH_SYN, SEQ - 1, 0);

	return run(&e.ctx, &p)->r[0].seq + 1;
}

/* No payload into a closed window; what came is acknowledged. */
TEST(zero_window)
{
	struct pkt p = pkt_tcp(4, TH_ACK | TH_PSH, SEQ, 0);
	const struct answer *a;

	env_init(&e);
	p.ack = handshake();
	p.data = "x";
	p.len = 1;
	p.window = 0;
	fake_answer(5);
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_ACK);
	CHECK_EQ(a->r[0].ack, SEQ + 1);
	CHECK_EQ(fake.asked, 0);
	p.window = 1;
	EXPECT(&e.ctx, &p, MSD_ANSWER_TCP);
	fake_off();
}

/* The urgent byte is acknowledged, and not in the request. */
TEST(urgent_byte)
{
	static const struct {
		u16 urgent;
		const char *seen;
	} cases[] = {
		{ 0, "bcd" }, { 1, "bcd" }, { 2, "acd" }, { 3, "abd" },
		{ 4, "abc" }, { 5, "abcd" }, { 65535, "abcd" },
	};
	struct pkt p = pkt_tcp(4, TH_ACK | TH_URG, SEQ, 0);
	u32 i;

	env_init(&e);
	p.ack = handshake();
	p.data = "abcd";
	p.len = 4;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p.urgent = cases[i].urgent;
		unit_case("urgent pointer %u", p.urgent);
		fake_answer(5);
		CHECK_EQ(run(&e.ctx, &p)->r[0].ack, SEQ + 4);
		CHECK_BYTES(fake.seen, fake.seen_len, cases[i].seen,
			    strlen(cases[i].seen));
	}
	p.len = 1;
	p.urgent = 1;
	EXPECT(&e.ctx, &p, MSD_ANSWER_ACK);
	fake_off();
}

/* Each pair of addresses has a clock of its own, in steps of two. */
TEST(clocks)
{
	u32 seen[64], i, j;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		struct msd_flow flow = env_flow(i & 1 ? 6 : 4, IPPROTO_TCP);

		flow.daddr.s6_addr[3] = i;
		seen[i] = msd_stamp_offset(&e.cfg.key, &flow);
		for (j = 0; j < i; j++)
			CHECK((u32)(seen[i] - seen[j] + 1000000) > 2000000);
		flow.sport++;
		flow.dport++;
		CHECK_EQ(msd_stamp_offset(&e.cfg.key, &flow), seen[i]);
	}
	for (i = 0; i < 1000; i++)
		CHECK_EQ(msd_stamp(7, i, false), 7 + i / 2 * 2);
}

/* Only a mark of ours, and a recent one, is a mark. */
TEST(mark)
{
	u32 now, ago;

	for (now = 0xfffff000; now != 0x1000; now++) {
		u32 was = msd_stamp(99, now - 100, true);

		CHECK(msd_stamp_marked(99, now, was));
		CHECK(!msd_stamp_marked(99, now, was - 1));
		CHECK(!msd_stamp_marked(98, now, was));
	}
	for (ago = 0; ago < 1 << 20; ago += 1 << 10)
		CHECK_EQ(msd_stamp_marked(5, now, msd_stamp(5, now - ago, true)),
			 ago < 1 << 19);
	CHECK(!msd_stamp_marked(5, now, msd_stamp(5, now + 2, true)));
}
