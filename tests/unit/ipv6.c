// SPDX-License-Identifier: GPL-2.0-only
/* IPv6: header, source, destination, extension headers. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "run.h"
#include "unit.h"

static struct env e;

static struct in6_addr addr6(u32 a, u32 b, u32 c, u32 d)
{
	return (struct in6_addr){
		.s6_addr32 = { htonl(a), htonl(b), htonl(c), htonl(d) }
	};
}

TEST(reply_header)
{
	struct pkt p = pkt_echo(6, "hello", 5);
	const struct answer *a;

	env_init(&e);
	p.ttl = 1;
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_ECHO6);
	CHECK_EQ(a->r[0].ttl, 64);
	CHECK_BYTES(&a->r[0].saddr, 16, &env_own6, 16);
	CHECK_BYTES(&a->r[0].daddr, 16, &env_client6, 16);
	CHECK_EQ(a->frame_len, 14 + 40 + 8 + 5);
}

TEST(destination)
{
	struct pkt p = pkt_echo(6, "x", 1);

	env_init(&e);
	p.daddr = addr6(0x20010db8, 0, 0, 0x7fff);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	p.daddr = addr6(0x20010db8, 0, 0, 0x8000);
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO6);
	p.daddr = addr6(0x20010db8, 0, 0, 0xffff);
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO6);
	p.daddr = addr6(0x20010db8, 0, 0, 0x10000);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	p.daddr = addr6(0, 0, 0, 0);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	p.daddr = addr6(0, 0, 0, 1);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
}

/* Echo and the rest to a group are the host's; no reply comes from a group. */
TEST(group_destination)
{
	struct pkt all[] = { pkt_echo(6, "x", 1), pkt_tcp(6, TH_SYN, 1, 0),
			     pkt_udp(6, "GET / HTTP/1.0\r\n\r\n") };
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		all[i].daddr = addr6(0xff020000, 0, 0, 1);
		memcpy(all[i].dmac, "\x33\x33\0\0\0\1", ETH_ALEN);
		EXPECT(&e.ctx, &all[i], MSD_PASS_ADDRESS);
		all[i].daddr = addr6(0xff020000, 0, 1, 0xff008001);
		memcpy(all[i].dmac, "\x33\x33\xff\0\x80\1", ETH_ALEN);
		EXPECT(&e.ctx, &all[i], MSD_PASS_ADDRESS);
	}
}

TEST(source)
{
	const struct in6_addr bad[] = {
		addr6(0, 0, 0, 0), addr6(0, 0, 0, 1),
		addr6(0, 0, 0xffff, 0xc0000201), addr6(0xff020000, 0, 0, 1),
		addr6(0xff000000, 0, 0, 0), addr6(0xffffffff, -1, -1, -1),
		env_own6, addr6(0x20010db8, 0, 0, 0x8002),
	};
	const struct in6_addr good[] = {
		addr6(0xfe800000, 0, 0, 1), addr6(0x20010db8, 0, 0, 0x7fff),
		addr6(0xfeffffff, 0, 0, 1), addr6(0x0064ff9b, 0, 0, 1),
	};
	struct pkt p = pkt_echo(6, "x", 1);
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		unit_case("bad %u", i);
		p.saddr = bad[i];
		EXPECT(&e.ctx, &p, MSD_DROP_SOURCE);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		unit_case("good %u", i);
		p.saddr = good[i];
		EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO6);
	}
}

TEST(denied)
{
	struct msd_range6 deny = { { 0x20010db800000000, 1 },
				   { 0x20010db800000000, 1 } };
	u8 store[16];
	struct pkt all[] = { pkt_echo(6, "x", 1), pkt_tcp(6, TH_SYN, 1, 0),
			     pkt_udp(6, "x"),
			     pkt_ns(&env_own6, store, NULL, 0) };
	u32 i;

	env_init(&e);
	e.cfg.deny.r6 = &deny;
	e.cfg.deny.n6 = 1;
	for (i = 0; i < ARRAY_SIZE(all); i++)
		EXPECT(&e.ctx, &all[i], MSD_DROP_DENIED);
	all[0].saddr.s6_addr[15] = 2;
	EXPECT(&e.ctx, &all[0], MSD_ANSWER_ECHO6);
}

