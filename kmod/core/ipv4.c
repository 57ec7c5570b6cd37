// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4: whose packet is it, is it sound, and the header of the reply.
 *
 * Options are skipped and never sent. Fragments are silent. A TTL of zero is
 * accepted (RFC 1122 section 3.2.1.7). A packet in a broadcast frame is silent
 * (section 3.3.6): either its destination is a broadcast address, which we may
 * not answer from, or it should not have come that way.
 */
#include <linux/in.h>
#include <linux/ip.h>
#include "net.h"

#define HLEN ((u32)sizeof(struct iphdr))
#define TTL 64
#define MF_OR_OFFSET 0x3fff
#define DF 0x4000

bool msd_unicast4(const u8 *addr)
{
	return addr[0] && addr[0] != 127 && addr[0] < 224;
}

bool msd_source4_ok(const struct msd_ctx *ctx, __be32 saddr, __be32 daddr)
{
	if (!msd_unicast4((const u8 *)&saddr) || saddr == daddr)
		return false;
	return msd_addrset_empty(&ctx->cfg->own) ||
	       !msd_addrset_has(&ctx->cfg->own, 4, &saddr);
}

/* RFC 1112 section 6.4: the group MAC of an IPv4 address. */
static bool group_mac(const u8 *mac, const u8 *addr)
{
	return mac[3] == (addr[1] & 0x7f) && mac[4] == addr[2] &&
	       mac[5] == addr[3];
}

/* Is it for us? MSD_GO_ON: yes. */
static enum msd_verdict ours(const struct msd_ctx *ctx,
			     const struct msd_flow *f)
{
	const u8 *daddr = f->daddr.s6_addr;

	if (!msd_owns(ctx, 4, daddr))
		return MSD_PASS_ADDRESS;
	if (f->l2dst == MSD_L2_OWN)
		return MSD_GO_ON;
	if (f->l2dst == MSD_L2_BROADCAST)
		return MSD_DROP_BROADCAST;
	if (f->l2dst == MSD_L2_MCAST4 && group_mac(f->dmac, daddr))
		return MSD_GO_ON;
	return MSD_PASS_MAC;
}

/* Judge header and source; cut @v to the packet. MSD_GO_ON: sound. */
static enum msd_verdict sound(const struct msd_ctx *ctx,
			      const struct msd_flow *f,
			      const struct iphdr *ip, struct msd_view *v)
{
	u32 hlen = ip->ihl * 4, total = ntohs(ip->tot_len);

	if (ip->version != 4 || hlen < HLEN || total < hlen ||
	    total - HLEN > v->len)
		return MSD_DROP_IP_HEADER;
	msd_trim(v, total - HLEN);
	msd_skip(v, hlen - HLEN);
	if (ip_fast_csum(ip, ip->ihl))
		return MSD_DROP_IP_CHECKSUM;
	if (!msd_source_mac_ok(ctx, f))
		return MSD_DROP_SOURCE_MAC;
	if (!msd_source4_ok(ctx, ip->saddr, ip->daddr))
		return MSD_DROP_SOURCE;
	if (msd_addrset_has(&ctx->cfg->deny, 4, &ip->saddr))
		return MSD_DROP_DENIED;
	if (ip->frag_off & htons(MF_OR_OFFSET))
		return MSD_DROP_FRAGMENT;
	return MSD_GO_ON;
}

static void finish(const struct msd_ctx *ctx, const struct msd_flow *f,
		   const struct msd_out *out)
{
	u32 i;

	for (i = 0; i < out->nframes; i++) {
		u8 *frame = out->buf.data + out->frame[i].off;
		struct iphdr *ip = (void *)(frame + f->l2_len);

		msd_link_put(ctx, f, f->smac, frame);
		*ip = (struct iphdr){
			.version = 4,
			.ihl = 5,
			.tot_len = htons(out->frame[i].len - f->l2_len),
			.frag_off = htons(DF),
			.ttl = TTL,
			.protocol = f->proto,
			.saddr = f->daddr.s6_addr32[0],
			.daddr = f->saddr.s6_addr32[0],
		};
		ip->check = ip_fast_csum(ip, 5);
	}
}

static enum msd_verdict transport(const struct msd_ctx *ctx,
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
	const struct iphdr *ip = msd_pull(&v, HLEN);
	enum msd_verdict verdict;

	if (!ip)
		return MSD_PASS_SHORT;
	flow->family = 4;
	flow->proto = ip->protocol;
	flow->hop_limit = ip->ttl;
	flow->saddr.s6_addr32[0] = ip->saddr;
	flow->daddr.s6_addr32[0] = ip->daddr;
	verdict = ours(ctx, flow);
	if (verdict != MSD_GO_ON)
		return verdict;
	verdict = sound(ctx, flow, ip, &v);
	if (verdict != MSD_GO_ON)
		return verdict;
	msd_reply_head(flow, out, HLEN);
	verdict = transport(ctx, flow, v, out);
	if (msd_is_answer(verdict))
		finish(ctx, flow, out);
	return verdict;
}
