// SPDX-License-Identifier: GPL-2.0-only
/* Frame builder: see frames.h. */
#include <linux/in.h>
#include <linux/if_arp.h>
#include <linux/icmpv6.h>
#include <linux/icmp.h>
#include "frames.h"

u16 slow_sum(const u8 *p, u32 len, u32 start)
{
	u32 sum = start, i;

	for (i = 0; i < len; i++) {
		sum += i % 2 ? p[i] : p[i] << 8;
		if (sum > 0xffff)
			sum -= 0xffff;
	}
	return sum;
}

u16 slow_l4_sum(u8 family, u8 proto, const struct in6_addr *saddr,
		const struct in6_addr *daddr, const u8 *p, u32 len)
{
	u32 alen = family == 4 ? 4 : 16, sum = 0;
	u8 tail[8] = { len >> 24, len >> 16, len >> 8, len, 0, 0, 0, proto };

	if (family == 4 && proto == IPPROTO_ICMP)
		return slow_sum(p, len, 0);
	sum = slow_sum(saddr->s6_addr, alen, sum);
	sum = slow_sum(daddr->s6_addr, alen, sum);
	sum = slow_sum(tail, sizeof(tail), sum);
	return slow_sum(p, len, sum);
}

struct pkt pkt_ip(u8 family, u8 proto)
{
	struct pkt p = {
		.family = family,
		.saddr = *env_client(family),
		.daddr = *env_own(family),
		.version = family,
		.ttl = 64,
		.proto = proto,
		.sport = ENV_CLIENT_PORT,
		.dport = ENV_OWN_PORT,
		.window = 64240,
	};

	memcpy(p.dmac, env_own_mac, ETH_ALEN);
	memcpy(p.smac, env_client_mac, ETH_ALEN);
	return p;
}

struct pkt pkt_tcp(u8 family, u8 flags, u32 seq, u32 ack)
{
	struct pkt p = pkt_ip(family, IPPROTO_TCP);

	p.flags = flags;
	p.seq = seq;
	p.ack = ack;
	return p;
}

struct pkt pkt_udp(u8 family, const char *text)
{
	struct pkt p = pkt_ip(family, IPPROTO_UDP);

	p.data = text;
	p.len = strlen(text);
	return p;
}

struct pkt pkt_echo(u8 family, const void *data, u32 len)
{
	struct pkt p = pkt_ip(family, family == 4 ? IPPROTO_ICMP :
						    IPPROTO_ICMPV6);

	p.sport = family == 4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
	p.dport = 0;
	p.seq = 0x11110007;
	p.data = data;
	p.len = len;
	return p;
}

struct arp arp_request(void)
{
	struct arp a = {
		.htype = ARPHRD_ETHER,
		.ptype = ETH_P_IP,
		.hlen = ETH_ALEN,
		.plen = 4,
		.op = ARPOP_REQUEST,
	};

	memcpy(a.sha, env_client_mac, ETH_ALEN);
	memcpy(a.spa, &env_client4, 4);
	memcpy(a.tpa, &env_own4, 4);
	return a;
}

struct pkt pkt_arp(const struct arp *a, u8 *store)
{
	struct msd_buf b = msd_buf(store, ARP_LEN);
	struct pkt p = pkt_ip(4, 0);

	msd_put_be16(&b, a->htype);
	msd_put_be16(&b, a->ptype);
	msd_put8(&b, a->hlen);
	msd_put8(&b, a->plen);
	msd_put_be16(&b, a->op);
	msd_put_bytes(&b, a->sha, ETH_ALEN);
	msd_put_bytes(&b, a->spa, 4);
	msd_put_bytes(&b, a->tha, ETH_ALEN);
	msd_put_bytes(&b, a->tpa, 4);
	p.family = 0;
	p.ethertype = ETH_P_ARP;
	memset(p.dmac, 0xff, ETH_ALEN);
	p.data = store;
	p.len = ARP_LEN;
	return p;
}

struct pkt pkt_ns(const struct in6_addr *target, u8 *store, const void *opt,
		  u32 opt_len)
{
	static const u8 group[13] = { 0xff, 0x02, [11] = 1, [12] = 0xff };
	struct pkt p = pkt_ip(6, IPPROTO_ICMPV6);

	memcpy(p.daddr.s6_addr, group, sizeof(group));
	memcpy(p.daddr.s6_addr + 13, target->s6_addr + 13, 3);
	memcpy(p.dmac, "\x33\x33", 2);
	memcpy(p.dmac + 2, p.daddr.s6_addr + 12, 4);
	p.ttl = 255;
	p.sport = ND_SOLICIT;
	p.dport = 0;
	memcpy(store, target, 16);
	if (opt_len)
		memcpy(store + 16, opt, opt_len);
	p.data = store;
	p.len = 16 + opt_len;
	return p;
}

