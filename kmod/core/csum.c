// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport checksums, requests and replies, over the kernel's own sums.
 */
#include <linux/in.h>
#include "net.h"

__sum16 msd_csum_fold(const struct msd_flow *f, u8 proto, u32 len, __wsum sum)
{
	if (!proto)
		return csum_fold(sum);
	if (f->family == 6)
		return csum_ipv6_magic(&f->saddr, &f->daddr, len, proto, sum);
	return csum_tcpudp_magic(f->saddr.s6_addr32[0], f->daddr.s6_addr32[0],
				 len, proto, sum);
}

/*
 * The hardware's sum covers the network headers as well, and link padding if
 * there is any: take the headers off; leave padding to the slow way.
 */
static noinline bool complete_ok(const struct msd_ctx *ctx,
				 const struct msd_flow *f, u8 proto,
				 const u8 *l4, u32 len)
{
	const u8 *start = f->l2 + ETH_HLEN;
	__wsum head;

	if (l4 + len != f->end)
		return false;
	head = csum_partial(start, l4 - start, 0);
	return !msd_csum_fold(f, proto, len, csum_sub(ctx->csum_value, head));
}

bool msd_csum_ok(const struct msd_ctx *ctx, const struct msd_flow *flow,
		 u8 proto, const void *l4, u32 len)
{
	if (unlikely(ctx->csum != MSD_CSUM_NONE) &&
	    (ctx->csum == MSD_CSUM_GOOD ||
	     complete_ok(ctx, flow, proto, l4, len)))
		return true;
	return !msd_csum_fold(flow, proto, len, csum_partial(l4, len, 0));
}

__sum16 msd_csum_reply(const struct msd_flow *flow, u8 proto, const void *l4,
		       u32 len)
{
	return msd_csum_fold(flow, proto, len, csum_partial(l4, len, 0));
}
