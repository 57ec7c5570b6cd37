// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMPv6 (RFC 4443): echo requests and neighbour solicitations, nothing else.
 */
#include <linux/icmpv6.h>
#include "net.h"

static enum msd_verdict echo(const struct msd_ctx *ctx,
			     const struct msd_flow *flow, struct msd_view v,
			     struct msd_out *out)
{
	if (!msd_csum_ok(ctx, flow, IPPROTO_ICMPV6, v.p, v.len))
		return MSD_DROP_CHECKSUM;
	if (out->head - flow->l2_len + v.len > ctx->mtu)
		return MSD_DROP_REPLY_SIZE;
	msd_echo(ctx, flow, v, out, ICMPV6_ECHO_REPLY);
	return out->nframes ? MSD_ANSWER_ECHO6 : MSD_DROP_REPLY_SIZE;
}

enum msd_verdict msd_icmpv6(const struct msd_ctx *ctx, struct msd_flow *flow,
			    struct msd_view v, struct msd_out *out)
{
	if (v.len < MSD_ECHO_HLEN)
		return MSD_DROP_ICMP;
	memcpy(&flow->sport, v.p, 2);
	if (v.p[0] == MSD_ICMPV6_NS)
		return msd_ndisc(ctx, flow, v, out);
	if (v.p[0] != ICMPV6_ECHO_REQUEST)
		return MSD_DROP_ICMP;
	return echo(ctx, flow, v, out);
}
