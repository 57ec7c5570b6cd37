// SPDX-License-Identifier: GPL-2.0-only
/* ARP: one case a rule. */
#include <linux/kernel.h>
#include <linux/if_arp.h>
#include "run.h"
#include "unit.h"

static struct env e;

static const struct answer *ask(const struct arp *q)
{
	u8 store[ARP_LEN];
	struct pkt p = pkt_arp(q, store);

	return run(&e.ctx, &p);
}

#define ASK(q, v) unit_verdict(ask(q)->verdict, v, __FILE__, __LINE__)

TEST(request)
{
	static const u8 want[] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 2, 192, 0, 2, 129,
		2, 0, 0, 0, 0, 1, 192, 0, 2, 1
	};
	struct arp q = arp_request();
	const struct answer *a;

	env_init(&e);
	a = ask(&q);
	CHECK_EQ(a->verdict, MSD_ANSWER_ARP);
	CHECK_BYTES(a->frame, a->frame_len, want, sizeof(want));
}

/* A refresh: sent to our MAC alone (RFC 1122 section 2.3.2.1). */
TEST(unicast_request)
{
	struct arp q = arp_request();
	u8 store[ARP_LEN];
	struct pkt p = pkt_arp(&q, store);

	env_init(&e);
	memcpy(p.dmac, env_own_mac, ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_ANSWER_ARP);
	memcpy(p.dmac, "\x01\x00\x5e\x00\x02\x81", ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	memcpy(p.dmac, "\x33\x33\x00\x00\x00\x01", ETH_ALEN);
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
}

/* Padding to 60 bytes is not echoed. */
TEST(padding)
{
	struct arp q = arp_request();
	u8 store[ARP_LEN];
	struct pkt p = pkt_arp(&q, store);
	const struct answer *a;

	env_init(&e);
	p.pad = 18;
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_ARP);
	CHECK_EQ(a->frame_len, 42);
}

TEST(other_target)
{
	struct arp q = arp_request();

	env_init(&e);
	q.tpa[3] = 127;
	ASK(&q, MSD_PASS_TARGET);
	q.tpa[3] = 128;
	ASK(&q, MSD_ANSWER_ARP);
	q.tpa[3] = 255;
	ASK(&q, MSD_ANSWER_ARP);
	q.tpa[2] = 3;
	ASK(&q, MSD_PASS_TARGET);
}

/* RFC 5227: a probe is answered, and to 0.0.0.0. */
TEST(probe)
{
	struct arp q = arp_request();
	const struct answer *a;

	env_init(&e);
	memset(q.spa, 0, 4);
	a = ask(&q);
	CHECK_EQ(a->verdict, MSD_ANSWER_ARP);
	CHECK_EQ(a->r[0].daddr.s6_addr32[0], 0);
}

/* An announcement of our address by somebody else asks nothing. */
TEST(announcement)
{
	struct arp q = arp_request();

	env_init(&e);
	memcpy(q.spa, q.tpa, 4);
	ASK(&q, MSD_DROP_SOURCE);
}

TEST(bad_senders)
{
	static const u8 bad[][4] = {
		{ 127, 0, 0, 1 }, { 224, 0, 0, 1 }, { 255, 255, 255, 255 },
		{ 240, 0, 0, 1 }, { 0, 0, 0, 1 }, { 192, 0, 2, 200 },
	};
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct arp q = arp_request();

		memcpy(q.spa, bad[i], 4);
		ASK(&q, MSD_DROP_SOURCE);
	}
}

/* IEEE 802 is another word for Ethernet; the reply says Ethernet, as Linux's. */
TEST(ieee802)
{
	static u8 frame[PKT_MAX];
	u8 store[ARP_LEN];
	struct arp q = arp_request();
	const struct answer *a;
	struct pkt p;

	env_init(&e);
	q.htype = 6;
	p = pkt_arp(&q, store);
	a = run_frame(&e.ctx, frame, pkt_build(&p, frame));
	CHECK_EQ(a->verdict, MSD_ANSWER_ARP);
	CHECK_EQ(get_unaligned_be16(a->frame + ETH_HLEN), 1);
}

