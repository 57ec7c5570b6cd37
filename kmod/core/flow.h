/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one table: first bytes of requests that arrived incomplete.
 */
#ifndef MSD_FLOW_H
#define MSD_FLOW_H

#include "core.h"

/* Bytes of a request kept between two segments. */
#define MSD_FLOW_BYTES 2048
/* Of these, bytes kept from the end of a request that is longer. */
#define MSD_FLOW_TAIL 64
/* Requests kept per CPU; a power of two. */
#define MSD_FLOW_SLOTS 256
/* Bytes of one segment that are joined to what was kept. */
#define MSD_SEGMENT_MAX 4096

/**
 * struct msd_slot - one request in the making, or just answered
 * @id: cookie hash of the connection; 0: free
 * @first: sequence number of the first byte
 * @next: sequence number after the last byte
 * @len: bytes in @data
 * @done: it was answered; kept so that a repeat draws the same answer
 * @data: its bytes; when @len is MSD_FLOW_BYTES the middle may be missing
 */
struct msd_slot {
	u64 id;
	u32 first;
	u32 next;
	u16 len;
	bool done;
	u8 data[MSD_FLOW_BYTES];
};

/**
 * struct msd_flowtab - slots of one CPU
 * @slot: hashed by id, overwritten on collision
 * @join: where a kept request and the segment at hand are put together
 */
struct msd_flowtab {
	struct msd_slot slot[MSD_FLOW_SLOTS];
	u8 join[MSD_FLOW_BYTES + MSD_SEGMENT_MAX];
};

/**
 * struct msd_stream - a segment, with what came before it
 * @in: the bytes to be judged
 * @first: sequence number of the first of them
 * @next: sequence number after the last
 * @joined: a slot of this connection took part
 * @repeat: nothing new: these bytes were judged before
 */
struct msd_stream {
	struct msd_view in;
	u32 first;
	u32 next;
	bool joined;
	bool repeat;
};

/**
 * msd_flow_bytes() - memory one table needs
 *
 * Zeroed memory of this size is an empty table. The caller sees to it that a
 * table is used by one CPU at a time (softirq, or BH off).
 *
 * Return: bytes.
 */
size_t msd_flow_bytes(void);

/**
 * msd_flow_join() - put a segment behind what is kept of its request
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 * @seq: sequence number of the payload
 * @payload: of the segment, not empty
 *
 * Return: the stream to judge; valid until the next call.
 */
struct msd_stream msd_flow_join(struct msd_flowtab *tab, u64 id, u32 seq,
				struct msd_view payload);

/**
 * msd_flow_keep() - keep a stream for the next segment or a repeat
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 * @s: what msd_flow_join() returned
 * @done: it was answered
 */
void msd_flow_keep(struct msd_flowtab *tab, u64 id,
		   const struct msd_stream *s, bool done);

/**
 * msd_flow_forget() - drop what is kept of a connection
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 */
void msd_flow_forget(struct msd_flowtab *tab, u64 id);

#endif /* MSD_FLOW_H */
