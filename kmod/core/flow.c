// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that span segments.
 *
 * Limit: a table holds MSD_FLOW_SLOTS requests per CPU, MSD_FLOW_BYTES of each,
 * and never grows. Two requests in the making that hash to one slot evict each
 * other; the evicted one draws a bare ACK for its next segment, and is judged
 * from there. Of a request longer than MSD_FLOW_BYTES the first bytes and the
 * last MSD_FLOW_TAIL are kept, which is enough to recognise it and to find its
 * end. A connection whose segments arrive on different CPUs finds nothing
 * kept: receive-side scaling keeps them together.
 *
 * Nothing times out: a slot whose cookie has expired can no longer be reached.
 *
 * Segments are taken in the order they arrive. A gap is not waited for; bytes
 * seen before are not taken twice.
 */
#include <linux/minmax.h>
#include "flow.h"

#define HEAD (MSD_FLOW_BYTES - MSD_FLOW_TAIL)

size_t msd_flow_bytes(void)
{
	return sizeof(struct msd_flowtab);
}

static struct msd_slot *slot_of(struct msd_flowtab *tab, u64 id)
{
	return &tab->slot[(id >> 32) % MSD_FLOW_SLOTS];
}

/* The connection's slot, or NULL when nothing of it is kept. */
static struct msd_slot *find(struct msd_flowtab *tab, u64 id)
{
	struct msd_slot *s;

	if (!tab)
		return NULL;
	s = slot_of(tab, id);
	return s->id == id && id ? s : NULL;
}

/* Is sequence number @a before @b (RFC 9293 section 3.4)? */
static bool before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

/* A segment by itself. */
static struct msd_stream alone(u32 seq, struct msd_view payload)
{
	return (struct msd_stream){
		.in = payload,
		.first = seq,
		.next = seq + payload.len,
	};
}

/*
 * Bytes judged before: judge them again as they were judged then. Without a
 * gap or a missing middle that is the stream up to this segment's end.
 */
static struct msd_stream repeated(const struct msd_slot *s, u32 end)
{
	bool whole = s->next - s->first == s->len;
	u32 len = whole ? end - s->first : s->len;

	return (struct msd_stream){
		.in = msd_view(s->data, len),
		.first = s->first,
		.next = end,
		.joined = true,
		.repeat = true,
	};
}

/* What is kept, then the new part of the segment. */
static struct msd_stream joined(struct msd_flowtab *tab,
				const struct msd_slot *s, u32 seq,
				struct msd_view payload)
{
	struct msd_buf b = msd_buf(tab->join, sizeof(tab->join));
	u32 end = seq + payload.len;

	if (before(seq, s->next))
		msd_skip(&payload, s->next - seq);
	msd_trim(&payload, MSD_SEGMENT_MAX);
	msd_put_bytes(&b, s->data, s->len);
	msd_put_bytes(&b, payload.p, payload.len);
	return (struct msd_stream){
		.in = msd_view(b.data, b.len),
		.first = s->first,
		.next = end,
		.joined = true,
	};
}

struct msd_stream msd_flow_join(struct msd_flowtab *tab, u64 id, u32 seq,
				struct msd_view payload)
{
	const struct msd_slot *s = find(tab, id);
	u32 end = seq + payload.len;

	if (!s || before(seq, s->first))
		return alone(seq, payload);
	if (!before(s->next, end))
		return repeated(s, end);
	if (s->done)
		return alone(seq, payload);
	return joined(tab, s, seq, payload);
}

void msd_flow_keep(struct msd_flowtab *tab, u64 id,
		   const struct msd_stream *s, bool done)
{
	struct msd_slot *slot;
	u32 len = min_t(u32, s->in.len, MSD_FLOW_BYTES);

	if (!tab || s->repeat)
		return;
	slot = slot_of(tab, id);
	slot->id = id;
	slot->first = s->first;
	slot->next = s->next;
	slot->len = len;
	slot->done = done;
	memcpy(slot->data, s->in.p, min_t(u32, len, HEAD));
	if (len > HEAD)
		memcpy(slot->data + HEAD, s->in.p + s->in.len - (len - HEAD),
		       len - HEAD);
}

void msd_flow_forget(struct msd_flowtab *tab, u64 id)
{
	struct msd_slot *s = find(tab, id);

	if (unlikely(s))
		s->id = 0;
}
