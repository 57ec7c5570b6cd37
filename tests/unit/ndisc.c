// SPDX-License-Identifier: GPL-2.0-only
/* Neighbour discovery: RFC 4861 sections 7.1.1 and 7.2.4, one case a rule. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "run.h"
#include "unit.h"

static struct env e;
static u8 store[256];

/* Source link-layer address, as most clients send along. */
static const u8 slla[8] = { 1, 1, 2, 0, 0, 0, 0, 1 };

static struct pkt solicit(void)
{
	return pkt_ns(&env_own6, store, slla, sizeof(slla));
}

static struct pkt dad(void)
{
	struct pkt p = pkt_ns(&env_own6, store, NULL, 0);

	memset(&p.saddr, 0, 16);
	return p;
}

static void check_advert(const struct answer *a, u8 flags)
{
	u8 want[28] = { flags };

	memcpy(want + 4, &env_own6, 16);
	memcpy(want + 20, "\2\1", 2);
	memcpy(want + 22, env_own_mac, 6);
	CHECK_EQ(a->verdict, MSD_ANSWER_NDISC);
	CHECK_EQ(a->n, 1);
	CHECK_EQ(a->r[0].sport, ND_ADVERT);
	CHECK_EQ(a->r[0].dport, 0);
	CHECK_EQ(a->r[0].ttl, 255);
	CHECK_BYTES(a->r[0].data, a->r[0].len, want, sizeof(want));
	CHECK_BYTES(&a->r[0].saddr, 16, &env_own6, 16);
}

TEST(solicitation)
{
	struct pkt p = solicit();
	const struct answer *a;

	env_init(&e);
	a = run(&e.ctx, &p);
	check_advert(a, 0x60);
	CHECK_BYTES(&a->r[0].daddr, 16, &env_client6, 16);
	CHECK_BYTES(a->r[0].dmac, 6, env_client_mac, 6);
	CHECK_BYTES(&a->flow.daddr, 16, &env_own6, 16);
}

TEST(without_option)
{
	struct pkt p = pkt_ns(&env_own6, store, NULL, 0);

	env_init(&e);
	check_advert(run(&e.ctx, &p), 0x60);
}

/* Reachability probes come to the address itself (section 7.3.3). */
TEST(unicast)
{
	struct pkt p = solicit();

	env_init(&e);
	p.daddr = env_own6;
	memcpy(p.dmac, env_own_mac, ETH_ALEN);
	check_advert(run(&e.ctx, &p), 0x60);
}

/* As masscanned's own tests send it: all-nodes, in four kinds of frame. */
TEST(all_nodes)
{
	static const char * const macs[] = {
		"\xff\xff\xff\xff\xff\xff", "\x33\x33\0\0\0\1",
		"\2\0\0\0\0\2", "\x33\x33\xff\0\x80\1"
	};
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(macs); i++) {
		struct pkt p = solicit();

		memset(&p.daddr, 0, 16);
		memcpy(&p.daddr, "\xff\2", 2);
		p.daddr.s6_addr[15] = 1;
		memcpy(p.dmac, macs[i], ETH_ALEN);
		check_advert(run(&e.ctx, &p), 0x60);
	}
}

