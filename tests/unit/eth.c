// SPDX-License-Identifier: GPL-2.0-only
/* Link layer: whose frame, tags in the frame, what the reply repeats. */
#include <linux/kernel.h>
#include "fake.h"
#include "run.h"
#include "unit.h"

static struct env e;

static void to_mac(struct pkt *p, const char *mac)
{
	memcpy(p->dmac, mac, ETH_ALEN);
}

/* Nothing to judge below a link header; nothing to read behind it. */
TEST(short_frames)
{
	static u8 frame[PKT_MAX];
	struct pkt p = pkt_echo(4, "x", 1);
	u32 len;

	env_init(&e);
	pkt_build(&p, frame);
	for (len = 0; len < ETH_HLEN + 20; len++)
		CHECK_EQ(run_frame(&e.ctx, frame, len)->verdict,
			 MSD_PASS_SHORT);
	p = pkt_echo(6, "x", 1);
	pkt_build(&p, frame);
	for (len = 0; len < ETH_HLEN + 40; len++)
		CHECK_EQ(run_frame(&e.ctx, frame, len)->verdict,
			 MSD_PASS_SHORT);
}

TEST(other_ethertypes)
{
	static const u16 types[] = { 0x0000, 0x0026, 0x05dc, 0x0801, 0x8035,
				     0x86dc, 0x88cc, 0x8863, 0xffff };
	struct pkt p = pkt_echo(4, "x", 1);
	u32 i;

	env_init(&e);
	for (i = 1; i < ARRAY_SIZE(types); i++) {
		p.ethertype = types[i];
		EXPECT(&e.ctx, &p, MSD_PASS_ETHERTYPE);
	}
}

TEST(somebody_elses_mac)
{
	struct pkt p4 = pkt_echo(4, "x", 1), p6 = pkt_echo(6, "x", 1);
	u32 bit;

	env_init(&e);
	for (bit = 1; bit < 48; bit++) {
		to_mac(&p4, (const char *)env_own_mac);
		p4.dmac[bit / 8] ^= 0x80 >> bit % 8;
		to_mac(&p6, (const char *)p4.dmac);
		EXPECT(&e.ctx, &p4, MSD_PASS_MAC);
		EXPECT(&e.ctx, &p6, MSD_PASS_MAC);
	}
}

static void list_vlan(unsigned int id)
{
	e.cfg.some_vlans = true;
	e.cfg.vlans[id / 64] |= 1ULL << id % 64;
}

/* By the tag that hardware took off, else by the outer one in the frame. */
TEST(vlans)
{
	static const u8 fams[] = { 4, 6 };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct pkt p = pkt_echo(fams[i], "x", 1);
		enum msd_verdict v = fams[i] == 4 ? MSD_ANSWER_ECHO :
						    MSD_ANSWER_ECHO6;

		env_init(&e);
		e.ctx.vlan = MSD_VLAN_TAKEN | 9;
		EXPECT(&e.ctx, &p, v);
		list_vlan(4094);
		EXPECT(&e.ctx, &p, MSD_PASS_VLAN);
		e.ctx.vlan = MSD_VLAN_TAKEN | 4094;
		EXPECT(&e.ctx, &p, v);
		e.ctx.vlan = MSD_VLAN_TAKEN;
		EXPECT(&e.ctx, &p, MSD_PASS_VLAN);
		e.ctx.vlan = 0;
		EXPECT(&e.ctx, &p, MSD_PASS_VLAN);
		list_vlan(0);
		EXPECT(&e.ctx, &p, v);
		e.ctx.vlan = MSD_VLAN_TAKEN;
		EXPECT(&e.ctx, &p, v);
		p.dmac[5] ^= 1;
		EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	}
}