TEST(versions)
{
	struct pkt p = pkt_echo(6, "x", 1);

	env_init(&e);
	for (p.version = 0; p.version < 16; p.version++)
		EXPECT(&e.ctx, &p, p.version == 6 ? MSD_ANSWER_ECHO6 :
						    MSD_DROP_IP_HEADER);
}

TEST(payload_length)
{
	struct pkt p = pkt_echo(6, "hello", 5);
	const struct answer *a;

	env_init(&e);
	p.ip_delta = 1;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
	p.ip_delta = -1;
	EXPECT(&e.ctx, &p, MSD_DROP_CHECKSUM);
	p.ip_delta = -6;
	EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
	p.ip_delta = -13;
	EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
	p.ip_delta = 0;
	p.pad = 9;
	a = run(&e.ctx, &p);
	CHECK_EQ(a->verdict, MSD_ANSWER_ECHO6);
	CHECK_EQ(a->r[0].len, 4 + 5);
}

TEST(hop_limits)
{
	struct pkt p = pkt_echo(6, "x", 1);

	env_init(&e);
	p.ttl = 0;
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO6);
	p.ttl = 255;
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO6);
}

/* Neither a transport we speak nor a header we walk. */
TEST(protocols)
{
	struct pkt p = pkt_ip(6, 0);
	u32 proto;

	env_init(&e);
	for (proto = 0; proto < 256; proto++) {
		enum msd_verdict want = MSD_DROP_PROTOCOL;

		if (proto == IPPROTO_ICMPV6 || proto == IPPROTO_TCP ||
		    proto == IPPROTO_UDP)
			continue;
		if (proto == 44)
			want = MSD_DROP_FRAGMENT;
		if (proto == 0 || proto == 43 || proto == 60)
			want = MSD_DROP_IP_HEADER;
		p.proto = proto;
		p.data = "\x3a\x55zzzz\x01\x05zzzzzzzzzzzzzzzz";
		p.len = 24;
		unit_case("protocol %u", proto);
		EXPECT(&e.ctx, &p, want);
	}
}

/* Append an extension header of 8 * (@units + 1) bytes with this body. */
static void add_ext(struct pkt *p, u8 type, u8 next, u8 units, const char *body,
		    u32 len)
{
	u8 *h = p->ext + p->ext_len;

	if (!p->ext_len)
		p->ext_first = type;
	memset(h, 0, 8 * (units + 1));
	h[0] = next;
	h[1] = units;
	memcpy(h + 2, body, len);
	p->ext_len += 8 * (units + 1);
}

/* One header of @type before an echo request. */
static enum msd_verdict one(u8 type, u8 units, const char *body, u32 len)
{
	struct pkt p = pkt_echo(6, "x", 1);

	add_ext(&p, type, IPPROTO_ICMPV6, units, body, len);
	return run(&e.ctx, &p)->verdict;
}

#define ONE(type, units, s) one(type, units, s, sizeof(s) - 1)

