// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of incomplete requests: its rules one by one, then all of them at
 * random against a slow model.
 */
#include <stdlib.h>
#include <linux/kernel.h>
#include "../../kmod/core/flow.h"
#include "unit.h"

#define ID 0x1234567890abcdefULL

static struct msd_flowtab *tab;

static void fresh(void)
{
	free(tab);
	tab = calloc(1, msd_flow_bytes());
	if (!tab)
		abort();
}

static struct msd_stream join(u64 id, u32 seq, const void *data, u32 len)
{
	return msd_flow_join(tab, id, seq, msd_view(data, len));
}

/* A segment arrives and its responder wants more. */
static struct msd_stream more(u64 id, u32 seq, const void *data, u32 len)
{
	struct msd_stream s = join(id, seq, data, len);

	msd_flow_keep(tab, id, &s, false);
	return s;
}

#define SEES(s, text) CHECK_BYTES((s).in.p, (s).in.len, text, strlen(text))

TEST(alone)
{
	struct msd_stream s;

	fresh();
	s = join(ID, 100, "abc", 3);
	SEES(s, "abc");
	CHECK(!s.joined && !s.repeat);
	CHECK_EQ(s.first, 100);
	CHECK_EQ(s.next, 103);
}

TEST(in_order)
{
	fresh();
	more(ID, 100, "abc", 3);
	more(ID, 103, "de", 2);
	SEES(more(ID, 105, "f", 1), "abcdef");
}

/* A gap is not waited for. */
TEST(gap)
{
	struct msd_stream s;

	fresh();
	more(ID, 100, "GET / HTTP/1.1\r\n", 16);
	s = more(ID, 100 + 16 + 54, "\r\n", 2);
	SEES(s, "GET / HTTP/1.1\r\n\r\n");
	CHECK(s.joined && !s.repeat);
	CHECK_EQ(s.next, 172);
}

TEST(exact_repeat)
{
	struct msd_stream s;

	fresh();
	more(ID, 100, "abc", 3);
	more(ID, 103, "def", 3);
	s = more(ID, 103, "def", 3);
	SEES(s, "abcdef");
	CHECK(s.repeat);
	s = more(ID, 100, "abc", 3);
	SEES(s, "abc");
	CHECK(s.repeat);
	SEES(more(ID, 106, "g", 1), "abcdefg");
}

TEST(overlap)
{
	struct msd_stream s;

	fresh();
	more(ID, 100, "abc", 3);
	s = more(ID, 101, "bcde", 4);
	SEES(s, "abcde");
	CHECK(!s.repeat);
	CHECK_EQ(s.next, 105);
}

/* What came before the first byte we know is another stream. */
TEST(earlier)
{
	fresh();
	more(ID, 100, "abc", 3);
	SEES(join(ID, 99, "xabc", 4), "xabc");
}

TEST(answered_then_repeated)
{
	struct msd_stream s;

	fresh();
	more(ID, 100, "abc", 3);
	s = join(ID, 103, "def", 3);
	msd_flow_keep(tab, ID, &s, true);
	s = join(ID, 103, "def", 3);
	SEES(s, "abcdef");
	CHECK(s.repeat);
}

TEST(answered_then_next)
{
	struct msd_stream s;

	fresh();
	more(ID, 100, "abc", 3);
	s = join(ID, 103, "def", 3);
	msd_flow_keep(tab, ID, &s, true);
	s = join(ID, 106, "next", 4);
	SEES(s, "next");
	CHECK(!s.joined);
}

TEST(forgotten)
{
	fresh();
	more(ID, 100, "abc", 3);
	msd_flow_forget(tab, ID ^ 1);
	SEES(join(ID, 103, "d", 1), "abcd");
	msd_flow_forget(tab, ID);
	SEES(join(ID, 103, "d", 1), "d");
}

/* Same slot, other connection: the old one is gone, and never mixed in. */
TEST(collision)
{
	u64 other = ID ^ 0xffff;

	fresh();
	more(ID, 100, "abc", 3);
	SEES(join(other, 103, "x", 1), "x");
	more(other, 103, "x", 1);
	SEES(join(ID, 103, "d", 1), "d");
	SEES(join(other, 104, "y", 1), "xy");
}

TEST(many_connections)
{
	u64 i;

	fresh();
	for (i = 0; i < MSD_FLOW_SLOTS; i++)
		more(i << 32 | 7, 100, "abc", 3);
	for (i = 0; i < MSD_FLOW_SLOTS; i++)
		SEES(join(i << 32 | 7, 103, "d", 1), "abcd");
}

TEST(no_table)
{
	struct msd_stream s = msd_flow_join(NULL, ID, 7, msd_view("abc", 3));

	SEES(s, "abc");
	msd_flow_keep(NULL, ID, &s, false);
	msd_flow_forget(NULL, ID);
	s = msd_flow_join(NULL, ID, 10, msd_view("def", 3));
	SEES(s, "def");
}

/* Identity 0 marks a free slot; such a connection has no memory. */
TEST(identity_zero)
{
	fresh();
	more(0, 100, "abc", 3);
	SEES(join(0, 103, "d", 1), "d");
}

