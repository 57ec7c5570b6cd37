// SPDX-License-Identifier: GPL-2.0-only
/* IPv4: header, source, destination, options, fragments, the reply's header. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "run.h"
#include "unit.h"

static struct env e;

TEST(reply_header)
{
	struct pkt p = pkt_echo(4, "hello", 5);
	const struct answer *a;

	env_init(&e);
	p.ttl = 3;
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_ECHO);
	CHECK_EQ(a->r[0].ttl, 64);
	CHECK_BYTES(&a->r[0].saddr, 4, &env_own4, 4);
	CHECK_BYTES(&a->r[0].daddr, 4, &env_client4, 4);
	CHECK_EQ(a->frame_len, 14 + 20 + 8 + 5);
}

TEST(destination)
{
	static const struct {
		u8 addr[4];
		enum msd_verdict v;
	} cases[] = {
		{ { 192, 0, 2, 127 }, MSD_PASS_ADDRESS },
		{ { 192, 0, 2, 128 }, MSD_ANSWER_ECHO },
		{ { 192, 0, 2, 255 }, MSD_ANSWER_ECHO },
		{ { 192, 0, 3, 0 }, MSD_PASS_ADDRESS },
		{ { 0, 0, 0, 0 }, MSD_PASS_ADDRESS },
		{ { 127, 0, 0, 1 }, MSD_PASS_ADDRESS },
		{ { 224, 0, 0, 1 }, MSD_PASS_ADDRESS },
		{ { 255, 255, 255, 255 }, MSD_PASS_ADDRESS },
	};
	struct pkt p = pkt_echo(4, "x", 1);
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unit_case("case %u", i);
		memcpy(&p.daddr, cases[i].addr, 4);
		EXPECT(&e.ctx, &p, cases[i].v);
	}
}

TEST(source)
{
	static const struct {
		u8 addr[4];
		enum msd_verdict v;
	} cases[] = {
		{ { 0, 0, 0, 0 }, MSD_DROP_SOURCE },
		{ { 0, 1, 2, 3 }, MSD_DROP_SOURCE },
		{ { 1, 0, 0, 0 }, MSD_ANSWER_ECHO },
		{ { 126, 255, 255, 255 }, MSD_ANSWER_ECHO },
		{ { 127, 0, 0, 0 }, MSD_DROP_SOURCE },
		{ { 127, 255, 255, 255 }, MSD_DROP_SOURCE },
		{ { 128, 0, 0, 0 }, MSD_ANSWER_ECHO },
		{ { 192, 0, 2, 129 }, MSD_DROP_SOURCE },
		{ { 192, 0, 2, 130 }, MSD_DROP_SOURCE },
		{ { 223, 255, 255, 255 }, MSD_ANSWER_ECHO },
		{ { 224, 0, 0, 0 }, MSD_DROP_SOURCE },
		{ { 239, 255, 255, 255 }, MSD_DROP_SOURCE },
		{ { 240, 0, 0, 0 }, MSD_DROP_SOURCE },
		{ { 255, 255, 255, 255 }, MSD_DROP_SOURCE },
	};
	struct pkt p = pkt_echo(4, "x", 1);
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unit_case("case %u", i);
		memcpy(&p.saddr, cases[i].addr, 4);
		EXPECT(&e.ctx, &p, cases[i].v);
	}
}

TEST(denied)
{
	struct msd_range4 deny[] = { { 0x0a000000, 0x0affffff },
				     { 0xc0000201, 0xc0000201 } };
	struct pkt all[] = { pkt_echo(4, "x", 1), pkt_tcp(4, TH_SYN, 1, 0),
			     pkt_udp(4, "x"), pkt_tcp(4, TH_RST, 1, 0) };
	u32 i;

	env_init(&e);
	e.cfg.deny.r4 = deny;
	e.cfg.deny.n4 = 2;
	msd_addrset_seal(&e.cfg.deny);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		EXPECT(&e.ctx, &all[i], MSD_DROP_DENIED);
		/* our own address first: another's traffic is not our affair */
		all[i].daddr.s6_addr[3] = 3;
		EXPECT(&e.ctx, &all[i], MSD_PASS_ADDRESS);
	}
}

