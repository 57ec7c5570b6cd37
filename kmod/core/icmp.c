// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP (RFC 792): echo requests are answered, whatever their code; it comes back
 * as the type of service does (RFC 1349 section 5.1). Nothing else is answered. An error or a
 * reply must never draw one (RFC 1122 section 3.2.2).
 */
#include <linux/icmp.h>
#include "net.h"

/*
 * The type is all that changes, and the pseudo-header is symmetric: a
 * checksum that was verified here follows from the request's (RFC 1624). One
 * that only the hardware has seen may not be a checksum (MSD_CSUM_GOOD), or may
 * have changed on its way to memory, and has to be made.
 */
static __sum16 checksum(const struct msd_ctx *ctx, const struct msd_flow *flow,
			const u8 *request, const u8 *reply, u32 len)
{
	__be16 old, new;
	__sum16 sum;

	if (unlikely(ctx->csum != MSD_CSUM_NONE))
		return msd_csum_reply(flow, flow->family == 6 ? flow->proto : 0,
				      reply, len);
	memcpy(&old, request, 2);
	memcpy(&new, reply, 2);
	memcpy(&sum, request + 2, 2);
	return csum_fold(csum_add(csum_sub(~csum_unfold(sum),
					   (__force __wsum)old),
				  (__force __wsum)new));
}

void msd_echo(const struct msd_ctx *ctx, const struct msd_flow *flow,
	      struct msd_view v, struct msd_out *out, u8 type)
{
	u8 *p = msd_put(&out->buf, v.len);
	__sum16 sum;

	if (!p)
		return;
	memcpy(p + 4, v.p + 4, v.len - 4);
	p[0] = type;
	p[1] = v.p[1];
	memset(p + 2, 0, 2);
	sum = checksum(ctx, flow, v.p, p, v.len);
	memcpy(p + 2, &sum, 2);
	out->tos = flow->tos;
	msd_reply_frame(out);
}

enum msd_verdict msd_icmp(const struct msd_ctx *ctx, struct msd_flow *flow,
			  struct msd_view v, struct msd_out *out)
{
	if (v.len < MSD_ECHO_HLEN)
		return MSD_DROP_ICMP;
	memcpy(&flow->sport, v.p, 2);
	if (v.p[0] != ICMP_ECHO)
		return MSD_DROP_ICMP;
	if (!msd_csum_ok(ctx, flow, 0, v.p, v.len))
		return MSD_DROP_CHECKSUM;
	if (out->head - flow->l2_len + v.len > ctx->mtu)
		return MSD_DROP_REPLY_SIZE;
	msd_echo(ctx, flow, v, out, ICMP_ECHOREPLY);
	return out->nframes ? MSD_ANSWER_ECHO : MSD_DROP_REPLY_SIZE;
}