/* RFC 1112: 01:00:5e and the low 23 bits of the address, 192.0.2.129. */
TEST(ipv4_group_mac)
{
	struct pkt p = pkt_echo(4, "x", 1);

	env_init(&e);
	to_mac(&p, "\x01\x00\x5e\x00\x02\x81");
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO);
	to_mac(&p, "\x01\x00\x5e\x80\x02\x81");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x01\x00\x5e\x00\x02\x82");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x01\x00\x5e\x00\x03\x81");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x01\x00\x5e\x01\x02\x81");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x33\x33\xff\x00\x02\x81");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x33\x33\x00\x00\x00\x01");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
}

/* Bit 23 of the address is not in the MAC: 10.129 and 10.1 share one. */
TEST(ipv4_group_mac_bit23)
{
	struct pkt p = pkt_echo(4, "x", 1);

	env_init(&e);
	e.own4 = (struct msd_range4){ 0x0a810203, 0x0a810203 };
	msd_addrset_seal(&e.cfg.own);
	memcpy(&p.daddr, "\x0a\x81\x02\x03", 4);
	to_mac(&p, "\x01\x00\x5e\x01\x02\x03");
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO);
}

/* To all-nodes: silence. To the solicited-node MAC of 2001:db8::8001. */
TEST(ipv6_group_macs)
{
	struct pkt p = pkt_echo(6, "x", 1);

	env_init(&e);
	to_mac(&p, "\x33\x33\x00\x00\x00\x01");
	EXPECT(&e.ctx, &p, MSD_DROP_BROADCAST);
	to_mac(&p, "\x33\x33\xff\x00\x80\x01");
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO6);
	to_mac(&p, "\x33\x33\xff\x00\x80\x02");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x33\x33\x00\x00\x80\x01");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x33\x33\x00\x00\x00\x02");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
	to_mac(&p, "\x01\x00\x5e\x00\x80\x01");
	EXPECT(&e.ctx, &p, MSD_PASS_MAC);
}

TEST(broadcast)
{
	struct pkt p4 = pkt_echo(4, "x", 1), p6 = pkt_echo(6, "x", 1);

	env_init(&e);
	to_mac(&p4, "\xff\xff\xff\xff\xff\xff");
	to_mac(&p6, "\xff\xff\xff\xff\xff\xff");
	EXPECT(&e.ctx, &p4, MSD_DROP_BROADCAST);
	EXPECT(&e.ctx, &p6, MSD_DROP_BROADCAST);
	p6 = pkt_tcp(6, TH_SYN, 1, 0);
	to_mac(&p6, "\xff\xff\xff\xff\xff\xff");
	EXPECT(&e.ctx, &p6, MSD_DROP_BROADCAST);
	p6 = pkt_udp(6, "SSH-2.0-x\r\n");
	to_mac(&p6, "\x33\x33\x00\x00\x00\x01");
	EXPECT(&e.ctx, &p6, MSD_DROP_BROADCAST);
	/* not ours: the host's business, however it came */
	p4.daddr.s6_addr[3] = 5;
	EXPECT(&e.ctx, &p4, MSD_PASS_ADDRESS);
}

/* Nothing is answered to a group, nor to ourselves. */
TEST(source_mac)
{
	struct arp q = arp_request();
	u8 store[ARP_LEN], ns[16];
	struct pkt all[] = { pkt_echo(4, "x", 1), pkt_echo(6, "x", 1),
			     pkt_arp(&q, store), pkt_ns(&env_own6, ns, "", 0),
			     pkt_tcp(4, TH_SYN, 1, 0) };
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		memcpy(all[i].smac, "\x03\0\0\0\0\1", ETH_ALEN);
		EXPECT(&e.ctx, &all[i], MSD_DROP_SOURCE_MAC);
		memset(all[i].smac, 0xff, ETH_ALEN);
		EXPECT(&e.ctx, &all[i], MSD_DROP_SOURCE_MAC);
		memcpy(all[i].smac, env_own_mac, ETH_ALEN);
		EXPECT(&e.ctx, &all[i], MSD_DROP_SOURCE_MAC);
	}
}