TEST(sequence_wrap)
{
	struct msd_stream s;

	fresh();
	more(ID, 0xfffffffe, "abc", 3);
	s = more(ID, 1, "def", 3);
	SEES(s, "abcdef");
	CHECK_EQ(s.next, 4);
	s = more(ID, 1, "def", 3);
	CHECK(s.repeat);
	SEES(s, "abcdef");
}

/* First and last bytes survive, whatever lies between. */
TEST(oversized)
{
	static u8 big[2 * MSD_FLOW_BYTES];
	struct msd_stream s;
	u32 i;

	for (i = 0; i < sizeof(big); i++)
		big[i] = i * 7 + i / 256;
	fresh();
	for (i = 0; i < sizeof(big); i += 512)
		more(ID, 100 + i, big + i, 512);
	s = join(ID, 100 + sizeof(big), "\r\n", 2);
	CHECK_EQ(s.in.len, MSD_FLOW_BYTES + 2);
	CHECK_BYTES(s.in.p, 1024, big, 1024);
	CHECK_BYTES(s.in.p + MSD_FLOW_BYTES - MSD_FLOW_TAIL, MSD_FLOW_TAIL,
		    big + sizeof(big) - MSD_FLOW_TAIL, MSD_FLOW_TAIL);
	CHECK_BYTES(s.in.p + MSD_FLOW_BYTES, 2, "\r\n", 2);
}

/* A segment as large as can be, behind a full slot. */
TEST(largest_segment)
{
	static u8 big[65535];
	struct msd_stream s;

	fresh();
	more(ID, 100, big, 3000);
	s = more(ID, 3100, big, sizeof(big));
	CHECK_EQ(s.in.len, MSD_FLOW_BYTES + MSD_SEGMENT_MAX);
	CHECK_EQ(s.next, 3100 + sizeof(big));
}

/* One connection in the model: what it is shown, in full. */
struct model {
	u64 id;
	u32 first;
	u32 next;
	u32 len;
	bool done;
	bool gapless;
	u8 data[MSD_FLOW_BYTES];
};

static struct model models[MSD_FLOW_SLOTS];

static struct model *model_of(u64 id)
{
	return &models[(id >> 32) % MSD_FLOW_SLOTS];
}

/* The bytes a responder should see; writes them to @see. */
static u32 expected(const struct model *m, u64 id, u32 seq, const u8 *data,
		    u32 len, u8 *see)
{
	s32 ahead = seq - m->next, end = seq + len - m->next;
	u32 have = m->len, skip = 0;

	if (m->id != id || (s32)(seq - m->first) < 0 || (end > 0 && m->done)) {
		memcpy(see, data, len);
		return len;
	}
	if (end <= 0) {
		if (m->gapless)
			have = seq + len - m->first;
		memcpy(see, m->data, have);
		return have;
	}
	if (ahead < 0)
		skip = -ahead;
	memcpy(see, m->data, have);
	len = min_t(u32, len - skip, MSD_SEGMENT_MAX);
	memcpy(see + have, data + skip, len);
	return have + len;
}

static void model_keep(struct model *m, u64 id, const struct msd_stream *s,
		       const u8 *see, u32 len, bool done)
{
	u32 head = MSD_FLOW_BYTES - MSD_FLOW_TAIL, i;

	if (s->repeat)
		return;
	m->id = id;
	m->first = s->first;
	m->next = s->next;
	m->done = done;
	m->len = min_t(u32, len, MSD_FLOW_BYTES);
	m->gapless = s->next - s->first == m->len;
	for (i = 0; i < m->len; i++)
		m->data[i] = i < head || len <= MSD_FLOW_BYTES ? see[i] :
			     see[len - MSD_FLOW_BYTES + i];
}

static bool random_step(void)
{
	static u8 data[6000], see[16384];
	u64 id = (u64)unit_below(3) << 32 | (1 + unit_below(2));
	struct model *m = model_of(id);
	u32 len = 1 + (unit_below(8) ? unit_below(40) : unit_below(5999));
	u32 seq = m->next, n, i;
	struct msd_stream s;

	switch (unit_below(6)) {
	case 0:
		seq -= unit_below(50);
		break;
	case 1:
		seq += unit_below(50);
		break;
	case 2:
		seq = unit_random();
		break;
	}
	for (i = 0; i < len; i++)
		data[i] = unit_random();
	n = expected(m, id, seq, data, len, see);
	s = join(id, seq, data, len);
	if (!CHECK_BYTES(s.in.p, s.in.len, see, n))
		return false;
	if (!unit_below(20)) {
		msd_flow_forget(tab, id);
		if (m->id == id)
			m->id = 0;
	} else if (unit_below(4)) {
		bool done = !unit_below(8);

		msd_flow_keep(tab, id, &s, done);
		model_keep(m, id, &s, see, n, done);
	}
	return true;
}

TEST(against_model)
{
	u32 i;

	fresh();
	memset(models, 0, sizeof(models));
	for (i = 0; i < 200000; i++)
		if (!random_step())
			break;
	free(tab);
	tab = NULL;
}
