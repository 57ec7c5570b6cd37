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
 * seen before are not taken twice, and draw no second answer once the client
 * has read of the first.
 */
#include <linux/minmax.h>
#include "flow.h"
#include "../proto/proto.h"

#define HEAD (MSD_FLOW_BYTES - MSD_FLOW_TAIL)
#define SEGMENT_HEAD (MSD_SEGMENT_MAX - MSD_SEGMENT_TAIL)
/* A request longer than this only counts as long. */
#define LEN_MAX 0x7fffffffU

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

/* Bytes that @s->data holds. */
static u32 kept(const struct msd_slot *s)
{
	return min_t(u32, s->len, MSD_FLOW_BYTES);
}

/* The last MSD_FLOW_TAIL of what was kept behind HEAD, and of @v. */
static void append_tail(struct msd_slot *s, struct msd_view v)
{
	u8 *tail = s->data + HEAD;
	u32 have = kept(s) - HEAD, stay;

	if (v.len > MSD_FLOW_TAIL)
		msd_skip(&v, v.len - MSD_FLOW_TAIL);
	stay = min_t(u32, have, MSD_FLOW_TAIL - v.len);
	memmove(tail, tail + have - stay, stay);
	memcpy(tail + stay, v.p, v.len);
}

static void append(struct msd_slot *s, struct msd_view v)
{
	u32 len = s->len + v.len;

	if (s->len < HEAD) {
		struct msd_view head =
			msd_sub(&v, min_t(u32, v.len, HEAD - s->len));

		memcpy(s->data + s->len, head.p, head.len);
		s->len += head.len;
	}
	if (v.len)
		append_tail(s, v);
	s->len = min_t(u32, len, LEN_MAX);
}

/* Does @v begin with the end of a line? */
static bool begins_with_line_end(const struct msd_view *v)
{
	return msd_starts(v, "\n", 1) || msd_starts(v, "\r\n", 2);
}

/*
 * Put @tail behind @b, whose end preceded it once, but not closely. The seam
 * must not look like a blank line: a line end in front of it becomes blanks.
 */
static void put_apart(struct msd_buf *b, struct msd_view tail)
{
	u32 n = b->len;

	if (begins_with_line_end(&tail))
		while (n && (b->data[n - 1] == '\n' || b->data[n - 1] == '\r'))
			b->data[--n] = ' ';
	msd_put_bytes(b, tail.p, tail.len);
}

/* What is kept, then @v; in parts where that is too long. */
static struct msd_view show(struct msd_flowtab *tab, const struct msd_slot *s,
			    struct msd_view v)
{
	struct msd_buf b = msd_buf(tab->join, sizeof(tab->join));

	if (s->len > MSD_FLOW_BYTES) {
		msd_put_bytes(&b, s->data, HEAD);
		put_apart(&b, msd_view(s->data + HEAD, MSD_FLOW_TAIL));
	} else {
		msd_put_bytes(&b, s->data, s->len);
	}
	if (v.len > MSD_SEGMENT_MAX) {
		msd_put_bytes(&b, v.p, SEGMENT_HEAD);
		msd_skip(&v, v.len - MSD_SEGMENT_TAIL);
		put_apart(&b, v);
	} else {
		msd_put_bytes(&b, v.p, v.len);
	}
	return msd_view(b.data, b.len);
}

/* Put @v behind what is kept. Return: all of it, or what is left of it. */
static struct msd_view absorb(struct msd_flowtab *tab, struct msd_slot *s,
			      struct msd_view v)
{
	struct msd_view all;

	if (s->len + v.len <= MSD_FLOW_BYTES) {
		append(s, v);
		return msd_view(s->data, s->len);
	}
	all = show(tab, s, v);
	append(s, v);
	return all;
}

/* The value of msd_slot.line behind @c. */
static u8 line_behind(u8 line, u8 c)
{
	if (c == '\n')
		return 1;
	return c == '\r' && line == 1 ? 2 : 0;
}

/* Has the line come that is waited for? */
static bool line_came(struct msd_slot *s, struct msd_view v)
{
	u32 i;

	for (i = 0; i < v.len; i++) {
		if (v.p[i] == '\n' && (s->until == MSD_UNTIL_LINE || s->line))
			return true;
		s->line = line_behind(s->line, v.p[i]);
	}
	return false;
}

