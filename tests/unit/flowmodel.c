// SPDX-License-Identifier: GPL-2.0-only
/* The table of incomplete requests, at random, against a slow model. */
#include <stdlib.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include "../../kmod/core/flow.h"
#include "../../kmod/proto/proto.h"
#include "unit.h"

static struct msd_flowtab *tab;

#define MODEL_BYTES BIT(20)

/* One connection in the model: all bytes of its request. */
static struct model {
	u64 id;
	u32 first;
	u32 next;
	u32 len;
	u32 judged;
	u32 due;
	u8 until;
	u8 repeats;
	bool done;
	u8 data[MODEL_BYTES];
} models[3];

static u32 slow_kept(const struct model *m, u8 *see)
{
	u32 head = MSD_FLOW_BYTES - MSD_FLOW_TAIL, i;
	const u8 *tail = m->data + m->len - MSD_FLOW_TAIL;

	if (m->len <= MSD_FLOW_BYTES) {
		memcpy(see, m->data, m->len);
		return m->len;
	}
	memcpy(see, m->data, head);
	memcpy(see + head, tail, MSD_FLOW_TAIL);
	if (tail[0] == '\n' || (tail[0] == '\r' && tail[1] == '\n'))
		for (i = head; i && strchr("\r\n", see[i - 1]) && see[i - 1];)
			see[--i] = ' ';
	return MSD_FLOW_BYTES;
}

static u32 slow_segment(const u8 *data, u32 len, u8 *see, u32 at)
{
	u32 head = MSD_SEGMENT_MAX - MSD_SEGMENT_TAIL, i = at + head;
	const u8 *tail = data + len - MSD_SEGMENT_TAIL;

	if (len <= MSD_SEGMENT_MAX) {
		memcpy(see + at, data, len);
		return at + len;
	}
	memcpy(see + at, data, head);
	memcpy(see + i, tail, MSD_SEGMENT_TAIL);
	if (tail[0] == '\n' || (tail[0] == '\r' && tail[1] == '\n'))
		while (i && strchr("\r\n", see[i - 1]) && see[i - 1])
			see[--i] = ' ';
	return at + MSD_SEGMENT_MAX;
}

/* Has what is waited for come since the model was judged? */
static bool slow_due(const struct model *m)
{
	u32 i;

	if (m->len < m->due)
		return false;
	for (i = m->judged; m->until && i < m->len; i++) {
		const u8 *p = m->data + i;

		if (*p == '\n' && (m->until == MSD_UNTIL_LINE ||
				   (i > 0 && p[-1] == '\n') ||
				   (i > 1 && p[-1] == '\r' && p[-2] == '\n')))
			return true;
	}
	return !m->until;
}

static void slow_append(struct model *m, const u8 *data, u32 len)
{
	if (m->len + len > MODEL_BYTES)
		abort();
	memcpy(m->data + m->len, data, len);
	m->len += len;
}

/* The bytes a responder should see, to @see. Return: how many, -1: none. */
static int expected(struct model *m, u64 id, u32 offset, u32 seq,
		    const u8 *data, u32 len, u8 *see)
{
	s32 end = seq + len - m->next, skip = m->next - seq;
	u32 n;

	if (m->id != id || (s32)(seq - m->first) < 0 || (end > 0 && m->done)) {
		memcpy(see, data, len);
		return len;
	}
	if (end <= 0) {
		if (!m->done || end || offset || m->repeats++ >= MSD_FLOW_REPEATS)
			return -1;
		return slow_kept(m, see);
	}
	if (skip < 0)
		skip = 0;
	m->next = seq + len;
	n = slow_kept(m, see);
	slow_append(m, data + skip, len - skip);
	if (!slow_due(m))
		return -1;
	if (m->len <= MSD_FLOW_BYTES)
		return slow_kept(m, see);
	return slow_segment(data + skip, len - skip, see, n);
}

/* The same to both: what came is not enough. */
static void wait_both(struct model *m, u64 id, const struct msd_stream *s,
		      const u8 *data, u32 len)
{
	u32 need = s->in.len + unit_below(200) - 100;
	u8 until = unit_below(6) ? unit_below(2) : MSD_UNTIL_BLANK;

	if (unit_below(2))
		need = 0;
	msd_flow_wait(tab, id, s, need, until);
	if (s->repeat)
		return;
	if (!s->joined) {
		m->id = id;
		m->first = s->first;
		m->next = s->next;
		m->len = 0;
		m->done = false;
		m->repeats = 0;
		slow_append(m, data, len);
	}
	m->judged = m->len;
	m->due = m->len + (need > s->in.len ? need - s->in.len : 0);
	m->until = until;
}

static void next_state(struct model *m, u64 id, const struct msd_stream *s,
		       const u8 *data, u32 len)
{
	u32 what = unit_below(20);

	if (s->idle || (what == 0 && m->len < MODEL_BYTES / 2))
		return;
	if (what == 1 || m->len > MODEL_BYTES / 2) {
		msd_flow_forget(tab, id);
		if (m->id == id)
			m->id = 0;
	} else if (what == 2) {
		msd_flow_done(tab, id, 0, s);
		m->done |= s->joined;
	} else {
		wait_both(m, id, s, data, len);
	}
}

static bool random_step(void)
{
	static u8 data[6000], see[16384];
	u64 slot = unit_below(3), id = slot << 32 | (1 + unit_below(2));
	struct model *m = &models[slot];
	u32 len = 1 + (unit_below(8) ? unit_below(40) : unit_below(5999));
	u32 seq = m->next, offset = !unit_below(10), i;
	struct msd_stream s;
	int n;

	switch (unit_below(8)) {
	case 0:
		seq -= unit_below(50);
		break;
	case 1:
		seq += unit_below(50);
		break;
	case 2:
		seq = unit_below(4) ? m->next - len : unit_random();
		break;
	}
	for (i = 0; i < len; i++)
		data[i] = unit_below(3) ? 'a' : "\r\n"[unit_below(2)];
	n = expected(m, id, offset, seq, data, len, see);
	s = msd_flow_join(tab, id, offset, seq, msd_view(data, len));
	if (!CHECK_EQ(s.idle, n < 0))
		return false;
	if (n >= 0 && !CHECK_BYTES(s.in.p, s.in.len, see, n))
		return false;
	next_state(m, id, &s, data, len);
	return true;
}

TEST(against_model)
{
	u32 i;

	tab = calloc(1, msd_flow_bytes());
	REQUIRE(tab);
	memset(models, 0, sizeof(models));
	for (i = 0; i < 200000; i++)
		if (!random_step())
			break;
	free(tab);
}
