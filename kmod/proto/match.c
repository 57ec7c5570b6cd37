// SPDX-License-Identifier: GPL-2.0-only
/*
 * The automaton that picks responders by the first bytes of a payload.
 *
 * All patterns are anchored at the first byte, so their positions move in
 * step and one bit a pattern is the whole state. A byte at position p keeps
 * those patterns alive that accept it there; a pattern accepts anything behind
 * its end:
 *
 *	live &= accept[p][high nibble] & accept[p][low nibble]
 *
 * Two nibbles suffice because (byte & mask) == value holds exactly when it
 * holds for both halves. That makes the table MSD_PATTERN_MAX * 2 * 16 rows
 * (24 KiB) instead of eight times that, with at most two cache lines touched
 * a byte. A run ends when no longer pattern is alive, and not before HEAD
 * bytes, which are fed without asking: by then all but the longest are decided.
 *
 * Wildcards and literals at one position do not compete, there is nothing to
 * track back to, and the cost hardly depends on the number of patterns or on
 * how many responders are on (make bench shows it).
 *
 * The table is written once, before the first frame, and only read after that.
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "proto.h"

#define NPATTERNS (MSD_MATCH_WORDS * 64)
/* Bytes fed in one go. */
#define HEAD 8

static struct {
	/* patterns that accept this nibble at this position: 0 high, 1 low */
	u64 accept[MSD_PATTERN_MAX][2][16][MSD_MATCH_WORDS];
	/* patterns of more than this many bytes */
	u64 longer[MSD_PATTERN_MAX + 1][MSD_MATCH_WORDS];
	/* row of each pattern */
	u8 row[NPATTERNS];
	u32 npatterns;
} table;

/* Let pattern @bit accept at @pos the nibbles that equal @val under @mask. */
static void accept(u32 bit, u32 pos, u32 half, u8 val, u8 mask)
{
	u32 nibble;

	for (nibble = 0; nibble < 16; nibble++)
		if ((nibble & mask) == (val & mask))
			table.accept[pos][half][nibble][bit / 64] |=
				BIT_ULL(bit % 64);
}

int msd_match_add(u8 row, const struct msd_pattern *pat)
{
	u32 bit = table.npatterns;
	u32 pos;

	if (row >= 64 || bit == NPATTERNS || !pat->bytes || !pat->len ||
	    pat->len > MSD_PATTERN_MAX)
		return -EINVAL;
	for (pos = 0; pos < MSD_PATTERN_MAX; pos++) {
		bool in = pos < pat->len;
		u8 val = in ? pat->bytes[pos] : 0;
		u8 mask = !in ? 0 : pat->mask ? pat->mask[pos] : 0xff;

		accept(bit, pos, 0, val >> 4, mask >> 4);
		accept(bit, pos, 1, val & 0x0f, mask & 0x0f);
		if (in)
			table.longer[pos][bit / 64] |= BIT_ULL(bit % 64);
	}
	table.row[bit] = row;
	table.npatterns++;
	return 0;
}

void msd_match_reset(void)
{
	memset(&table, 0, sizeof(table));
}

size_t msd_match_size(void)
{
	return sizeof(table);
}

void msd_match_start(u64 rows, u64 *live)
{
	u32 bit;

	memset(live, 0, MSD_MATCH_WORDS * sizeof(*live));
	for (bit = 0; bit < table.npatterns; bit++)
		if (rows & BIT_ULL(table.row[bit]))
			live[bit / 64] |= BIT_ULL(bit % 64);
}

/**
 * struct state - patterns that are alive, a bit each
 * @w: MSD_MATCH_WORDS words
 */
struct state {
	u64 w[MSD_MATCH_WORDS];
};

/* Word by word below, so that a state stays in registers. */
static_assert(MSD_MATCH_WORDS == 3);

static __always_inline void feed(struct state *s, u32 pos, u8 byte)
{
	const u64 *high = table.accept[pos][0][byte >> 4];
	const u64 *low = table.accept[pos][1][byte & 0x0f];

	s->w[0] &= high[0] & low[0];
	s->w[1] &= high[1] & low[1];
	s->w[2] &= high[2] & low[2];
}

static __always_inline void feed_head(struct state *s, const u8 *p)
{
	feed(s, 0, p[0]);
	feed(s, 1, p[1]);
	feed(s, 2, p[2]);
	feed(s, 3, p[3]);
	feed(s, 4, p[4]);
	feed(s, 5, p[5]);
	feed(s, 6, p[6]);
	feed(s, 7, p[7]);
}

/* Is a pattern alive that has more than @n bytes? */
static bool undecided(const struct state *s, u32 n)
{
	const u64 *longer = table.longer[n];

	return (s->w[0] & longer[0]) | (s->w[1] & longer[1]) |
	       (s->w[2] & longer[2]);
}

/* Rows of the patterns in one word of a state, one bit a row. */
static __always_inline u64 rows_of(u64 left, u32 w)
{
	u64 rows = 0;

	for (; left; left &= left - 1)
		rows |= BIT_ULL(table.row[w * 64 + __ffs64(left)]);
	return rows;
}

struct msd_match msd_match_run(const u64 *live, struct msd_view in)
{
	struct state s = { { live[0], live[1], live[2] } };
	u32 len = min_t(u32, in.len, MSD_PATTERN_MAX);
	struct msd_match m = { 0 };
	u32 w, n = 0;

	if (likely(len >= HEAD)) {
		feed_head(&s, in.p);
		n = HEAD;
	}
	for (; n < len && undecided(&s, n); n++)
		feed(&s, n, in.p[n]);
	for (w = 0; w < MSD_MATCH_WORDS; w++) {
		m.hits |= rows_of(s.w[w] & ~table.longer[n][w], w);
		m.open |= rows_of(s.w[w] & table.longer[n][w], w);
	}
	return m;
}