/* Does @v bring all that is waited for? */
static bool due(struct msd_slot *s, struct msd_view v)
{
	s->wait -= min(s->wait, v.len);
	if (s->until != MSD_UNTIL_ANY && line_came(s, v))
		s->until = MSD_UNTIL_ANY;
	return !s->wait && s->until == MSD_UNTIL_ANY;
}

struct msd_stream msd_flow_alone(u32 seq, struct msd_view payload)
{
	return (struct msd_stream){
		.in = payload,
		.first = seq,
		.next = seq + payload.len,
	};
}

/*
 * Bytes seen before, up to @end. What was answered is judged again as it was
 * then, unless the client has read of the answer or repeats itself for ever.
 */
static struct msd_stream repeated(struct msd_flowtab *tab, struct msd_slot *s,
				  u32 offset, u32 end)
{
	struct msd_stream r = {
		.first = s->first,
		.next = s->next,
		.joined = true,
		.repeat = true,
	};

	r.idle = !s->done || end != s->next || offset != s->offset ||
		 s->repeats >= MSD_FLOW_REPEATS;
	if (r.idle)
		return r;
	s->repeats++;
	r.in = s->len > MSD_FLOW_BYTES ? show(tab, s, msd_view(s->data, 0)) :
					 msd_view(s->data, s->len);
	return r;
}

/* The new part of the segment goes behind what is kept. */
static struct msd_stream joined(struct msd_flowtab *tab, struct msd_slot *s,
				u32 seq, struct msd_view payload)
{
	struct msd_stream r = {
		.first = s->first,
		.next = seq + payload.len,
		.before = s->len,
		.joined = true,
	};

	if (before(seq, s->next))
		msd_skip(&payload, s->next - seq);
	s->next = r.next;
	r.idle = !due(s, payload);
	if (r.idle)
		append(s, payload);
	else
		r.in = absorb(tab, s, payload);
	return r;
}

struct msd_stream msd_flow_join(struct msd_flowtab *tab, u64 id, u32 offset,
				u32 seq, struct msd_view payload)
{
	struct msd_slot *s = find(tab, id);
	u32 end = seq + payload.len;

	if (!s || before(seq, s->first))
		return msd_flow_alone(seq, payload);
	if (!before(s->next, end))
		return repeated(tab, s, offset, end);
	if (s->done)
		return msd_flow_alone(seq, payload);
	return joined(tab, s, seq, payload);
}

/* Begin a request with a segment that stood alone. */
static struct msd_slot *begin(struct msd_flowtab *tab, u64 id,
			      const struct msd_stream *s)
{
	struct msd_slot *slot = slot_of(tab, id);

	slot->id = id;
	slot->first = s->first;
	slot->next = s->next;
	slot->len = 0;
	slot->repeats = 0;
	slot->done = false;
	append(slot, s->in);
	return slot;
}

void msd_flow_wait(struct msd_flowtab *tab, u64 id, const struct msd_stream *s,
		   u32 need, u8 until)
{
	struct msd_view in = s->in;
	struct msd_slot *slot;

	if (!tab || s->repeat)
		return;
	slot = s->joined ? slot_of(tab, id) : begin(tab, id, s);
	slot->wait = need > in.len ? need - in.len : 0;
	slot->until = until;
	slot->line = 0;
	if (in.len > 2)
		msd_skip(&in, in.len - 2);
	while (in.len)
		slot->line = line_behind(slot->line, msd_get8(&in));
}

void msd_flow_done(struct msd_flowtab *tab, u64 id, u32 offset,
		   const struct msd_stream *s)
{
	struct msd_slot *slot;

	if (!tab || !s->joined || s->repeat)
		return;
	slot = slot_of(tab, id);
	slot->done = true;
	slot->offset = offset;
}

void msd_flow_forget(struct msd_flowtab *tab, u64 id)
{
	struct msd_slot *s = find(tab, id);

	if (unlikely(s))
		s->id = 0;
}

static u64 end_note(u64 id, u32 offset)
{
	return (id & ~0xffffULL) | (u16)offset;
}

static u32 end_index(u64 id)
{
	return (id >> 16) % MSD_FLOW_ENDS;
}

void msd_flow_end(struct msd_flowtab *tab, u64 id, u32 offset)
{
	if (tab)
		tab->end[end_index(id)] = end_note(id, offset + 1);
}

bool msd_flow_ended(const struct msd_flowtab *tab, u64 id, u32 offset)
{
	return tab && tab->end[end_index(id)] == end_note(id, offset);
}