TEST(options)
{
	env_init(&e);
	/* six times Pad1; PadN of six; PadN, unknown 00 (skip) */
	CHECK_EQ(ONE(60, 0, "\0\0\0\0\0\0"), MSD_ANSWER_ECHO6);
	CHECK_EQ(ONE(0, 0, "\1\4\0\0\0\0"), MSD_ANSWER_ECHO6);
	CHECK_EQ(ONE(0, 1, "\1\2\0\0\x1e\1\7\1\5\0\0\0\0\0"), MSD_ANSWER_ECHO6);
	/* router alert and its like */
	CHECK_EQ(ONE(0, 0, "\5\2\0\0\1\0"), MSD_ANSWER_ECHO6);
	/* unknown: 01 discard, 10 and 11 discard with a message we never send */
	CHECK_EQ(ONE(60, 0, "\x41\4\0\0\0\0"), MSD_DROP_IP_HEADER);
	CHECK_EQ(ONE(60, 0, "\x81\4\0\0\0\0"), MSD_DROP_IP_HEADER);
	CHECK_EQ(ONE(60, 0, "\xc1\4\0\0\0\0"), MSD_DROP_IP_HEADER);
	/* an option beyond the end of its header, and one without length */
	CHECK_EQ(ONE(60, 0, "\1\5\0\0\0\0"), MSD_DROP_IP_HEADER);
	CHECK_EQ(ONE(60, 0, "\1\3\0\0\0\1"), MSD_DROP_IP_HEADER);
}

TEST(routing)
{
	env_init(&e);
	CHECK_EQ(ONE(43, 0, "\0\0\0\0\0\0"), MSD_ANSWER_ECHO6);
	CHECK_EQ(ONE(43, 2, "\4\0\0\0\0\0"), MSD_ANSWER_ECHO6);
	CHECK_EQ(ONE(43, 2, "\0\1\0\0\0\0"), MSD_DROP_IP_HEADER);
	CHECK_EQ(ONE(43, 2, "\2\1\0\0\0\0"), MSD_DROP_IP_HEADER);
	CHECK_EQ(ONE(43, 0, "\xff\xff\0\0\0\0"), MSD_DROP_IP_HEADER);
}

/* Atomic fragments too (offset 0, no more): RFC 6946 makes them rare. */
TEST(fragment)
{
	env_init(&e);
	CHECK_EQ(ONE(44, 0, "\0\0\0\0\0\1"), MSD_DROP_FRAGMENT);
	CHECK_EQ(ONE(44, 0, "\0\1\0\0\0\1"), MSD_DROP_FRAGMENT);
}

TEST(no_next_header_and_others)
{
	env_init(&e);
	CHECK_EQ(ONE(59, 0, ""), MSD_DROP_PROTOCOL);
	CHECK_EQ(ONE(51, 1, ""), MSD_DROP_PROTOCOL);
	CHECK_EQ(ONE(50, 0, ""), MSD_DROP_PROTOCOL);
	CHECK_EQ(ONE(135, 0, ""), MSD_DROP_PROTOCOL);
}

/* Every transport behind the usual chain. */
TEST(chain_of_all)
{
	struct pkt all[] = { pkt_echo(6, "x", 1), pkt_tcp(6, TH_SYN, 1, 0) };
	static const enum msd_verdict want[] = { MSD_ANSWER_ECHO6,
						 MSD_ANSWER_SYNACK };
	u32 i;

	env_init(&e);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct pkt p = all[i];

		add_ext(&p, 0, 60, 0, "\1\4", 2);
		add_ext(&p, 60, 43, 1, "\1\x0c", 2);
		add_ext(&p, 43, 60, 0, "", 0);
		add_ext(&p, 60, p.proto, 0, "", 0);
		EXPECT(&e.ctx, &p, want[i]);
	}
}

/* Hop-by-hop anywhere but first is not walked (RFC 8200 section 4.1). */
TEST(hop_by_hop_later)
{
	struct pkt p = pkt_echo(6, "x", 1);

	env_init(&e);
	add_ext(&p, 60, 0, 0, "", 0);
	add_ext(&p, 0, IPPROTO_ICMPV6, 0, "", 0);
	EXPECT(&e.ctx, &p, MSD_DROP_PROTOCOL);
}

static struct pkt chain(u32 n)
{
	struct pkt p = pkt_echo(6, "x", 1);
	u32 i;

