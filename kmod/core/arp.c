// SPDX-License-Identifier: GPL-2.0-only
/*
 * ARP (RFC 826). A request for an own address is answered by our MAC to the
 * MAC the frame came from. A probe (sender 0.0.0.0, RFC 5227) of a listed own
 * address is answered: it is in use. An announcement (sender equals target) asks
 * nothing. Everything about other addresses is the host's business; so is, when
 * none is listed, whatever does not ask: the host has neighbours to keep, and a
 * machine that probes an address is about to take it.
 */
#include <linux/if_arp.h>
#include <linux/string.h>
#include "net.h"

/* ARP for Ethernet and IPv4, as on the wire. */
struct arp_eth {
	__be16 htype;
	__be16 ptype;
	u8 hlen;
	u8 plen;
	__be16 op;
	u8 sha[ETH_ALEN];
	u8 spa[4];
	u8 tha[ETH_ALEN];
	u8 tpa[4];
} __packed;

static bool is_request(const struct arp_eth *a)
{
	return (a->htype == htons(ARPHRD_ETHER) ||
		a->htype == htons(ARPHRD_IEEE802)) && a->ptype == htons(ETH_P_IP) &&
	       a->hlen == ETH_ALEN && a->plen == 4 &&
	       a->op == htons(ARPOP_REQUEST);
}

/* Does somebody who has an address ask for another one? */
static bool asks(const struct arp_eth *a)
{
	static const u8 nobody[4];

	return is_request(a) && memcmp(a->spa, nobody, 4) &&
	       memcmp(a->spa, a->tpa, 4);
}

static void reply(const struct msd_ctx *ctx, const struct msd_flow *flow,
		  const struct arp_eth *q, struct msd_out *out)
{
	struct arp_eth *r;

	msd_reply_head(flow, out, 0);
	r = msd_put(&out->buf, sizeof(*r));
	if (!r)
		return;
	*r = *q;
	r->htype = htons(ARPHRD_ETHER);
	r->op = htons(ARPOP_REPLY);
	memcpy(r->sha, ctx->mac, ETH_ALEN);
	memcpy(r->spa, q->tpa, 4);
	memcpy(r->tha, q->sha, ETH_ALEN);
	memcpy(r->tpa, q->spa, 4);
	msd_link_put(ctx, flow, msd_smac(flow), out->buf.data);
	msd_reply_frame(out);
}

enum msd_verdict msd_arp(const struct msd_ctx *ctx, struct msd_flow *flow,
			 struct msd_view v, struct msd_out *out)
{
	const struct arp_eth *q = msd_pull(&v, sizeof(*q));
	__be32 probe = 0;

	if (!q)
		return MSD_PASS_SHORT;
	memcpy(&flow->saddr, q->spa, 4);
	memcpy(&flow->daddr, q->tpa, 4);
	if (flow->l2dst != MSD_L2_OWN && flow->l2dst != MSD_L2_BROADCAST)
		return MSD_PASS_MAC;
	if (!msd_owns(ctx, 4, q->tpa))
		return MSD_PASS_TARGET;
	if (msd_owns_any(ctx) && !asks(q))
		return MSD_PASS_DAD;
	if (!is_request(q))
		return MSD_DROP_ARP;
	if (!msd_source_mac_ok(ctx, flow))
		return MSD_DROP_SOURCE_MAC;
	if (memcmp(q->spa, &probe, 4) &&
	    !msd_source4_ok(ctx, flow->saddr.s6_addr32[0],
			    flow->daddr.s6_addr32[0]))
		return MSD_DROP_SOURCE;
	if (msd_addrset_has(&ctx->cfg->deny, 4, q->spa))
		return MSD_DROP_DENIED;
	reply(ctx, flow, q, out);
	return out->nframes ? MSD_ANSWER_ARP : MSD_DROP_REPLY_SIZE;
}
