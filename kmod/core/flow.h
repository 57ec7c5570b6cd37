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
/* Bytes of one segment that are judged with what was kept ... */
#define MSD_SEGMENT_MAX 4096
/* ... and of these, bytes from the end of a segment that is longer. */
#define MSD_SEGMENT_TAIL 1024
/* Times a repeated segment draws the answer again. */
#define MSD_FLOW_REPEATS 8

/* Connections per CPU of which it is known that we have sent a FIN. */
#define MSD_FLOW_ENDS 512

/**
 * struct msd_slot - one request in the making, or just answered
 * @id: cookie hash of the connection; 0: free
 * @first: sequence number of the first byte
 * @next: sequence number after the last byte
 * @len: bytes of the request so far, gaps not counted
 * @offset: bytes of ours the client had read when it was answered
 * @wait: bytes that must come before it is judged again
 * @until: enum msd_until: what else must come
 * @line: 1: the last byte was '\n'; 2: the last two were "\n\r"; else 0
 * @repeats: times it was answered again
 * @done: it was answered; kept so that a repeat draws the same answer
 * @data: its bytes; when @len is over MSD_FLOW_BYTES the middle is missing
 */
struct msd_slot {
	u64 id;
	u32 first;
	u32 next;
	u32 len;
	u32 offset;
	u32 wait;
	u8 until;
	u8 line;
	u8 repeats;
	bool done;
	u8 data[MSD_FLOW_BYTES];
};

/**
 * struct msd_flowtab - slots of one CPU
 * @slot: hashed by id, overwritten on collision
 * @join: where a request too long for its slot is put together
 * @end: cookie hash of a connection whose client has no timestamps; in its lowest
 *	16 bits how many bytes it has read once it has read our FIN
 */
struct msd_flowtab {
	struct msd_slot slot[MSD_FLOW_SLOTS];
	u8 join[MSD_FLOW_BYTES + MSD_SEGMENT_MAX];
	u64 end[MSD_FLOW_ENDS];
};

/**
 * struct msd_stream - a segment, with what came before it
 * @in: the bytes to be judged
 * @first: sequence number of the first of them
 * @next: sequence number after the last
 * @before: bytes of the request that had come before this segment
 * @joined: a slot of this connection took part, and holds the segment now
 * @repeat: nothing new: these bytes were answered before
 * @idle: there is nothing to judge; @in is empty
 */
struct msd_stream {
	struct msd_view in;
	u32 first;
	u32 next;
	u32 before;
	bool joined;
	bool repeat;
	bool idle;
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
 * msd_flow_alone() - a segment by itself
 * @seq: sequence number of the payload
 * @payload: of the segment
 *
 * Return: the stream to judge.
 */
struct msd_stream msd_flow_alone(u32 seq, struct msd_view payload);

/**
 * msd_flow_join() - put a segment behind what is kept of its request
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 * @offset: bytes of ours the client has read
 * @seq: sequence number of the payload
 * @payload: of the segment, not empty
 *
 * A segment that does not bring what msd_flow_wait() was told to wait for costs
 * no more than its own length.
 *
 * Return: the stream to judge, if it is not idle; valid until the next call.
 */
struct msd_stream msd_flow_join(struct msd_flowtab *tab, u64 id, u32 offset,
				u32 seq, struct msd_view payload);

/**
 * msd_flow_wait() - keep a stream for the next segment
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 * @s: what msd_flow_join() or msd_flow_alone() returned
 * @need: length of @s->in at which to judge it again; 0: any
 * @until: what else must come, see struct msd_request
 */
void msd_flow_wait(struct msd_flowtab *tab, u64 id, const struct msd_stream *s,
		   u32 need, u8 until);

/**
 * msd_flow_done() - a stream was answered: keep it for a repeat
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 * @offset: bytes of ours the client had read
 * @s: what msd_flow_join() returned; one that stood alone is not kept
 */
void msd_flow_done(struct msd_flowtab *tab, u64 id, u32 offset,
		   const struct msd_stream *s);

/**
 * msd_flow_forget() - drop what is kept of a connection
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 */
void msd_flow_forget(struct msd_flowtab *tab, u64 id);

/**
 * msd_flow_end() - note that we send a FIN
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 * @offset: of the FIN: bytes of ours in front of it
 */
void msd_flow_end(struct msd_flowtab *tab, u64 id, u32 offset);

/**
 * msd_flow_ended() - has a client read our FIN?
 * @tab: table, or NULL
 * @id: cookie hash of the connection
 * @offset: bytes of ours it has read
 */
bool msd_flow_ended(const struct msd_flowtab *tab, u64 id, u32 offset);

#endif /* MSD_FLOW_H */
