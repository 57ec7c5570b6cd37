// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a frame enters the core: destination MAC, VLAN tags, EtherType.
 *
 *   destination MAC                          taken up for
 *   own                                      ARP, IPv4, IPv6
 *   ff:ff:ff:ff:ff:ff                        ARP, IPv6 (IPv4: see ipv4.c)
 *   01:00:5e + low 23 bits of the IPv4       IPv4 to that own address
 *     destination (RFC 1112)
 *   33:33:00:00:00:01                        IPv6
 *   33:33:ff + low 24 bits of the target     IPv6 to that own address,
 *     or destination (RFC 4291)                solicitations of it
 *
 * The group addresses are derived from the packet's own destination, so a
 * million own addresses cost no more than one.
 */
#include "net.h"

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static enum msd_l2dst classify(const struct msd_ctx *ctx, const u8 *dmac)
{
	if (likely(!memcmp(dmac, ctx->mac, ETH_ALEN)))
		return MSD_L2_OWN;
	if (!(dmac[0] & 1))
		return MSD_L2_OTHER;
	if (!memcmp(dmac, broadcast, ETH_ALEN))
		return MSD_L2_BROADCAST;
	if (dmac[0] == 0x33 && dmac[1] == 0x33)
		return MSD_L2_MCAST6;
	if (dmac[0] == 0x01 && dmac[1] == 0x00 && dmac[2] == 0x5e &&
	    !(dmac[3] & 0x80))
		return MSD_L2_MCAST4;
	return MSD_L2_OTHER;
}

bool msd_source_mac_ok(const struct msd_ctx *ctx, const struct msd_flow *flow)
{
	const u8 *smac = msd_smac(flow);

	return !(smac[0] & 1) && memcmp(smac, ctx->mac, ETH_ALEN) != 0;
}

void msd_link_put(const struct msd_ctx *ctx, const struct msd_flow *flow,
		  const u8 *dmac, u8 *frame)
{
	memcpy(frame, dmac, ETH_ALEN);
	memcpy(frame + ETH_ALEN, ctx->mac, ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, flow->l2 + 2 * ETH_ALEN, 2);
	if (unlikely(flow->l2_len > ETH_HLEN))
		memcpy(frame + ETH_HLEN, flow->l2 + ETH_HLEN,
		       flow->l2_len - ETH_HLEN);
}

void msd_reply_head(const struct msd_flow *flow, struct msd_out *out, u32 nhlen)
{
	out->head = flow->l2_len + nhlen;
	out->buf.len = out->head;
	out->tos = 0;
}

void msd_reply_frame(struct msd_out *out)
{
	out->frame[0].off = 0;
	out->frame[0].len = out->buf.len;
	out->nframes = 1;
}

bool msd_owns(const struct msd_ctx *ctx, u8 family, const void *addr)
{
	if (likely(msd_addrset_has(&ctx->cfg->own, family, addr)))
		return likely(!ctx->late) ||
		       !msd_addrset_has(ctx->late, family, addr);
	if (!msd_addrset_empty(&ctx->cfg->own))
		return false;
	if (family == 4 ? !msd_unicast4(addr) : !msd_unicast6(addr))
		return false;
	return !ctx->host_has(ctx->host, family, addr);
}

static bool is_vlan(u16 type)
{
	return type == ETH_P_8021Q || type == ETH_P_8021AD;
}

/* Read the link header; the EtherType behind the tags, 0 when too short. */
static u16 link(const struct msd_ctx *ctx, struct msd_view *v,
		struct msd_flow *flow)
{
	const u8 *eth = msd_pull(v, ETH_HLEN);
	u16 type;
	int tags;

	if (unlikely(!eth))
		return 0;
	flow->l2 = eth;
	flow->l2_len = ETH_HLEN;
	flow->l2dst = classify(ctx, eth);
	type = get_unaligned_be16(eth + 2 * ETH_ALEN);
	if (likely(!is_vlan(type)))
		return type;
	for (tags = 0; tags < MSD_VLAN_MAX && is_vlan(type); tags++) {
		msd_skip(v, 2);
		type = msd_get_be16(v);
		flow->l2_len += 4;
	}
	return msd_view_ok(v) ? type : 0;
}

/* By the outer tag; without one it is VLAN 0, as with a priority alone. */
static bool on_vlan(const struct msd_ctx *ctx, const struct msd_flow *flow)
{
	u16 id = ctx->vlan;

	if (!id && flow->l2_len > ETH_HLEN)
		id = get_unaligned_be16(flow->l2 + ETH_HLEN);
	return msd_vlan_has(ctx->cfg->vlans, id & 0xfff);
}

/* All but what link() sets; addresses have no meaning without a family. */
static void flow_init(struct msd_flow *flow, const struct msd_view *frame)
{
	flow->end = frame->p + frame->len;
	flow->l2dst = MSD_L2_OTHER;
	flow->family = 0;
	flow->proto = 0;
	flow->responder = 0xff;
	flow->hop_limit = 0;
	flow->tos = 0;
	flow->sport = 0;
	flow->dport = 0;
}

enum msd_verdict
msd_answer(const struct msd_ctx *ctx, struct msd_view frame,
	   struct msd_flow *flow, struct msd_out *out)
{
	u16 type;

	flow_init(flow, &frame);
	type = link(ctx, &frame, flow);
	if (unlikely(flow->l2dst == MSD_L2_OTHER))
		return type ? MSD_PASS_MAC : MSD_PASS_SHORT;
	if (unlikely(ctx->cfg->some_vlans) && type && !on_vlan(ctx, flow))
		return MSD_PASS_VLAN;
	switch (type) {
	case 0:
		return MSD_PASS_SHORT;
	case ETH_P_IP:
		return msd_ipv4(ctx, flow, frame, out);
	case ETH_P_IPV6:
		return msd_ipv6(ctx, flow, frame, out);
	case ETH_P_ARP:
		return msd_arp(ctx, flow, frame, out);
	default:
		return MSD_PASS_ETHERTYPE;
	}
}