/* A solicitation in the frame of another group is somebody else's. */
TEST(other_group_mac)
{
	struct pkt p = solicit();

	env_init(&e);
	memcpy(p.dmac, "\x33\x33\xff\0\x80\2", ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	memcpy(p.dmac, "\x01\x00\x5e\0\x80\1", ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
}

/* Duplicate address detection is told so: to all-nodes, not solicited. */
TEST(duplicate_address_detection)
{
	static const u8 allnodes[16] = { 0xff, 2, [15] = 1 };
	struct pkt p = dad();
	const struct answer *a;

	env_init(&e);
	a = run(&e.ctx, &p);
	check_advert(a, 0x20);
	CHECK_BYTES(&a->r[0].daddr, 16, allnodes, 16);
	CHECK_BYTES(a->r[0].dmac, 6, "\x33\x33\0\0\0\1", 6);
}

TEST(dad_to_unicast)
{
	struct pkt p = dad();

	env_init(&e);
	p.daddr = env_own6;
	memcpy(p.dmac, env_own_mac, ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_DROP_NDISC);
}

TEST(dad_to_all_nodes)
{
	struct pkt p = dad();

	env_init(&e);
	memset(&p.daddr, 0, 16);
	memcpy(&p.daddr, "\xff\2", 2);
	p.daddr.s6_addr[15] = 1;
	EXPECT(&e.ctx, &p, MSD_DROP_NDISC);
}

TEST(dad_with_source_option)
{
	struct pkt p = solicit();

	env_init(&e);
	memset(&p.saddr, 0, 16);
	EXPECT(&e.ctx, &p, MSD_DROP_NDISC);
}

TEST(hop_limit)
{
	struct pkt p = solicit();
	u32 i;

	env_init(&e);
	for (i = 0; i < 255; i++) {
		p.ttl = i;
		EXPECT(&e.ctx, &p, MSD_DROP_NDISC);
	}
}

TEST(code)
{
	struct pkt p = solicit();

	env_init(&e);
	p.dport = 1;
	EXPECT(&e.ctx, &p, MSD_DROP_NDISC);
}

TEST(checksum)
{
	struct pkt p = solicit();

	env_init(&e);
	p.bad_csum = true;
	EXPECT(&e.ctx, &p, MSD_DROP_CHECKSUM);
}

TEST(other_target)
{
	struct in6_addr target = env_own6;
	struct pkt p;

	env_init(&e);
	target.s6_addr[13] = 1;
	p = pkt_ns(&target, store, slla, 8);
	EXPECT(&e.ctx, &p, MSD_PASS_TARGET);
}

/* Sent to our address, but asking for another: nobody's business but ours. */
TEST(other_target_unicast)
{
	struct in6_addr target = env_own6;
	struct pkt p;

	env_init(&e);
	target.s6_addr[13] = 1;
	p = pkt_ns(&target, store, slla, 8);
	p.daddr = env_own6;
	memcpy(p.dmac, env_own_mac, ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_DROP_NDISC);
}

TEST(multicast_target)
{
	static const struct in6_addr group = { .s6_addr = { 0xff, 2, [15] = 1 } };
	struct pkt p = pkt_ns(&group, store, NULL, 0);

	env_init(&e);
	EXPECT(&e.ctx, &p, MSD_PASS_TARGET);
}

static bool no_host(void *host __maybe_unused, u8 family __maybe_unused,
		    const void *addr __maybe_unused)
{
	return false;
}

/* Whatever the own set: never an advertisement for :: or ::1. */
TEST(special_targets)
{
	struct in6_addr target = {};
	struct pkt p;

	env_init(&e);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = no_host;
	p = pkt_ns(&target, store, NULL, 0);
	EXPECT(&e.ctx, &p, MSD_PASS_TARGET);
	target.s6_addr[15] = 1;
	p = pkt_ns(&target, store, NULL, 0);
	EXPECT(&e.ctx, &p, MSD_PASS_TARGET);
	p = pkt_ns(&env_own6, store, NULL, 0);
	EXPECT(&e.ctx, &p, MSD_ANSWER_NDISC);
}

/* No own set: who probes an address may have it. */
TEST(any_defends_nothing)
{
	struct pkt p = dad();

	env_init(&e);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = no_host;
	EXPECT(&e.ctx, &p, MSD_PASS_DAD);
	p = solicit();
	EXPECT(&e.ctx, &p, MSD_ANSWER_NDISC);
}

TEST(too_short)
{
	struct pkt p = pkt_ns(&env_own6, store, NULL, 0);

	env_init(&e);
	for (p.len = 0; p.len < 16; p.len++)
		EXPECT(&e.ctx, &p, MSD_PASS_SHORT);
	p.daddr = env_own6;
	memcpy(p.dmac, env_own_mac, ETH_ALEN);
	for (p.len = 0; p.len < 16; p.len++)
		EXPECT(&e.ctx, &p, MSD_DROP_NDISC);
}

TEST(options)
{
	static const struct {
		u8 bytes[24];
		u32 len;
		bool ok;
	} cases[] = {
		{ { 1, 0, 2, 0, 0, 0, 0, 1 }, 8, false },	/* length 0 */
		{ { 14, 0 }, 8, false },
		{ { 1, 2, 2, 0, 0, 0, 0, 1 }, 8, false },	/* too long */
		{ { 1, 1, 2, 0, 0, 0, 0 }, 7, false },		/* cut */
		{ { 1 }, 1, false },
		{ { 14, 1, 1, 2, 3, 4, 5, 6 }, 8, true },	/* nonce */
		{ { 14, 1, 1, 2, 3, 4, 5, 6, 1, 1, 2 }, 16, true },
		{ { 200, 3 }, 24, true },			/* unknown */
		{ { 200, 255 }, 24, false },
		{ { 1, 1, 2, 0, 0, 0, 0, 1, 0, 0 }, 10, false },
	};
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pkt p = pkt_ns(&env_own6, store, cases[i].bytes,
				      cases[i].len);
		bool ok = cases[i].ok;

		unit_case("options %u", i);
		EXPECT(&e.ctx, &p, ok ? MSD_ANSWER_NDISC : MSD_DROP_NDISC);
	}
}

/* Sources that may not be answered; :: is DAD and was seen above. */
TEST(sources)
{
	struct pkt p = solicit();

	env_init(&e);
	p.saddr = env_own6;
	EXPECT(&e.ctx, &p, MSD_DROP_SOURCE);
	p.saddr.s6_addr[15] = 2;
	EXPECT(&e.ctx, &p, MSD_DROP_SOURCE);
	memset(&p.saddr, 0, 16);
	p.saddr.s6_addr[15] = 1;
	EXPECT(&e.ctx, &p, MSD_DROP_SOURCE);
	memset(&p.saddr, 0xff, 16);
	EXPECT(&e.ctx, &p, MSD_DROP_SOURCE);
	p.saddr = env_client6;
	memcpy(&p.saddr, "\xfe\x80\0\0", 4);
	EXPECT(&e.ctx, &p, MSD_ANSWER_NDISC);
}

/* An advertisement, asked for or not, is never answered. */
TEST(advertisement)
{
	struct pkt p = solicit();

	env_init(&e);
	p.sport = ND_ADVERT;
	p.daddr = env_own6;
	memcpy(p.dmac, env_own_mac, ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
}

/* Unasked it is the same as in answer to a probe. */
TEST(announcement)
{
	static u8 reply[2 + MSD_REPLY_MAX];
	struct msd_out out = { .buf = msd_buf(reply + 2, MSD_REPLY_MAX) };
	struct pkt p = dad();
	const struct answer *a;

	env_init(&e);
	msd_ndisc_announce(&e.ctx, &env_own6, &out);
	a = run(&e.ctx, &p);
	CHECK_EQ(out.nframes, 1);
	CHECK_BYTES(out.buf.data, out.frame[0].len, a->frame, a->frame_len);
}
