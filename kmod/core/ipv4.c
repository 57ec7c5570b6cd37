// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4: whose packet is it, is it sound, and the header of the reply.
 *
 * Options are skipped and never sent; a source route drops the packet, as Linux
 * does unless told otherwise. Fragments are silent. A TTL of zero is
 * accepted (RFC 1122 section 3.2.1.7). A packet in a broadcast frame is silent
 * (section 3.3.6): either its destination is a broadcast address, which we may
 * not answer from, or it should not have come that way.
 */
#include <linux/bits.h>
#include <linux/in.h>
#include <linux/ip.h>
#include "net.h"

#define HLEN4 ((u32)sizeof(struct iphdr))
#define TTL 64
#define MF_OR_OFFSET 0x3fff
#define OFFSET 0x1fff
#define DF 0x4000

bool msd_unicast4(const u8 *addr)
{
	/* One bit for each first octet that is not: 0, 127, 224 and above. */
	static const u32 other[8] = { BIT(0), 0, 0, BIT(31), 0, 0, 0, ~0U };

	return !(other[addr[0] / 32] & BIT(addr[0] % 32));
}

bool msd_source4_ok(const struct msd_ctx *ctx, __be32 saddr, __be32 daddr)
{
	if (unlikely(!msd_unicast4((const u8 *)&saddr)) ||
	    unlikely(saddr == daddr))
		return false;
	return !msd_addrset_has(&ctx->cfg->own, 4, &saddr);
}

/* RFC 1112 section 6.4: the group MAC of an IPv4 address. */
static bool group_mac(const u8 *mac, const u8 *addr)
{
	return mac[3] == (addr[1] & 0x7f) && mac[4] == addr[2] &&
	       mac[5] == addr[3];
}

/* A DHCP server's answer; @v begins behind the fixed header. */
static bool is_dhcp4(const struct iphdr *ip, struct msd_view v)
{
	u32 hlen = ip->ihl * 4;

	if (likely(ip->protocol != IPPROTO_UDP) || hlen < HLEN4 ||
	    ip->frag_off & htons(OFFSET))
		return false;
	msd_skip(&v, hlen - HLEN4);
	return msd_udp_is_dhcp(4, v);
}

/* Is it for us? MSD_GO_ON: yes. */
static enum msd_verdict ours4(const struct msd_ctx *ctx,
			      const struct msd_flow *f,
			      const struct iphdr *ip, struct msd_view v)
{
	const u8 *daddr = f->daddr.s6_addr;

	if (unlikely(!msd_owns(ctx, 4, daddr)))
		return MSD_PASS_ADDRESS;
	if (unlikely(is_dhcp4(ip, v)))
		return MSD_PASS_DHCP;
	if (likely(f->l2dst == MSD_L2_OWN))
		return MSD_GO_ON;
	if (f->l2dst == MSD_L2_BROADCAST)
		return MSD_DROP_BROADCAST;
	if (f->l2dst == MSD_L2_MCAST4 && group_mac(msd_dmac(f), daddr))
		return MSD_GO_ON;
	return MSD_PASS_MAC;
}

#define OPT_EOL 0
#define OPT_NOP 1
#define OPT_LSRR 131
#define OPT_SSRR 137

/* Well formed, and nobody's wish to choose the way: as Linux without one. */
static noinline bool ip_options_ok(struct msd_view v)
{
	while (v.len && *v.p != OPT_EOL) {
		u8 type = msd_get8(&v), len;

		if (type == OPT_NOP)
			continue;
		len = msd_get8(&v);
		if (len < 2 || type == OPT_LSRR || type == OPT_SSRR)
			return false;
		msd_skip(&v, len - 2);
	}
	return msd_view_ok(&v);
}

