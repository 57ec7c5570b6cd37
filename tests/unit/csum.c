// SPDX-License-Identifier: GPL-2.0-only
/* What the hardware said of the checksum, and what is made of it. */
#include <linux/in.h>
#include <linux/kernel.h>
#include <net/checksum.h>
#include "../../kmod/core/net.h"
#include "run.h"
#include "unit.h"

static struct env e;

/* The sum the hardware would report: everything behind the first header. */
static __wsum sum_of(const u8 *frame, u32 len)
{
	return csum_partial(frame + ETH_HLEN, len - ETH_HLEN, 0);
}

static enum msd_verdict with(const struct pkt *p, enum msd_csum csum,
			     __wsum error)
{
	static u8 frame[PKT_MAX];
	u32 len = pkt_build(p, frame);

	e.ctx.csum = csum;
	e.ctx.csum_value = csum_add(sum_of(frame, len), error);
	return run_frame(&e.ctx, frame, len)->verdict;
}

static struct pkt echo(u8 family)
{
	return pkt_echo(family, "odd", 3);
}

static struct pkt syn(u8 family)
{
	return pkt_tcp(family, TH_SYN, 1, 0);
}

static struct pkt datagram(u8 family)
{
	return pkt_udp(family, "?");
}

static struct pkt (* const makers[])(u8 family) = { echo, syn, datagram };

static enum msd_verdict good_verdict(u32 kind, u8 family)
{
	if (kind == 1)
		return MSD_ANSWER_SYNACK;
	if (kind == 2)
		return MSD_DROP_UDP_SILENT;
	return family == 4 ? MSD_ANSWER_ECHO : MSD_ANSWER_ECHO6;
}

/* Every transport, family and link header, right and wrong. */
static void each(void (*fn)(struct pkt *p, enum msd_verdict good))
{
	u32 kind, tags;
	u8 family;

	env_init(&e);
	for (kind = 0; kind < ARRAY_SIZE(makers); kind++) {
		for (family = 4; family <= 6; family += 2) {
			for (tags = 0; tags <= 2; tags++) {
				struct pkt p = makers[kind](family);

				p.ntags = tags;
				p.tpid[0] = ETH_P_8021AD;
				p.tpid[1] = ETH_P_8021Q;
				p.tci[0] = 0x1234;
				unit_case("kind %u, IPv%u, %u tags", kind,
					  family, tags);
				fn(&p, good_verdict(kind, family));
			}
		}
	}
}

static void none(struct pkt *p, enum msd_verdict good)
{
	CHECK_EQ(with(p, MSD_CSUM_NONE, 0), good);
	p->bad_csum = true;
	CHECK_EQ(with(p, MSD_CSUM_NONE, 0), MSD_DROP_CHECKSUM);
}

TEST(nothing_said)
{
	each(none);
}

static void good(struct pkt *p, enum msd_verdict want)
{
	CHECK_EQ(with(p, MSD_CSUM_GOOD, 0), want);
	p->bad_csum = true;
	CHECK_EQ(with(p, MSD_CSUM_GOOD, 0), want);
}

TEST(known_to_be_good)
{
	each(good);
}

static void summed(struct pkt *p, enum msd_verdict want)
{
	CHECK_EQ(with(p, MSD_CSUM_COMPLETE, 0), want);
	p->bad_csum = true;
	CHECK_EQ(with(p, MSD_CSUM_COMPLETE, 0), MSD_DROP_CHECKSUM);
	/* hardware that is wrong does not make a good packet bad */
	p->bad_csum = false;
	CHECK_EQ(with(p, MSD_CSUM_COMPLETE, htonl(1)), want);
}

TEST(complete)
{
	each(summed);
}

/* Link padding is in the hardware's sum but not in the packet. */
static void padded(struct pkt *p, enum msd_verdict want)
{
	p->pad = 5;
	CHECK_EQ(with(p, MSD_CSUM_COMPLETE, 0), want);
	p->bad_csum = true;
	CHECK_EQ(with(p, MSD_CSUM_COMPLETE, 0), MSD_DROP_CHECKSUM);
}