/* Each field of the fixed part, one wrong value at a time. */
TEST(header)
{
	struct arp q;

	env_init(&e);
	q = arp_request();
	q.htype = 7;
	ASK(&q, MSD_DROP_ARP);
	q = arp_request();
	q.ptype = 0x86dd;
	ASK(&q, MSD_DROP_ARP);
	q = arp_request();
	q.hlen = 1;
	ASK(&q, MSD_DROP_ARP);
	q = arp_request();
	q.plen = 9;
	ASK(&q, MSD_DROP_ARP);
}

TEST(operations)
{
	struct arp q = arp_request();
	u32 op;

	env_init(&e);
	for (op = 0; op < 26; op++) {
		q.op = op;
		ASK(&q, op == ARPOP_REQUEST ? MSD_ANSWER_ARP : MSD_DROP_ARP);
	}
	q.op = 0x0100;
	ASK(&q, MSD_DROP_ARP);
}

TEST(truncated)
{
	struct arp q = arp_request();
	u8 store[ARP_LEN];
	struct pkt p = pkt_arp(&q, store);

	env_init(&e);
	for (p.len = 0; p.len < ARP_LEN; p.len++)
		EXPECT(&e.ctx, &p, MSD_PASS_SHORT);
}

TEST(denied)
{
	struct msd_range4 deny = { 0xc0000201, 0xc0000201 };
	struct arp q = arp_request();

	env_init(&e);
	e.cfg.deny.r4 = &deny;
	e.cfg.deny.n4 = 1;
	msd_addrset_seal(&e.cfg.deny);
	ASK(&q, MSD_DROP_DENIED);
	q.spa[3] = 2;
	ASK(&q, MSD_ANSWER_ARP);
}

static bool is_host(void *host, u8 family, const void *addr)
{
	return family == 4 && !memcmp(addr, host, 4);
}

/* No own set: everything but the host's, and never what nobody may be. */
TEST(empty_own_set)
{
	static u8 host[4] = { 192, 0, 2, 7 };
	static const u8 nobody[][4] = {
		{ 0, 0, 0, 0 }, { 127, 0, 0, 1 }, { 224, 0, 0, 1 },
		{ 255, 255, 255, 255 }, { 240, 0, 0, 1 },
	};
	struct arp q = arp_request();
	u32 i;

	env_init(&e);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = is_host;
	e.ctx.host = host;
	ASK(&q, MSD_ANSWER_ARP);
	q.tpa[3] = 8;
	ASK(&q, MSD_ANSWER_ARP);
	q.tpa[3] = 7;
	ASK(&q, MSD_PASS_TARGET);
	for (i = 0; i < ARRAY_SIZE(nobody); i++) {
		memcpy(q.tpa, nobody[i], 4);
		ASK(&q, MSD_PASS_TARGET);
	}
}

static bool no_host(void *host __maybe_unused, u8 family __maybe_unused,
		    const void *addr __maybe_unused)
{
	return false;
}

/* No own set: what does not ask is the host's, requests are answered. */
TEST(any_leaves_the_rest_to_the_host)
{
	struct arp q = arp_request();
	u32 op;

	env_init(&e);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = no_host;
	for (op = 0; op < 26; op++) {
		q.op = op;
		ASK(&q, op == ARPOP_REQUEST ? MSD_ANSWER_ARP : MSD_PASS_DAD);
	}
	q.op = ARPOP_REQUEST;
	memset(q.spa, 0, 4);
	ASK(&q, MSD_PASS_DAD);
	memcpy(q.spa, q.tpa, 4);
	ASK(&q, MSD_PASS_DAD);
	q.op = ARPOP_REPLY;
	ASK(&q, MSD_PASS_DAD);
}
