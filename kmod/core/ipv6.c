// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 (RFC 8200): whose packet is it, is it sound, and the header of the
 * reply. A multicast destination is of interest only for neighbour
 * solicitations; everything else to a group is the host's business, and no
 * reply ever comes from a group.
 */
#include <linux/in.h>
#include <linux/ipv6.h>
#include "net.h"

#define HLEN6 ((u32)sizeof(struct ipv6hdr))
#define HOP_LIMIT 64

static const struct in6_addr unspecified;
static const u8 allnodes_mac[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0, 1 };

/* ::, ::1 and ::ffff:0:0/96 are nobody's address. */
static bool is_special(const struct in6_addr *a)
{
	struct msd_u128 n = msd_u128(a);

	return !n.hi && (n.lo <= 1 || n.lo >> 32 == 0xffff);
}

static bool equal(const struct in6_addr *a, const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

bool msd_unicast6(const struct in6_addr *addr)
{
	return addr->s6_addr[0] != 0xff && !is_special(addr);
}

bool msd_source6_ok(const struct msd_ctx *ctx, const struct in6_addr *saddr,
		    const struct in6_addr *daddr)
{
	if (!msd_unicast6(saddr) || equal(saddr, daddr))
		return false;
	return !msd_addrset_has(&ctx->cfg->own, 6, saddr);
}

/* Is the frame's group MAC all-nodes, or the solicited-node one of @addr? */
static bool mac_fits(const struct msd_flow *f, const struct in6_addr *addr)
{
	const u8 *dmac = msd_dmac(f);

	if (f->l2dst != MSD_L2_MCAST6)
		return f->l2dst != MSD_L2_MCAST4;
	if (!memcmp(dmac, allnodes_mac, ETH_ALEN))
		return true;
	return dmac[2] == 0xff && !memcmp(dmac + 3, addr->s6_addr + 13, 3);
}

/* A neighbour solicitation, behind extension headers or none; @v: it. */
static bool is_solicitation(const struct msd_flow *f, struct msd_view *v)
{
	u8 proto = f->proto;

	if (unlikely(proto != IPPROTO_ICMPV6) && proto != IPPROTO_TCP &&
	    proto != IPPROTO_UDP && msd_ipv6_ext(v, &proto) != MSD_GO_ON)
		return false;
	return proto == IPPROTO_ICMPV6 && v->len && *v->p == MSD_ICMPV6_NS;
}

/*
 * A packet to a group: only a solicitation can be for us, and only its target
 * tells. MSD_GO_ON: it is one, of an own address. When no address is listed, a
 * machine that probes one (duplicate address detection) may have it.
 */
static enum msd_verdict group(const struct msd_ctx *ctx,
			      const struct msd_flow *f, struct msd_view v)
{
	struct in6_addr target;
	const u8 *p;

	if (!is_solicitation(f, &v))
		return MSD_PASS_ADDRESS;
	msd_skip(&v, 8);
	p = msd_pull(&v, sizeof(target));
	if (!p)
		return MSD_PASS_SHORT;
	memcpy(&target, p, sizeof(target));
	if (!msd_owns(ctx, 6, &target))
		return MSD_PASS_TARGET;
	if (msd_owns_any(ctx) && equal(&f->saddr, &unspecified))
		return MSD_PASS_DAD;
	return mac_fits(f, &target) ? MSD_GO_ON : MSD_PASS_MAC;
}

/* A DHCPv6 server's answer, behind extension headers or none. */
static bool is_dhcp6(struct msd_view v, u8 proto)
{
	if (likely(proto == IPPROTO_TCP || proto == IPPROTO_ICMPV6))
		return false;
	return msd_ipv6_ext(&v, &proto) == MSD_GO_ON &&
	       proto == IPPROTO_UDP && msd_udp_is_dhcp(6, v);
}

/* Is it for us? MSD_GO_ON: yes. */
static enum msd_verdict ours6(const struct msd_ctx *ctx,
			      const struct msd_flow *f, struct msd_view v)
{
	if (f->daddr.s6_addr[0] == 0xff)
		return group(ctx, f, v);
	if (!msd_owns(ctx, 6, &f->daddr))
		return MSD_PASS_ADDRESS;
	if (unlikely(is_dhcp6(v, f->proto)))
		return MSD_PASS_DHCP;
	if (likely(f->l2dst == MSD_L2_OWN))
		return MSD_GO_ON;
	if (f->l2dst == MSD_L2_BROADCAST ||
	    !memcmp(msd_dmac(f), allnodes_mac, ETH_ALEN))
		return MSD_DROP_BROADCAST;
	return mac_fits(f, &f->daddr) ? MSD_GO_ON : MSD_PASS_MAC;
}

/* A solicitation may come from :: (duplicate address detection). */
static bool source_ok(const struct msd_ctx *ctx, const struct msd_flow *f,
		      struct msd_view v)
{
	if (equal(&f->saddr, &unspecified))
		return is_solicitation(f, &v);
	return msd_source6_ok(ctx, &f->saddr, &f->daddr);
}

/* Judge header and source; cut @v to the packet. MSD_GO_ON: sound. */
static enum msd_verdict sound6(const struct msd_ctx *ctx,
			       const struct msd_flow *f,
			       const struct ipv6hdr *ip, struct msd_view *v)
{
	u32 len = ntohs(ip->payload_len);

	if (ip->version != 6 || len > v->len)
		return MSD_DROP_IP_HEADER;
	msd_trim(v, len);
	if (!msd_source_mac_ok(ctx, f))
		return MSD_DROP_SOURCE_MAC;
	if (!source_ok(ctx, f, *v))
		return MSD_DROP_SOURCE;
	if (msd_addrset_has(&ctx->cfg->deny, 6, &f->saddr))
		return MSD_DROP_DENIED;
	return MSD_GO_ON;
}

void msd_ipv6_put(const struct msd_ctx *ctx, const struct msd_flow *flow,
		  u8 *frame, u32 len, const struct in6_addr *saddr,
		  const struct in6_addr *daddr, const u8 *dmac, u8 hop_limit)
{
	struct ipv6hdr *ip = (void *)(frame + flow->l2_len);

	msd_link_put(ctx, flow, dmac, frame);
	*ip = (struct ipv6hdr){
		.version = 6,
		.payload_len = htons(len - flow->l2_len - HLEN6),
		.nexthdr = flow->proto,
		.hop_limit = hop_limit,
		.saddr = *saddr,
		.daddr = *daddr,
	};
}

static void finish6(const struct msd_ctx *ctx, const struct msd_flow *f,
		    const struct msd_out *out)
{
	u32 i;

	for (i = 0; i < out->nframes; i++) {
		u8 *frame = out->buf.data + out->frame[i].off;
		struct ipv6hdr *ip = (void *)(frame + f->l2_len);

		msd_ipv6_put(ctx, f, frame, out->frame[i].len, &f->daddr,
			     &f->saddr, msd_smac(f), HOP_LIMIT);
		ip->priority = out->tos >> 4;
		ip->flow_lbl[0] = out->tos << 4;
	}
}

static enum msd_verdict transport6(const struct msd_ctx *ctx,
				   struct msd_flow *f, struct msd_view v,
				   struct msd_out *out)
{
	switch (f->proto) {
	case IPPROTO_TCP:
		return msd_tcp(ctx, f, v, out);
	case IPPROTO_UDP:
		return msd_udp(ctx, f, v, out);
	case IPPROTO_ICMPV6:
		return msd_icmpv6(ctx, f, v, out);
	default:
		return MSD_DROP_PROTOCOL;
	}
}

__flatten noinline enum msd_verdict
msd_ipv6(const struct msd_ctx *ctx, struct msd_flow *flow, struct msd_view v,
	 struct msd_out *out)
{
	const struct ipv6hdr *ip = msd_pull(&v, HLEN6);
	enum msd_verdict verdict;

	if (!ip)
		return MSD_PASS_SHORT;
	flow->family = 6;
	flow->proto = ip->nexthdr;
	flow->hop_limit = ip->hop_limit;
	flow->tos = ip->priority << 4 | ip->flow_lbl[0] >> 4;
	flow->saddr = ip->saddr;
	flow->daddr = ip->daddr;
	verdict = ours6(ctx, flow, v);
	if (verdict != MSD_GO_ON)
		return verdict;
	verdict = sound6(ctx, flow, ip, &v);
	if (verdict == MSD_GO_ON)
		verdict = msd_ipv6_ext(&v, &flow->proto);
	if (verdict != MSD_GO_ON)
		return verdict;
	msd_reply_head(flow, out, HLEN6);
	verdict = transport6(ctx, flow, v, out);
	if (msd_is_answer(verdict) && verdict != MSD_ANSWER_NDISC)
		finish6(ctx, flow, out);
	return verdict;
}
