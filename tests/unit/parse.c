// SPDX-License-Identifier: GPL-2.0-only
/* Reply parser and judge: see parse.h. */
#include <linux/in.h>
#include "frames.h"
#include "parse.h"

static const struct in6_addr allnodes = {
	.s6_addr = { 0xff, 0x02, [15] = 1 }
};

bool verdict_answers(enum msd_verdict v)
{
	return !strncmp(msd_verdict_name(v), "answer-", 7);
}

static const char *parse_arp(struct msd_view v, struct reply *r)
{
	r->data = v.p;
	r->len = v.len;
	if (v.len != ARP_LEN)
		return "ARP reply is not 28 bytes long";
	if (memcmp(v.p, "\0\1\x08\0\6\4\0\2", 8))
		return "ARP reply header";
	memcpy(&r->saddr, v.p + 14, 4);
	memcpy(&r->daddr, v.p + 24, 4);
	if (memcmp(v.p + 8, r->smac, ETH_ALEN))
		return "ARP sender MAC is not the frame's";
	return NULL;
}

static const char *parse_tcp(struct msd_view v, struct reply *r)
{
	u32 hlen;

	r->sport = msd_get_be16(&v);
	r->dport = msd_get_be16(&v);
	r->seq = msd_get_be32(&v);
	r->ack = msd_get_be32(&v);
	hlen = msd_get8(&v);
	if (hlen & 0x0f)
		return "reserved bits of the TCP header";
	hlen = (hlen >> 4) * 4;
	r->flags = msd_get8(&v);
	r->window = msd_get_be16(&v);
	msd_skip(&v, 2);
	if (msd_get_be16(&v))
		return "TCP urgent pointer";
	if (hlen < 20)
		return "TCP header length";
	r->opt_len = hlen - 20;
	r->opt = msd_pull(&v, r->opt_len);
	r->data = v.p;
	r->len = v.len;
	return v.bad ? "TCP reply is cut" : NULL;
}

static const char *parse_udp(struct msd_view v, struct reply *r)
{
	u32 all = v.len;

	r->sport = msd_get_be16(&v);
	r->dport = msd_get_be16(&v);
	if (msd_get_be16(&v) != all)
		return "UDP length";
	if (!msd_get_be16(&v))
		return "UDP checksum is sent as zero";
	r->data = v.p;
	r->len = v.len;
	return v.bad ? "UDP reply is cut" : NULL;
}

static const char *parse_icmp(struct msd_view v, struct reply *r)
{
	r->sport = msd_get8(&v);
	r->dport = msd_get8(&v);
	msd_skip(&v, 2);
	r->data = v.p;
	r->len = v.len;
	return v.bad || v.len < 4 ? "ICMP reply is cut" : NULL;
}

