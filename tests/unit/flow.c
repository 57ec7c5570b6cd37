// SPDX-License-Identifier: GPL-2.0-only
/* The table of incomplete requests: its rules one by one. */
#include <stdlib.h>
#include <linux/kernel.h>
#include "../../kmod/core/flow.h"
#include "../../kmod/proto/proto.h"
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
	return msd_flow_join(tab, id, 0, seq, msd_view(data, len));
}

/* A segment arrives; whoever judges it wants more, and tells of what. */
static struct msd_stream hinted(u64 id, u32 seq, const void *data, u32 len,
				u32 need, u8 until)
{
	struct msd_stream s = join(id, seq, data, len);

	if (!s.idle)
		msd_flow_wait(tab, id, &s, need, until);
	return s;
}

static struct msd_stream more(u64 id, u32 seq, const void *data, u32 len)
{
	return hinted(id, seq, data, len, 0, MSD_UNTIL_ANY);
}

#define SEES(s, text) do {						\
	struct msd_stream seen = (s);					\
									\
	CHECK_BYTES(seen.in.p, seen.in.len, text, strlen(text));	\
} while (0)

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

/* What came before and drew no answer is not judged a second time. */
TEST(exact_repeat)
{
	struct msd_stream s;

	fresh();
	more(ID, 100, "abc", 3);
	more(ID, 103, "def", 3);
	s = more(ID, 103, "def", 3);
	CHECK(s.repeat && s.idle);
	s = more(ID, 100, "abc", 3);
	CHECK(s.repeat && s.idle);
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

/* A request in two segments that is answered, @offset bytes after the SYN. */
static void answered(u32 offset)
{
	struct msd_stream s;

	fresh();
	more(ID, 100, "abc", 3);
	s = join(ID, 103, "def", 3);
	msd_flow_done(tab, ID, offset, &s);
}

TEST(answered_then_repeated)
{
	struct msd_stream s;
	u32 i;

	answered(0);
	for (i = 0; i < MSD_FLOW_REPEATS; i++) {
		s = join(ID, 103, "def", 3);
		SEES(s, "abcdef");
		CHECK(s.repeat && !s.idle);
	}
	CHECK(join(ID, 103, "def", 3).idle);
	SEES(join(ID, 106, "next", 4), "next");
}

/* All of it in one segment is the same request; a part of it is not. */
TEST(answered_then_repeated_in_part)
{
	answered(0);
	CHECK(join(ID, 100, "abc", 3).idle);
	CHECK(join(ID, 104, "e", 1).idle);
	SEES(join(ID, 100, "abcdef", 6), "abcdef");
}

/* Who has read of the answer does not ask for it: a keepalive probe. */
TEST(answered_then_read)
{
	answered(7);
	CHECK(msd_flow_join(tab, ID, 8, 105, msd_view("f", 1)).idle);
	CHECK(!msd_flow_join(tab, ID, 7, 105, msd_view("f", 1)).idle);
}

TEST(answered_then_next)
{
	struct msd_stream s;

	answered(0);
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
	free(tab);
	tab = NULL;
	SEES(more(ID, 7, "abc", 3), "abc");
	msd_flow_forget(NULL, ID);
	SEES(more(ID, 10, "def", 3), "def");
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
	CHECK(more(ID, 1, "def", 3).repeat);
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

/* A segment as large as can be, behind a full slot: both of its ends count. */
TEST(largest_segment)
{
	static u8 big[65535];
	struct msd_stream s;
	u32 i;

	for (i = 0; i < sizeof(big); i++)
		big[i] = i * 7 + i / 256;
	fresh();
	more(ID, 100, big, 3000);
	s = more(ID, 3100, big, sizeof(big));
	CHECK_EQ(s.in.len, MSD_FLOW_BYTES + MSD_SEGMENT_MAX);
	CHECK_EQ(s.next, 3100 + sizeof(big));
	CHECK_BYTES(s.in.p + MSD_FLOW_BYTES, 3000, big, 3000);
	CHECK_BYTES(s.in.p + s.in.len - MSD_SEGMENT_TAIL, MSD_SEGMENT_TAIL,
		    big + sizeof(big) - MSD_SEGMENT_TAIL, MSD_SEGMENT_TAIL);
}

/*
 * A text of @len bytes with @end behind them, in segments of @part bytes.
 * Return: what the last segment shows.
 */
static struct msd_stream text(u32 len, const char *end, u32 part)
{
	static char big[1 << 16];
	u32 all = len + strlen(end), at;
	struct msd_stream s = {};

	memset(big, 'a', len);
	memcpy(big, "GET /", 5);
	memcpy(big + len, end, strlen(end));
	fresh();
	for (at = 0; at < all; at += part)
		s = more(ID, 100 + at, big + at, min_t(u32, part, all - at));
	return s;
}

/* Is there a blank line? */
static bool blank(struct msd_view v)
{
	u32 i;

	for (i = 1; i < v.len; i++)
		if (v.p[i] == '\n' && (v.p[i - 1] == '\n' ||
				       (i > 1 && v.p[i - 1] == '\r' &&
					v.p[i - 2] == '\n')))
			return true;
	return false;
}

/* One request as a card that merges segments hands it on. */
TEST(merged_segments)
{
	static const char end[] = "a HTTP/1.1\r\nHost: x\r\n\r\n";
	u32 n = sizeof(end) - 1, len, part;

	for (part = 4000; part <= 60000; part += 1448)
		for (len = part; len < 60000; len += 3001) {
			struct msd_stream s = text(len, end, part);

			unit_case("%u bytes in parts of %u", len, part);
			CHECK_BYTES(s.in.p, 6, "GET /a", 6);
			if (!CHECK_BYTES(s.in.p + s.in.len - n, n, end, n))
				return;
		}
	len = 11346 - n;
	CHECK(blank(text(len, end, 7240).in));
}

/* Lines of every length, wherever they are cut: no blank line comes of it. */
static void seams(u32 line, u32 part)
{
	static u8 big[16384];
	u32 i;

	for (i = 0; i < sizeof(big); i++)
		big[i] = i % line == line - 1 ? '\n' :
			 i % line == line - 2 ? '\r' : 'a';
	fresh();
	for (i = 0; i + part <= sizeof(big); i += part) {
		struct msd_stream s = more(ID, 100 + i, big + i, part);

		unit_case("lines of %u, segments of %u", line, part);
		if (!CHECK(!blank(s.in)))
			return;
	}
}

TEST(no_blank_line_at_a_seam)
{
	u32 line, part;

	for (line = 3; line < 140; line++)
		for (part = 1; part < 8192; part = part * 2 + line)
			seams(line, part);
}

/* A blank line that is there is seen, one half in each segment or not. */
TEST(blank_line_stays)
{
	static const char end[] = "\r\n\r\n";
	u32 len, part;

	for (len = 1900; len < 2200; len++)
		for (part = 1000; part < 1004; part++)
			if (!CHECK(blank(text(len, end, part).in)))
				return;
}

/*
 * 2047 bytes are kept, and whoever judged them waits: bytes that come one by
 * one are not judged, nor is what was kept copied for them.
 */
static void one_by_one(u32 need, u8 until)
{
	static u8 kept[2047];
	u32 i;

	memset(kept, 'a', sizeof(kept));
	fresh();
	memset(tab->join, 0x5a, sizeof(tab->join));
	hinted(ID, 100, kept, sizeof(kept), need, until);
	for (i = 0; i < 10000; i++)
		if (!CHECK(join(ID, 2147 + i, "a", 1).idle))
			return;
	for (i = 0; i < sizeof(tab->join); i++)
		if (!CHECK_EQ(tab->join[i], 0x5a))
			return;
}

TEST(waiting_costs_nothing)
{
	one_by_one(2047 + 10001, MSD_UNTIL_ANY);
	one_by_one(0, MSD_UNTIL_LINE);
	one_by_one(0, MSD_UNTIL_BLANK);
	CHECK(!join(ID, 12147, "\n\n", 2).idle);
}

TEST(need)
{
	fresh();
	hinted(ID, 100, "ab", 2, 6, MSD_UNTIL_ANY);
	CHECK(join(ID, 102, "cde", 3).idle);
	SEES(join(ID, 105, "f", 1), "abcdef");
}

TEST(until_line)
{
	fresh();
	hinted(ID, 100, "a\r\n", 3, 0, MSD_UNTIL_LINE);
	CHECK(join(ID, 103, "b\r", 2).idle);
	SEES(join(ID, 105, "\nc", 2), "a\r\nb\r\nc");
}

/* Whichever way a blank line is cut it is noticed; line ends alone are not. */
TEST(until_blank)
{
	static const char *const ends[] = { "\n\n", "\n\r\n", "\r\n\r\n" };
	static const char *const others[] = { "\n", "\r\n", "\r\r\n", "\r",
					      "\n\r", "\n\ra\n", "\na\n" };
	u32 i, cut, n;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		for (n = strlen(ends[i]), cut = 0; cut < n; cut++) {
			unit_case("end %u, cut at %u", i, cut);
			fresh();
			hinted(ID, 100, "x", 1, 0, MSD_UNTIL_BLANK);
			if (cut)
				CHECK(join(ID, 101, ends[i], cut).idle);
			CHECK(!join(ID, 101 + cut, ends[i] + cut,
				    n - cut).idle);
			fresh();
			hinted(ID, 100, ends[i], cut ?: 1, 0, MSD_UNTIL_BLANK);
			if (cut)
				CHECK(!join(ID, 100 + cut, ends[i] + cut,
					    n - cut).idle);
		}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		fresh();
		hinted(ID, 100, "x", 1, 0, MSD_UNTIL_BLANK);
		CHECK(join(ID, 101, others[i], strlen(others[i])).idle);
	}
}

/* Length and line: both, in either order. */
TEST(need_and_until)
{
	fresh();
	hinted(ID, 100, "x", 1, 4, MSD_UNTIL_LINE);
	CHECK(join(ID, 101, "\n", 1).idle);
	CHECK(join(ID, 102, "a", 1).idle);
	SEES(join(ID, 103, "b", 1), "x\nab");
	hinted(ID, 104, "c", 1, 7, MSD_UNTIL_LINE);
	CHECK(join(ID, 105, "defg", 4).idle);
	SEES(join(ID, 109, "\n", 1), "x\nabcdefg\n");
}