	for (i = 0; i < n; i++)
		add_ext(&p, 60, i + 1 == n ? IPPROTO_ICMPV6 : 60, 0, "", 0);
	return p;
}

TEST(long_chains)
{
	struct pkt p;
	u32 n;

	env_init(&e);
	for (n = 1; n < 60; n++) {
		p = chain(n);
		unit_case("%u headers", n);
		EXPECT(&e.ctx, &p, n <= 8 ? MSD_ANSWER_ECHO6 :
					    MSD_DROP_IP_HEADER);
	}
}

/* The packet ends within the headers. */
TEST(chain_cut)
{
	struct pkt p = chain(3);
	int cut;

	env_init(&e);
	for (cut = 10; cut <= 33; cut++) {
		p.ip_delta = -cut;
		unit_case("%d bytes short", cut);
		CHECK(!verdict_answers(run(&e.ctx, &p)->verdict));
	}
	/* the header's own length points beyond the packet */
	p = chain(1);
	p.ext[1] = 2;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
	p.ext[1] = 255;
	EXPECT(&e.ctx, &p, MSD_DROP_IP_HEADER);
}

/* No transport header behind the fixed header. */
TEST(empty_packets)
{
	struct pkt p = pkt_ip(6, IPPROTO_TCP);

	env_init(&e);
	p.ip_delta = -20;
	EXPECT(&e.ctx, &p, MSD_DROP_TCP_HEADER);
	p = pkt_ip(6, IPPROTO_UDP);
	p.ip_delta = -8;
	EXPECT(&e.ctx, &p, MSD_DROP_UDP_LENGTH);
	p = pkt_ip(6, IPPROTO_ICMPV6);
	p.ip_delta = -8;
	EXPECT(&e.ctx, &p, MSD_DROP_ICMP);
}

static bool is_host(void *host, u8 family, const void *addr)
{
	return family == 6 && !memcmp(addr, host, 16);
}

TEST(empty_own_set)
{
	static struct in6_addr host;
	struct pkt p = pkt_echo(6, "x", 1);

	env_init(&e);
	host = addr6(0x20010db8, 0, 0, 9);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = is_host;
	e.ctx.host = &host;
	EXPECT(&e.ctx, &p, MSD_ANSWER_ECHO6);
	p.daddr = host;
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	p.daddr = addr6(0, 0, 0, 0);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	p.daddr = addr6(0, 0, 0, 1);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
	p.daddr = addr6(0, 0, 0xffff, 0xc0000281);
	EXPECT(&e.ctx, &p, MSD_PASS_ADDRESS);
}

TEST(land)
{
	static struct in6_addr host;
	struct pkt p = pkt_tcp(6, TH_SYN, 1, 0);

	env_init(&e);
	memset(&e.cfg.own, 0, sizeof(e.cfg.own));
	e.ctx.host_has = is_host;
	e.ctx.host = &host;
	EXPECT(&e.ctx, &p, MSD_ANSWER_SYNACK);
	p.saddr = p.daddr;
	EXPECT(&e.ctx, &p, MSD_DROP_SOURCE);
}

/* What a DHCPv6 server says to a client is the host's, behind options too. */
TEST(dhcp)
{
	struct pkt p = pkt_udp(6, "offer");

	env_init(&e);
	p.sport = 547;
	EXPECT(&e.ctx, &p, MSD_DROP_UDP_SILENT);
	p.dport = 546;
	EXPECT(&e.ctx, &p, MSD_PASS_DHCP);
	memset(p.ext, 0, 8);
	p.ext[0] = IPPROTO_UDP;
	p.ext[2] = 1; /* PadN */
	p.ext[3] = 4;
	p.ext_len = 8;
	p.ext_first = IPPROTO_DSTOPTS;
	EXPECT(&e.ctx, &p, MSD_PASS_DHCP);
	p.sport = 546;
	p.dport = 547;
	EXPECT(&e.ctx, &p, MSD_DROP_UDP_SILENT);
}
