/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP timestamps: a clock for each pair of addresses, and a mark that comes
 * back with its echo.
 */
#ifndef MSD_STAMP_H
#define MSD_STAMP_H

#include "core.h"

/**
 * msd_stamp_offset() - where the clock of a pair of addresses stands at zero
 * @key: of the interface
 * @flow: the addresses
 *
 * Return: what msd_stamp() adds to the time.
 */
u32 msd_stamp_offset(const siphash_key_t *key, const struct msd_flow *flow);

/* Our timestamp: steps of 2, one every 2 ms; the lowest bit is the mark. */
static inline u32 msd_stamp(u32 offset, u32 now_ms, bool mark)
{
	return offset + (now_ms & ~1U) + mark;
}

/**
 * msd_stamp_marked() - does a client echo a timestamp of ours with the mark?
 * @offset: of the pair
 * @now_ms: the millisecond clock
 * @echo: what it echoes
 *
 * A client that echoes no timestamp of ours is taken for one that echoes the
 * mark once in 8,192 times.
 */
static inline bool msd_stamp_marked(u32 offset, u32 now_ms, u32 echo)
{
	u32 then = echo - offset;

	/* no cookie is older */
	return (then & 1) && (now_ms & ~1U) - (then & ~1U) < 1 << 19;
}

#endif /* MSD_STAMP_H */
