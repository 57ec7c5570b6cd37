/* SPDX-License-Identifier: GPL-2.0-only */
/* What a server tells of itself and keeps, different for each own address. */
#ifndef MSD_KEYED_H
#define MSD_KEYED_H

#include <linux/siphash.h>
#include "proto.h"

/* How long a server runs at most before it seems to have been started anew. */
#define MSD_UPTIME_MAX (40 * 86400)

/**
 * msd_keyed() - a number that follows from the own address and the key
 * @rq: the request
 * @salt: what the number is for
 *
 * Return: the same for ever.
 */
static inline u64 msd_keyed(const struct msd_request *rq, u64 salt)
{
	u64 hi = (u64)get_unaligned_be32(&rq->flow->daddr) << 32, lo = 0;

	if (rq->flow->family == 6) {
		hi = get_unaligned_be64(&rq->flow->daddr);
		lo = get_unaligned_be64(&rq->flow->daddr.s6_addr[8]);
	}
	return siphash_3u64(hi, lo, salt, &rq->ctx->cfg->key);
}

/* Seconds since the server of the own address was started. */
static inline u32 msd_uptime(const struct msd_request *rq, u64 salt)
{
	u32 phase = (u32)msd_keyed(rq, salt) % MSD_UPTIME_MAX;

	return ((u32)rq->ctx->now + phase) % MSD_UPTIME_MAX;
}

#endif /* MSD_KEYED_H */
