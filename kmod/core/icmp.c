// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP (RFC 792): echo requests are answered, nothing else is. An error or a
 * reply must never draw one (RFC 1122 section 3.2.2).
 */
#include <linux/icmp.h>
#include "net.h"

/* Type, code, checksum, identifier, sequence number. */
#define ECHO_HLEN 8

void msd_echo(const struct msd_flow *flow, struct msd_view v,
	      struct msd_out *out, u8 type)
{
	u8 *p = msd_put(&out->buf, v.len);
	__sum16 sum;

	if (!p)
		return;
	memcpy(p + 4, v.p + 4, v.len - 4);
	p[0] = type;
	p[1] = 0;
	memset(p + 2, 0, 2);
	sum = msd_csum_reply(flow, p, v.len);
	memcpy(p + 2, &sum, 2);
	msd_reply_frame(out);
}

enum msd_verdict msd_icmp(const struct msd_ctx *ctx, struct msd_flow *flow,
			  struct msd_view v, struct msd_out *out)
{
	if (v.len < ECHO_HLEN)
		return MSD_DROP_ICMP;
	memcpy(&flow->sport, v.p, 2);
	if (v.p[0] != ICMP_ECHO || v.p[1])
		return MSD_DROP_ICMP;
	if (!msd_csum_ok(ctx, flow, v.p, v.len))
		return MSD_DROP_CHECKSUM;
	if (out->head - flow->l2_len + v.len > ctx->mtu)
		return MSD_DROP_REPLY_SIZE;
	msd_echo(flow, v, out, ICMP_ECHOREPLY);
	return out->nframes ? MSD_ANSWER_ECHO : MSD_DROP_REPLY_SIZE;
}