TEST(complete_with_padding)
{
	each(padded);
}

/*
 * A bit that changes between the hardware's sum and memory: the answer's
 * checksum is right all the same.
 */
static void changed_later(u8 family)
{
	struct pkt p = echo(family);
	static u8 frame[PKT_MAX];
	u32 len, at = ETH_HLEN + (family == 4 ? 20 : 40);

	len = pkt_build(&p, frame);
	e.ctx.csum = MSD_CSUM_COMPLETE;
	e.ctx.csum_value = sum_of(frame, len);
	frame[at + 3] ^= 1;
	CHECK_EQ(run_frame(&e.ctx, frame, len)->verdict,
		 family == 4 ? MSD_ANSWER_ECHO : MSD_ANSWER_ECHO6);
}

TEST(changed_behind_the_sum)
{
	env_init(&e);
	changed_later(4);
	changed_later(6);
}

TEST(complete_with_options)
{
	struct pkt p = echo(4);

	env_init(&e);
	p.ipopt_len = 12;
	CHECK_EQ(with(&p, MSD_CSUM_COMPLETE, 0), MSD_ANSWER_ECHO);
	p.bad_csum = true;
	CHECK_EQ(with(&p, MSD_CSUM_COMPLETE, 0), MSD_DROP_CHECKSUM);
}

/* Every one-bit error in the transport part is seen. */
TEST(every_bit)
{
	struct pkt p = syn(4);
	static u8 frame[PKT_MAX];
	u32 len, bit;

	env_init(&e);
	len = pkt_build(&p, frame);
	for (bit = 34 * 8; bit < len * 8; bit++) {
		enum msd_verdict v;

		frame[bit / 8] ^= 0x80 >> bit % 8;
		v = run_frame(&e.ctx, frame, len)->verdict;
		frame[bit / 8] ^= 0x80 >> bit % 8;
		CHECKF(v == MSD_DROP_CHECKSUM || v == MSD_DROP_TCP_HEADER,
		       "bit %u: %s", bit, msd_verdict_name(v));
	}
}

/* Any length, start and protocol, against the sum by the book. */
TEST(random_against_twin)
{
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP };
	static u8 p[2048];
	u32 round, i, len, at;

	env_init(&e);
	for (round = 0; round < 2000 && !unit_failures(); round++) {
		struct msd_flow f = env_flow(unit_below(2) ? 4 : 6,
					     protos[unit_below(3)]);
		u16 want;
		u8 proto;

		if (f.family == 6 && f.proto == IPPROTO_ICMP)
			f.proto = IPPROTO_ICMPV6;
		proto = f.proto == IPPROTO_ICMP ? 0 : f.proto;
		for (i = 0; i < (f.family == 4 ? 4 : 16); i++)
			f.saddr.s6_addr[i] = unit_random();
		at = unit_below(8);
		len = 8 + unit_below(sizeof(p) - 16);
		for (i = 0; i < len; i++)
			p[at + i] = unit_below(4) ? unit_random() : 0xff;
		want = ~slow_l4_sum(f.family, f.proto, &f.saddr, &f.daddr,
				    p + at, len);
		CHECK_EQ(ntohs(msd_csum_reply(&f, proto, p + at, len)), want);
		memset(p + at + 2, 0, 2);
		want = ~slow_l4_sum(f.family, f.proto, &f.saddr, &f.daddr,
				    p + at, len);
		put_unaligned_be16(want, p + at + 2);
		f.l2 = p;
		f.end = p + at + len;
		CHECK(msd_csum_ok(&e.ctx, &f, proto, p + at, len));
		p[at + unit_below(len)] ^= 1 << unit_below(8);
		CHECK(!msd_csum_ok(&e.ctx, &f, proto, p + at, len));
	}
}