static struct pkt tagged(struct pkt p, u16 outer, int n)
{
	p.ntags = n;
	p.tpid[0] = outer;
	p.tci[0] = 0xa123;
	p.tpid[1] = ETH_P_8021Q;
	p.tci[1] = 0x0456;
	p.tpid[2] = ETH_P_8021Q;
	p.tci[2] = 7;
	return p;
}

/* Tags come back as they came, one or two, of either kind. */
TEST(vlan_tags)
{
	struct arp q = arp_request();
	u8 store[ARP_LEN], ns[16];
	struct pkt all[] = { pkt_echo(4, "abc", 3), pkt_echo(6, "abc", 3),
			     pkt_arp(&q, store), pkt_ns(&env_own6, ns, "", 0),
			     pkt_tcp(4, TH_SYN, 1, 0),
			     pkt_tcp(6, TH_SYN, 1, 0) };
	static const u16 outer[] = { ETH_P_8021Q, ETH_P_8021AD };
	u32 i, k, n;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		for (k = 0; k < ARRAY_SIZE(outer); k++) {
			for (n = 1; n <= 2; n++) {
				struct pkt p = tagged(all[i], outer[k], n);
				const struct answer *a = run(&e.ctx, &p);

				CHECK(verdict_answers(a->verdict));
				CHECK_EQ(a->r[0].l2_len, ETH_HLEN + 4 * n);
			}
		}
	}
}

/* Several frames: each carries the tags. */
TEST(vlan_segments)
{
	struct pkt p = tagged(pkt_tcp(4, TH_SYN, 1, 0), ETH_P_8021Q, 1);
	const struct answer *a;

	env_init(&e);
	fake_answer(1400);
	a = run(&e.ctx, &p);
	p = tagged(pkt_tcp(4, TH_ACK, 2, a->r[0].seq + 1), ETH_P_8021Q, 1);
	p.data = "x";
	p.len = 1;
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_TCP);
	CHECK_EQ(a->n, 3);
	CHECK_EQ(a->len, 1400);
	fake_off();
}

TEST(too_many_tags)
{
	struct pkt p = tagged(pkt_echo(4, "x", 1), ETH_P_8021AD, 3);

	env_init(&e);
	EXPECT(&e.ctx, &p, MSD_PASS_ETHERTYPE);
}

/* Cut anywhere in the tags: too short, never read. */
TEST(cut_in_tags)
{
	struct pkt p = tagged(pkt_echo(4, "x", 1), ETH_P_8021Q, 2);
	static u8 frame[PKT_MAX];
	u32 len;

	env_init(&e);
	pkt_build(&p, frame);
	for (len = 0; len < 22; len++)
		CHECK_EQ(run_frame(&e.ctx, frame, len)->verdict,
			 MSD_PASS_SHORT);
}

/* What msd_flow tells events. */
TEST(flow_is_filled)
{
	struct pkt p = pkt_tcp(6, TH_SYN, 1, 0);
	const struct answer *a;

	env_init(&e);
	a = run(&e.ctx, &p);
	CHECK_EQ(a->flow.l2_len, ETH_HLEN);
	CHECK_EQ(a->flow.end - a->flow.l2, ETH_HLEN + 40 + 20);
	CHECK_EQ(a->flow.family, 6);
	CHECK_EQ(a->flow.proto, 6);
	CHECK_EQ(a->flow.hop_limit, 64);
	CHECK_EQ(ntohs(a->flow.sport), ENV_CLIENT_PORT);
	CHECK_EQ(ntohs(a->flow.dport), ENV_OWN_PORT);
	CHECK_EQ(a->flow.responder, MSD_NO_PROTO);
	CHECK_BYTES(&a->flow.saddr, 16, &env_client6, 16);
	CHECK_BYTES(&a->flow.daddr, 16, &env_own6, 16);
}