TEST(header_checksum)
{
	struct pkt p = pkt_echo(4, "x", 1);

	env_init(&e);
	p.bad_ip_csum = true;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_CHECKSUM);
}

TEST(versions)
{
	struct pkt p = pkt_echo(4, "x", 1);

	env_init(&e);
	for (p.version = 0; p.version < 16; p.version++)
		EXPECT(&e.ctx, &p, p.version == 4 ? MSD_ANSWER_ECHO :
						    MSD_DROP_IP_HEADER);
}

TEST(header_length)
{
	struct pkt p = pkt_echo(4, "x", 1);

	env_init(&e);
	for (p.ihl = 1; p.ihl < 5; p.ihl++)
		EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
	p.ihl = 15;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
}

/* Options are stepped over and never sent back. */
TEST(options)
{
	struct pkt p = pkt_echo(4, "hello", 5);
	const struct answer *a;

	env_init(&e);
	for (p.ipopt_len = 0; p.ipopt_len <= 40; p.ipopt_len += 4) {
		memset(p.ipopt, 1, sizeof(p.ipopt));
		a = run(&e.ctx, &p);
		CHECK_EQ(a->verdict, MSD_ANSWER_ECHO);
		CHECK_EQ(a->frame_len, 14 + 20 + 8 + 5);
		CHECK_BYTES(a->r[0].data + 4, 5, "hello", 5);
	}
}

/* Options that the frame does not hold. */
TEST(options_cut)
{
	struct pkt p = pkt_echo(4, "", 0);
	static u8 frame[PKT_MAX];
	u32 len, all;

	env_init(&e);
	p.ipopt_len = 40;
	all = pkt_build(&p, frame);
	for (len = 34; len < all; len++)
		CHECK_EQ(run_frame(&e.ctx, frame, len)->verdict,
			 MSD_DROP_IP_HEADER);
}

TEST(total_length)
{
	struct pkt p = pkt_echo(4, "hello", 5);

	env_init(&e);
	p.ip_delta = 1;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
	p.ip_delta = 1000;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
	/* shorter: cut, hence the checksum of what is left is wrong */
	p.ip_delta = -2;
	EXPECT(&e.ctx, &p, MSD_DROP_CHECKSUM);
	p.ip_delta = -13;
	EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
	p.ip_delta = -14;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
	p.ip_delta = -33;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
}

/* Link padding is no payload. */
TEST(padding)
{
	struct pkt p = pkt_echo(4, "hi", 2);
	const struct answer *a;

	env_init(&e);
	p.pad = 16;
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_ECHO);
	CHECK_EQ(a->r[0].len, 6);
}

TEST(ttl)
{
	struct pkt p = pkt_echo(4, "x", 1);

	env_init(&e);
	p.ttl = 0;
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO);
	p.ttl = 255;
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO);
}

TEST(fragments)
{
	static const struct {
		u16 frag;
		enum msd_verdict v;
	} cases[] = {
		{ 0x0000, MSD_ANSWER_ECHO },	/* none */
		{ 0x4000, MSD_ANSWER_ECHO },	/* DF */
		{ 0x8000, MSD_ANSWER_ECHO },	/* reserved bit (RFC 3514) */
		{ 0x2000, MSD_DROP_FRAGMENT },	/* first */
		{ 0x2001, MSD_DROP_FRAGMENT },	/* middle */
		{ 0x0001, MSD_DROP_FRAGMENT },	/* last */
		{ 0x1fff, MSD_DROP_FRAGMENT },
		{ 0x6000, MSD_DROP_FRAGMENT },
	};
	struct pkt p = pkt_echo(4, "x", 1);
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unit_case("frag %#x", cases[i].frag);
		p.frag = cases[i].frag;
		EXPECT(&e.ctx, &p, cases[i].v);
	}
}