/* Judge header and source; cut @v to the packet. MSD_GO_ON: sound. */
static enum msd_verdict sound4(const struct msd_ctx *ctx,
			       const struct msd_flow *f,
			       const struct iphdr *ip, struct msd_view *v)
{
	u32 hlen = ip->ihl * 4, total = ntohs(ip->tot_len);

	if (unlikely(ip->version != 4 || hlen < HLEN4 || total < hlen ||
		     total - HLEN4 > v->len))
		return MSD_DROP_IP_HEADER;
	v->len = total - HLEN4;
	if (unlikely(hlen > HLEN4) &&
	    !ip_options_ok(msd_sub(v, hlen - HLEN4)))
		return MSD_DROP_IP_HEADER;
	if (unlikely(ip_fast_csum(ip, ip->ihl)))
		return MSD_DROP_IP_CHECKSUM;
	if (unlikely(!msd_source_mac_ok(ctx, f)))
		return MSD_DROP_SOURCE_MAC;
	if (unlikely(!msd_source4_ok(ctx, ip->saddr, ip->daddr)))
		return MSD_DROP_SOURCE;
	if (unlikely(msd_addrset_has(&ctx->cfg->deny, 4, &ip->saddr)))
		return MSD_DROP_DENIED;
	if (unlikely(ip->frag_off & htons(MF_OR_OFFSET)))
		return MSD_DROP_FRAGMENT;
	return MSD_GO_ON;
}

/* Version and length, DF, TTL: what the pseudo-header has not. */
#define CONSTANT_WORDS (0x4500 + DF + (TTL << 8))

/* The header's sum is the pseudo-header's and that of the constant words. */
static __sum16 header_csum(const struct iphdr *ip)
{
	return csum_tcpudp_magic(ip->saddr, ip->daddr, ntohs(ip->tot_len),
				 ip->protocol,
				 (__force __wsum)htonl(CONSTANT_WORDS +
							       ip->tos));
}

static void finish4(const struct msd_ctx *ctx, const struct msd_flow *f,
		    const struct msd_out *out)
{
	u32 i;

	for (i = 0; i < out->nframes; i++) {
		u8 *frame = out->buf.data + out->frame[i].off;
		struct iphdr *ip = (void *)(frame + f->l2_len);

		msd_link_put(ctx, f, msd_smac(f), frame);
		*ip = (struct iphdr){
			.version = 4,
			.ihl = sizeof(*ip) / 4,
			.tos = out->tos,
			.tot_len = htons(out->frame[i].len - f->l2_len),
			.frag_off = htons(DF),
			.ttl = TTL,
			.protocol = f->proto,
			.saddr = f->daddr.s6_addr32[0],
			.daddr = f->saddr.s6_addr32[0],
		};
		ip->check = header_csum(ip);
	}
}

static enum msd_verdict transport4(const struct msd_ctx *ctx,
				   struct msd_flow *f, struct msd_view v,
				   struct msd_out *out)
{
	switch (f->proto) {
	case IPPROTO_TCP:
		return msd_tcp(ctx, f, v, out);
	case IPPROTO_UDP:
		return msd_udp(ctx, f, v, out);
	case IPPROTO_ICMP:
		return msd_icmp(ctx, f, v, out);
	default:
		return MSD_DROP_PROTOCOL;
	}
}

enum msd_verdict msd_ipv4(const struct msd_ctx *ctx, struct msd_flow *flow,
			  struct msd_view v, struct msd_out *out)
{
	const struct iphdr *ip = msd_pull(&v, HLEN4);
	enum msd_verdict verdict;

	if (unlikely(!ip))
		return MSD_PASS_SHORT;
	flow->family = 4;
	flow->proto = ip->protocol;
	flow->hop_limit = ip->ttl;
	flow->tos = ip->tos;
	flow->saddr.s6_addr32[0] = ip->saddr;
	flow->daddr.s6_addr32[0] = ip->daddr;
	verdict = ours4(ctx, flow, ip, v);
	if (unlikely(verdict != MSD_GO_ON))
		return verdict;
	verdict = sound4(ctx, flow, ip, &v);
	if (unlikely(verdict != MSD_GO_ON))
		return verdict;
	msd_reply_head(flow, out, HLEN4);
	verdict = transport4(ctx, flow, v, out);
	if (likely(msd_is_answer(verdict)))
		finish4(ctx, flow, out);
	return verdict;
}