static const char *parse_l4(struct msd_view v, struct reply *r)
{
	if (slow_l4_sum(r->family, r->proto, &r->saddr, &r->daddr, v.p,
			v.len) != 0xffff)
		return "transport checksum";
	if (r->proto == IPPROTO_TCP)
		return parse_tcp(v, r);
	if (r->proto == IPPROTO_UDP)
		return parse_udp(v, r);
	if (r->proto == (r->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return parse_icmp(v, r);
	return "protocol we do not speak";
}

static const char *parse_ip4(struct msd_view v, struct reply *r)
{
	u32 all = v.len;

	if (v.len < 20 || slow_sum(v.p, 20, 0) != 0xffff)
		return "IPv4 header checksum";
	if (msd_get8(&v) != 0x45)
		return "IPv4 version or length";
	r->tos = msd_get8(&v);
	if (msd_get_be16(&v) != all)
		return "IPv4 total length";
	if (msd_get_be32(&v) != 0x4000)
		return "IPv4 identification or fragment field";
	r->ttl = msd_get8(&v);
	r->proto = msd_get8(&v);
	msd_skip(&v, 2);
	memcpy(&r->saddr, msd_pull(&v, 4), 4);
	memcpy(&r->daddr, msd_pull(&v, 4), 4);
	if (r->ttl != 64)
		return "TTL";
	return parse_l4(v, r);
}

static const char *parse_ip6(struct msd_view v, struct reply *r)
{
	u32 word;
	bool na;

	if (v.len < 40)
		return "IPv6 header";
	word = msd_get_be32(&v);
	r->tos = word >> 20;
	if ((word & ~0x0ff00000U) != 0x60000000)
		return "IPv6 version or flow label";
	if (msd_get_be16(&v) != v.len - 34)
		return "IPv6 payload length";
	r->proto = msd_get8(&v);
	r->ttl = msd_get8(&v);
	memcpy(&r->saddr, msd_pull(&v, 16), 16);
	memcpy(&r->daddr, msd_pull(&v, 16), 16);
	na = r->proto == IPPROTO_ICMPV6 && v.len &&
	     v.p[0] == ND_ADVERT;
	if (r->ttl != (na ? 255 : 64))
		return "hop limit";
	return parse_l4(v, r);
}

const char *reply_parse(const u8 *p, u32 len, struct reply *r)
{
	struct msd_view v = msd_view(p, len);

	memset(r, 0, sizeof(*r));
	if (len < ETH_HLEN)
		return "frame is shorter than a link header";
	memcpy(r->dmac, msd_pull(&v, ETH_ALEN), ETH_ALEN);
	memcpy(r->smac, msd_pull(&v, ETH_ALEN), ETH_ALEN);
	r->ethertype = msd_get_be16(&v);
	while (r->ethertype == ETH_P_8021Q || r->ethertype == ETH_P_8021AD) {
		msd_skip(&v, 2);
		r->ethertype = msd_get_be16(&v);
	}
	r->l2_len = len - v.len;
	if (r->ethertype == ETH_P_ARP)
		return parse_arp(v, r);
	if (r->ethertype == ETH_P_IP) {
		r->family = 4;
		return parse_ip4(v, r);
	}
	r->family = 6;
	return r->ethertype == ETH_P_IPV6 ? parse_ip6(v, r) : "EtherType";
}

static bool unicast4(const u8 *a)
{
	return a[0] && a[0] != 127 && a[0] < 224;
}

static bool unicast6(const struct in6_addr *a)
{
	static const u8 low[15];

	if (!memcmp(a, low, sizeof(low)) && a->s6_addr[15] <= 1)
		return false;
	return a->s6_addr[0] != 0xff;
}

static bool unicast(const struct reply *r, const struct in6_addr *a)
{
	return r->family == 6 ? unicast6(a) : unicast4(a->s6_addr);
}

/* Membership by looking at every range. */
static bool slow_owns(const struct msd_ctx *ctx, const struct reply *r)
{
	const struct msd_addrset *own = &ctx->cfg->own;
	const u8 *a = r->saddr.s6_addr;
	struct msd_u128 n = msd_u128(&r->saddr);
	u32 i;

	if (!own->n4 && !own->n6)
		return !ctx->host_has(ctx->host, r->family == 6 ? 6 : 4, a);
	for (i = 0; r->family != 6 && i < own->n4; i++)
		if (get_unaligned_be32(a) >= own->r4[i].first &&
		    get_unaligned_be32(a) <= own->r4[i].last)
			return true;
	for (i = 0; r->family == 6 && i < own->n6; i++) {
		const struct msd_range6 *x = &own->r6[i];

		if ((n.hi > x->first.hi ||
		     (n.hi == x->first.hi && n.lo >= x->first.lo)) &&
		    (n.hi < x->last.hi ||
		     (n.hi == x->last.hi && n.lo <= x->last.lo)))
			return true;
	}
	return false;
}

static bool is_dad_reply(const struct reply *r)
{
	return r->proto == IPPROTO_ICMPV6 &&
	       r->sport == ND_ADVERT &&
	       !memcmp(&r->daddr, &allnodes, 16) &&
	       !memcmp(r->dmac, "\x33\x33\0\0\0\1", ETH_ALEN);
}

static const char *judge_link(const struct msd_ctx *ctx, struct msd_view q,
			      const struct reply *r, const u8 *p)
{
	if (memcmp(r->smac, ctx->mac, ETH_ALEN))
		return "source MAC is not our own";
	if (q.len < r->l2_len || memcmp(p + 12, q.p + 12, r->l2_len - 12))
		return "tags or EtherType are not the request's";
	if (is_dad_reply(r))
		return NULL;
	if (memcmp(r->dmac, q.p + ETH_ALEN, ETH_ALEN))
		return "destination MAC is not the one that asked";
	return r->dmac[0] & 1 ? "destination MAC is a group" : NULL;
}

static const char *judge_addresses(const struct msd_ctx *ctx,
				   const struct reply *r)
{
	static const struct in6_addr zero;

	if (!unicast(r, &r->saddr))
		return "source address is not unicast";
	if (!slow_owns(ctx, r))
		return "source address is not our own";
	if (is_dad_reply(r))
		return NULL;
	if (!r->family && !memcmp(&r->daddr, &zero, 4))
		return NULL;
	if (!unicast(r, &r->daddr))
		return "destination address is not unicast";
	if (!memcmp(&r->saddr, &r->daddr, 16))
		return "from and to the same address";
	return NULL;
}

/* An echo reply repeats the request's service and code; no other has one. */
static const char *judge_service(struct msd_view q, const struct reply *r)
{
	bool echo = r->family == 4 ? r->proto == IPPROTO_ICMP :
		    r->proto == IPPROTO_ICMPV6 && r->sport != ND_ADVERT;
	u32 tos = 0;

	if (echo && q.len >= r->l2_len + 2)
		tos = r->family == 4 ? q.p[r->l2_len + 1] :
		      (u8)(get_unaligned_be16(q.p + r->l2_len) >> 4);
	return r->tos == tos ? NULL : "type of service or traffic class";
}

static const char *judge_frame(const struct msd_ctx *ctx, struct msd_view q,
			       const u8 *p, u32 len)
{
	struct reply r;
	const char *bad = reply_parse(p, len, &r);

	if (!bad)
		bad = judge_link(ctx, q, &r, p);
	if (!bad)
		bad = judge_addresses(ctx, &r);
	if (!bad)
		bad = judge_service(q, &r);
	if (!bad && len - r.l2_len > ctx->mtu)
		bad = "packet is larger than the MTU";
	return bad;
}

const char *reply_judge(const struct msd_ctx *ctx, struct msd_view frame,
			enum msd_verdict verdict, const struct msd_out *out)
{
	const char *bad = NULL;
	u32 i, end = 0;

	if (verdict >= __MSD_VERDICT_MAX)
		return "verdict out of range";
	if (!verdict_answers(verdict))
		return NULL;
	if (!out->nframes || out->nframes > MSD_FRAMES_MAX)
		return "number of frames";
	for (i = 0; i < out->nframes && !bad; i++) {
		const struct msd_frame *f = &out->frame[i];

		if (f->off < end || f->off > out->buf.cap ||
		    f->len > out->buf.cap - f->off)
			return "frame outside the buffer or over another";
		end = f->off + f->len;
		bad = judge_frame(ctx, frame, out->buf.data + f->off, f->len);
	}
	return bad;
}
