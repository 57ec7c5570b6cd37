// SPDX-License-Identifier: GPL-2.0-only
/*
 * One frame for every verdict the core can return. Three belong to
 * the shell: the core neither limits frames nor allocates nor transmits.
 */
#include <linux/in.h>
#include <linux/kernel.h>
#include "fake.h"
#include "run.h"
#include "unit.h"

static struct env e;
static bool reached[__MSD_VERDICT_MAX];
static u8 store[64];

static void reach(struct pkt p, enum msd_verdict v)
{
	EXPECT(&e.ctx, &p, v);
	reached[v] = true;
}

static struct pkt with(struct pkt p, void (*change)(struct pkt *p))
{
	change(&p);
	return p;
}

static void other_mac(struct pkt *p)
{
	p->dmac[5]++;
}

static void other_type(struct pkt *p)
{
	p->ethertype = 0x88cc;
}

static void other_address(struct pkt *p)
{
	p->daddr.s6_addr[1]++;
}

static void group_source_mac(struct pkt *p)
{
	p->smac[0] |= 1;
}

static void group_source(struct pkt *p)
{
	p->saddr.s6_addr[0] = 0xff;
}

static void broadcast(struct pkt *p)
{
	memset(p->dmac, 0xff, ETH_ALEN);
}

static void other_icmp(struct pkt *p)
{
	p->sport = 13;
}

static void bad_version(struct pkt *p)
{
	p->version = 7;
}

static void bad_ip_sum(struct pkt *p)
{
	p->bad_ip_csum = true;
}

static void fragment(struct pkt *p)
{
	p->frag = 0x2000;
}

static void gre(struct pkt *p)
{
	p->proto = IPPROTO_GRE;
}

static void bad_sum(struct pkt *p)
{
	p->bad_csum = true;
}

static void code(struct pkt *p)
{
	p->dport = 1;
}

static void far_away(struct pkt *p)
{
	p->ttl = 254;
}

static void short_header(struct pkt *p)
{
	p->doff = 4;
}

static void long_length(struct pkt *p)
{
	p->udp_delta = 1;
}

static void load(struct pkt *p)
{
	p->data = "load";
	p->len = 4;
}

static void link_and_network(void)
{
	struct arp a = arp_request(), other = a, reply = a;
	struct in6_addr target = env_client6;
	u8 space[3][ARP_LEN];

	other.tpa[3] = 1;
	reply.op = 2;
	reach(with(pkt_echo(4, "", 0), other_mac), MSD_PASS_MAC);
	reach(with(pkt_echo(4, "", 0), other_type), MSD_PASS_ETHERTYPE);
	reach(with(pkt_echo(4, "", 0), other_address), MSD_PASS_ADDRESS);
	reach(pkt_arp(&other, space[0]), MSD_PASS_TARGET);
	reach(pkt_arp(&reply, space[1]), MSD_DROP_ARP);
	reach(pkt_arp(&a, space[2]), MSD_ANSWER_ARP);
	reach(pkt_ns(&target, store, NULL, 0), MSD_PASS_TARGET);
	reach(pkt_ns(&env_own6, store, NULL, 0), MSD_ANSWER_NDISC);
	reach(with(pkt_ns(&env_own6, store, NULL, 0), far_away),
	      MSD_DROP_NDISC);
	reach(with(pkt_echo(4, "", 0), group_source_mac), MSD_DROP_SOURCE_MAC);
	reach(with(pkt_echo(6, "", 0), group_source), MSD_DROP_SOURCE);
	reach(with(pkt_echo(4, "", 0), broadcast), MSD_DROP_BROADCAST);
	reach(with(pkt_echo(6, "", 0), bad_version), MSD_DROP_IP_HEADER);
	reach(with(pkt_echo(4, "", 0), bad_ip_sum), MSD_DROP_IP_CHECKSUM);
	reach(with(pkt_echo(4, "", 0), fragment), MSD_DROP_FRAGMENT);
	reach(with(pkt_echo(4, "", 0), gre), MSD_DROP_PROTOCOL);
}