static void put_link(const struct pkt *p, struct msd_buf *b)
{
	u16 type = p->ethertype;
	int i;

	msd_put_bytes(b, p->dmac, ETH_ALEN);
	msd_put_bytes(b, p->smac, ETH_ALEN);
	for (i = 0; i < p->ntags; i++) {
		msd_put_be16(b, p->tpid[i]);
		msd_put_be16(b, p->tci[i]);
	}
	if (!type)
		type = p->family == 4 ? ETH_P_IP : ETH_P_IPV6;
	msd_put_be16(b, type);
}

static u32 l4_header(const struct pkt *p)
{
	if (p->proto == IPPROTO_TCP)
		return 20 + p->tcpopt_len;
	return p->proto == IPPROTO_UDP || p->proto == IPPROTO_ICMP ||
	       p->proto == IPPROTO_ICMPV6 ? 8 : 0;
}

static void put_ip4(const struct pkt *p, struct msd_buf *b)
{
	u32 at = b->len, hlen = 20 + p->ipopt_len;
	u16 sum;

	msd_put8(b, p->version << 4 | (p->ihl ?: hlen / 4));
	msd_put8(b, p->tos);
	msd_put_be16(b, hlen + l4_header(p) + p->len + p->ip_delta);
	msd_put_be16(b, 0x1337);
	msd_put_be16(b, p->frag);
	msd_put8(b, p->ttl);
	msd_put8(b, p->proto);
	msd_put_be16(b, 0);
	msd_put_bytes(b, &p->saddr, 4);
	msd_put_bytes(b, &p->daddr, 4);
	msd_put_bytes(b, p->ipopt, p->ipopt_len);
	sum = ~slow_sum(b->data + at, hlen, 0);
	msd_patch_be16(b, at + 10, sum ^ p->bad_ip_csum);
}

static void put_ip6(const struct pkt *p, struct msd_buf *b)
{
	msd_put_be32(b, (u32)p->version << 28 | (u32)p->tos << 20);
	msd_put_be16(b, p->ext_len + l4_header(p) + p->len + p->ip_delta);
	msd_put8(b, p->ext_len ? p->ext_first : p->proto);
	msd_put8(b, p->ttl);
	msd_put_bytes(b, &p->saddr, 16);
	msd_put_bytes(b, &p->daddr, 16);
	msd_put_bytes(b, p->ext, p->ext_len);
}

static void put_tcp(const struct pkt *p, struct msd_buf *b)
{
	msd_put_be16(b, p->sport);
	msd_put_be16(b, p->dport);
	msd_put_be32(b, p->seq);
	msd_put_be32(b, p->ack);
	msd_put8(b, (p->doff ?: 5 + p->tcpopt_len / 4) << 4);
	msd_put8(b, p->flags);
	msd_put_be16(b, p->window);
	msd_put_be16(b, 0);
	msd_put_be16(b, p->urgent);
	msd_put_bytes(b, p->tcpopt, p->tcpopt_len);
}

static void put_udp(const struct pkt *p, struct msd_buf *b)
{
	msd_put_be16(b, p->sport);
	msd_put_be16(b, p->dport);
	msd_put_be16(b, 8 + p->len + p->udp_delta);
	msd_put_be16(b, 0);
}

static void put_icmp(const struct pkt *p, struct msd_buf *b)
{
	msd_put8(b, p->sport);
	msd_put8(b, p->dport);
	msd_put_be16(b, 0);
	msd_put_be32(b, p->seq);
}

/* Returns where the checksum stands in the transport header; 0: nowhere. */
static u32 put_l4(const struct pkt *p, struct msd_buf *b)
{
	switch (p->proto) {
	case IPPROTO_TCP:
		put_tcp(p, b);
		return 16;
	case IPPROTO_UDP:
		put_udp(p, b);
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		put_icmp(p, b);
		return 2;
	default:
		return 0;
	}
}

static void put_packet(const struct pkt *p, struct msd_buf *b)
{
	u32 l4, at;
	u16 sum;

	if (p->family == 4)
		put_ip4(p, b);
	else
		put_ip6(p, b);
	l4 = b->len;
	at = put_l4(p, b);
	msd_put_bytes(b, p->data, p->len);
	if (!at || p->no_csum)
		return;
	sum = ~slow_l4_sum(p->family, p->proto, &p->saddr, &p->daddr,
			   b->data + l4, b->len - l4);
	if (!sum && p->proto == IPPROTO_UDP)
		sum = 0xffff;
	msd_patch_be16(b, l4 + at, sum ^ (p->bad_csum ? 0x0101 : 0));
}

u32 pkt_build(const struct pkt *p, u8 *buf)
{
	struct msd_buf b = msd_buf(buf, PKT_MAX);

	put_link(p, &b);
	if (p->family)
		put_packet(p, &b);
	else
		msd_put_bytes(&b, p->data, p->len);
	msd_put_zero(&b, p->pad);
	return b.len;
}
