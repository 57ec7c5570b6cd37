// SPDX-License-Identifier: GPL-2.0-only
/* Echo over both families: what is answered, byte for byte, and what is not. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "run.h"
#include "unit.h"

static struct env e;
static u8 data[70000];

static enum msd_verdict answer_of(u8 family)
{
	return family == 4 ? MSD_ANSWER_ECHO : MSD_ANSWER_ECHO6;
}

static void sizes(u8 family)
{
	const struct answer *a;
	u32 len, i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = unit_random();
	for (len = 0; len <= 1472 - (family == 6 ? 20 : 0); len++) {
		struct pkt p = pkt_echo(family, data, len);

		unit_case("%u bytes", len);
		a = run(&e.ctx, &p);
		if (!CHECK_EQ(a->verdict, answer_of(family)))
			return;
		CHECK_EQ(a->n, 1);
		CHECK_EQ(a->r[0].sport, family == 4 ? 0 : 129);
		CHECK_EQ(a->r[0].dport, 0);
		CHECK_BYTES(a->r[0].data, 4, "\x11\x11\x00\x07", 4);
		CHECK_BYTES(a->r[0].data + 4, a->r[0].len - 4, data, len);
	}
}

TEST(sizes)
{
	env_init(&e);
	sizes(4);
	sizes(6);
}

/* One byte more than the MTU takes: silence; at a larger MTU: an answer. */
TEST(beyond_mtu)
{
	struct pkt p4 = pkt_echo(4, data, 1473), p6 = pkt_echo(6, data, 1453);

	env_init(&e);
	EXPECT(&e.ctx, &p4, MSD_DROP_REPLY_SIZE);
	EXPECT(&e.ctx, &p6, MSD_DROP_REPLY_SIZE);
	e.ctx.mtu = 1501;
	EXPECT(&e.ctx, &p4, MSD_ANSWER_ECHO);
	EXPECT(&e.ctx, &p6, MSD_ANSWER_ECHO6);
	e.ctx.mtu = 65535;
	p4 = pkt_echo(4, data, 65535 - 28);
	p6 = pkt_echo(6, data, 65535 - 48);
	EXPECT(&e.ctx, &p4, MSD_ANSWER_ECHO);
	EXPECT(&e.ctx, &p6, MSD_ANSWER_ECHO6);
}

static void types(u8 family, u8 request)
{
	struct pkt p = pkt_echo(family, "sixteen bytes...", 16);

	for (p.sport = 0; p.sport < 256; p.sport++) {
		if (p.sport == request || (family == 6 &&
					   p.sport == ND_SOLICIT))
			continue;
		EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
	}
	/* the judge holds the reply's code against the request's */
	p.sport = request;
	for (p.dport = 1; p.dport < 256; p.dport++)
		EXPECT(&e.ctx, &p, family == 4 ? MSD_ANSWER_ECHO :
						 MSD_ANSWER_ECHO6);
}

TEST(types_and_codes)
{
	env_init(&e);
	types(4, 8);
	types(6, 128);
}

/* Not even identifier and sequence number. */
TEST(too_short)
{
	struct pkt p4 = pkt_echo(4, "", 0), p6 = pkt_echo(6, "", 0);
	int cut;

	env_init(&e);
	for (cut = 1; cut <= 8; cut++) {
		p4.ip_delta = -cut;
		p6.ip_delta = -cut;
		EXPECT(&e.ctx, &p4, MSD_DROP_ICMP);
		EXPECT(&e.ctx, &p6, MSD_DROP_ICMP);
	}
}

TEST(checksum)
{
	struct pkt p4 = pkt_echo(4, "x", 1), p6 = pkt_echo(6, "x", 1);

	env_init(&e);
	p4.bad_csum = true;
	p6.bad_csum = true;
	EXPECT(&e.ctx, &p4, MSD_DROP_CHECKSUM);
	EXPECT(&e.ctx, &p6, MSD_DROP_CHECKSUM);
	p4.bad_csum = false;
	p6.bad_csum = false;
	p4.no_csum = true;
	p6.no_csum = true;
	EXPECT(&e.ctx, &p4, MSD_DROP_CHECKSUM);
	EXPECT(&e.ctx, &p6, MSD_DROP_CHECKSUM);
}

/*
 * Where the request's checksum is not to be trusted, as it is not for frames that
 * never left this machine, the reply's is made anew.
 */
TEST(checksum_made_anew)
{
	struct pkt p4 = pkt_echo(4, "x", 1), p6 = pkt_echo(6, "x", 1);

	env_init(&e);
	e.ctx.csum = MSD_CSUM_GOOD;
	p4.bad_csum = true;
	p6.bad_csum = true;
	EXPECT(&e.ctx, &p4, MSD_ANSWER_ECHO);
	EXPECT(&e.ctx, &p6, MSD_ANSWER_ECHO6);
}

/* Errors for what we sent draw nothing (RFC 1122 section 3.2.2). */
TEST(errors)
{
	static const u8 inner[28] = { 0x45, 0, 0, 28, [9] = 6, 192, 0, 2, 129 };
	struct pkt p = pkt_echo(4, inner, sizeof(inner));

	env_init(&e);
	p.sport = 3;
	p.dport = 3;
	EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
	p.sport = 11;
	p.dport = 0;
	EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
}

/* Each family's ICMP over the other one. */
TEST(wrong_family)
{
	struct pkt p4 = pkt_echo(4, "x", 1), p6 = pkt_echo(6, "x", 1);

	env_init(&e);
	p4.proto = IPPROTO_ICMPV6;
	EXPECT(&e.ctx, &p4, MSD_DROP_PROTOCOL);
	p6.proto = IPPROTO_ICMP;
	EXPECT(&e.ctx, &p6, MSD_DROP_PROTOCOL);
}