static void transport(void)
{
	static const u8 big[2000];
	u32 ack;
	struct pkt syn = pkt_tcp(4, TH_SYN, 1, 0);

	reach(pkt_echo(4, "", 0), MSD_ANSWER_ECHO);
	reach(pkt_echo(6, "", 0), MSD_ANSWER_ECHO6);
	reach(with(pkt_echo(4, "", 0), bad_sum), MSD_DROP_CHECKSUM);
	reach(with(pkt_echo(4, "", 0), code), MSD_ANSWER_ECHO);
	reach(with(pkt_echo(4, "", 0), other_icmp), MSD_DROP_ICMP);
	reach(pkt_echo(4, big, sizeof(big)), MSD_DROP_REPLY_SIZE);
	reach(syn, MSD_ANSWER_SYNACK);
	ack = run(&e.ctx, &syn)->r[0].seq + 1;
	reach(with(pkt_tcp(4, TH_ACK, 2, ack), load), MSD_ANSWER_TCP);
	reach(pkt_tcp(4, TH_ACK | TH_PSH, 2, ack), MSD_ANSWER_ACK);
	reach(pkt_tcp(4, TH_ACK | TH_FIN, 2, ack), MSD_ANSWER_FIN);
	reach(pkt_tcp(4, TH_ACK | TH_FIN, 2, ack - 1), MSD_DROP_TCP_COOKIE);
	reach(pkt_tcp(4, TH_ACK, 2, ack), MSD_DROP_TCP_ACK);
	reach(pkt_tcp(4, TH_RST, 2, ack), MSD_DROP_TCP_RST);
	reach(pkt_tcp(4, TH_SYN | TH_ACK, 2, ack), MSD_DROP_TCP_FLAGS);
	reach(with(syn, short_header), MSD_DROP_TCP_HEADER);
	reach(pkt_udp(4, "x"), MSD_ANSWER_UDP);
	reach(pkt_udp(4, ""), MSD_DROP_UDP_SILENT);
	reach(with(pkt_udp(4, "x"), long_length), MSD_DROP_UDP_LENGTH);
}

static bool no_host(void *host __maybe_unused, u8 family __maybe_unused,
		    const void *addr __maybe_unused)
{
	return false;
}

/* With no own set the last one. */
static void left_to_the_host(void)
{
	struct pkt p = pkt_udp(4, "x");
	struct arp q = arp_request();

	p.sport = 67;
	p.dport = 68;
	reach(p, MSD_PASS_DHCP);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = no_host;
	memset(q.spa, 0, 4);
	reach(pkt_arp(&q, store), MSD_PASS_DAD);
	e.cfg.some_vlans = true;
	reach(pkt_udp(4, "x"), MSD_PASS_VLAN);
}

TEST(every_verdict)
{
	struct msd_range4 deny = { 0xc0000202, 0xc0000202 };
	struct pkt denied = pkt_echo(4, "", 0);
	unsigned int v;

	env_init(&e);
	fake_answer(1);
	link_and_network();
	transport();
	e.cfg.deny.r4 = &deny;
	e.cfg.deny.n4 = 1;
	msd_addrset_seal(&e.cfg.deny);
	denied.saddr.s6_addr[3] = 2;
	reach(denied, MSD_DROP_DENIED);
	CHECK_EQ(run_frame(&e.ctx, (const u8 *)"", 0)->verdict, MSD_PASS_SHORT);
	reached[MSD_PASS_SHORT] = true;
	left_to_the_host();
	for (v = 0; v < __MSD_VERDICT_MAX; v++)
		if (v < MSD_DROP_FRAME_SIZE || v > MSD_DROP_XMIT)
			CHECKF(reached[v], "%s is not reached", msd_verdict_name(v));
	fake_off();
}