TEST(protocols)
{
	struct pkt p = pkt_ip(4, 0);
	u32 proto;

	env_init(&e);
	for (proto = 0; proto < 256; proto++) {
		if (proto == IPPROTO_ICMP || proto == IPPROTO_TCP ||
		    proto == IPPROTO_UDP)
			continue;
		p.proto = proto;
		p.data = "datadatadatadatadatadata";
		p.len = 24;
		/* ICMPv6 gets a header from the builder: not over IPv4 */
		EXPECT(&e.ctx, &p, MSD_DROP_PROTOCOL);
	}
}

/* No transport header at all. */
TEST(empty_packets)
{
	static const struct {
		u8 proto;
		enum msd_verdict v;
	} cases[] = {
		{ IPPROTO_TCP, MSD_DROP_TCP_HEADER },
		{ IPPROTO_UDP, MSD_DROP_UDP_LENGTH },
		{ IPPROTO_ICMP, MSD_DROP_ICMP },
	};
	static u8 frame[PKT_MAX];
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pkt p = pkt_ip(4, cases[i].proto);

		p.ip_delta = -20;
		if (cases[i].proto != IPPROTO_TCP)
			p.ip_delta = -8;
		pkt_build(&p, frame);
		CHECK_EQ(run_frame(&e.ctx, frame, 34)->verdict, cases[i].v);
	}
}

static bool is_host(void *host, u8 family, const void *addr)
{
	return family == 4 && !memcmp(addr, host, 4);
}

TEST(empty_own_set)
{
	static u8 host[4] = { 198, 51, 100, 7 };
	static const u8 nobody[][4] = {
		{ 0, 0, 0, 0 }, { 0, 0, 0, 1 }, { 127, 0, 0, 1 },
		{ 224, 0, 0, 1 }, { 240, 0, 0, 1 }, { 255, 255, 255, 255 },
	};
	struct pkt p = pkt_echo(4, "x", 1);
	u32 i;

	env_init(&e);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = is_host;
	e.ctx.host = host;
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO);
	memcpy(&p.daddr, "\xc6\x33\x64\x06", 4);
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO);
	memcpy(&p.daddr, host, 4);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	for (i = 0; i < ARRAY_SIZE(nobody); i++) {
		unit_case("nobody %u", i);
		memcpy(&p.daddr, nobody[i], 4);
		EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	}
}

/* From itself to itself: nobody's, though no own address is listed. */
TEST(land)
{
	static u8 host[4] = { 198, 51, 100, 7 };
	struct pkt p = pkt_tcp(4, TH_SYN, 1, 0);

	env_init(&e);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = is_host;
	e.ctx.host = host;
	EXPECT(&e.ctx, &p, MSD_ANSWER_SYNACK);
	p.saddr = p.daddr;
	EXPECT(&e.ctx, &p, MSD_DROP_SOURCE);
}

/* What a DHCP server says to a client is the host's, in whatever frame. */
TEST(dhcp)
{
	struct pkt p = pkt_udp(4, "offer");
	struct pkt q;

	env_init(&e);
	p.sport = 67;
	EXPECT(&e.ctx, &p, MSD_DROP_UDP_SILENT);
	p.dport = 68;
	EXPECT(&e.ctx, &p, MSD_PASS_DHCP);
	q = p;
	q.sport = 68;
	EXPECT(&e.ctx, &q, MSD_DROP_UDP_SILENT);
	q = p;
	memset(q.dmac, 0xff, ETH_ALEN);
	EXPECT(&e.ctx, &q, MSD_PASS_DHCP);
	q = p;
	memset(q.ipopt, 1, 8);
	q.ipopt_len = 8;
	EXPECT(&e.ctx, &q, MSD_PASS_DHCP);
	q = p;
	q.saddr = env_own4;
	q.saddr.s6_addr[3]++;
	EXPECT(&e.ctx, &q, MSD_PASS_DHCP);
	q = p;
	q.frag = 0x2000;
	EXPECT(&e.ctx, &q, MSD_PASS_DHCP);
	q.frag = 1;
	EXPECT(&e.ctx, &q, MSD_DROP_FRAGMENT);
	q = p;
	q.proto = IPPROTO_TCP;
	q.ihl = 4;
	EXPECT(&e.ctx, &q, MSD_DROP_IP_HEADER);
}
