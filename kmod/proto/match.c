// SPDX-License-Identifier: GPL-2.0-only
/*
 * The automaton that picks responders by the first bytes of a payload.
 *
 * All patterns are anchored at the first byte, so their positions move in
 * step and one bit a pattern is the whole state. A byte at position p keeps
 * those patterns alive that accept it there:
 *
 *	live &= accept[p][high nibble] & accept[p][low nibble]
 *
 * Two nibbles suffice because (byte & mask) == value holds exactly when it
 * holds for both halves. That makes the table MSD_PATTERN_MAX * 2 * 16 rows
 * (24 KiB) instead of eight times that, with at most two cache lines touched
 * a byte. A run ends when no pattern is alive: after one to four bytes
 * for most of what a scanner sends.
 *
 * Wildcards and literals at one position do not compete, there is nothing to
 * track back to, and the cost depends neither on the number of patterns nor on
 * how many responders are on.
 *
 * The table is written once, before the first frame, and only read after that.
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "proto.h"

#define NPATTERNS (MSD_MATCH_WORDS * 64)

static struct {
	/* patterns that accept this nibble at this position: 0 high, 1 low */
	u64 accept[MSD_PATTERN_MAX][2][16][MSD_MATCH_WORDS];
	/* patterns whose last byte stands at this position */
	u64 last[MSD_PATTERN_MAX][MSD_MATCH_WORDS];
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
	for (pos = 0; pos < pat->len; pos++) {
		u8 val = pat->bytes[pos];
		u8 mask = pat->mask ? pat->mask[pos] : 0xff;

		accept(bit, pos, 0, val >> 4, mask >> 4);
		accept(bit, pos, 1, val & 0x0f, mask & 0x0f);
	}
	table.last[pat->len - 1][bit / 64] |= BIT_ULL(bit % 64);
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

/* Rows of the patterns in a state, one bit a row. */
static u64 rows_of(const u64 *state)
{
	u64 rows = 0;
	u32 w;

	for (w = 0; w < MSD_MATCH_WORDS; w++) {
		u64 left = state[w];

		for (; left; left &= left - 1)
			rows |= BIT_ULL(table.row[w * 64 + __ffs64(left)]);
	}
	return rows;
}

/*
 * Feed one byte. Completed patterns move from @live to @done. False when no
 * pattern is left alive.
 */
static bool step(u32 pos, u8 byte, u64 *live, u64 *done)
{
	const u64 *high = table.accept[pos][0][byte >> 4];
	const u64 *low = table.accept[pos][1][byte & 0x0f];
	u64 any = 0;
	u32 w;

	for (w = 0; w < MSD_MATCH_WORDS; w++) {
		u64 now = live[w] & high[w] & low[w];

		done[w] |= now & table.last[pos][w];
		live[w] = now & ~table.last[pos][w];
		any |= live[w];
	}
	return any;
}

struct msd_match msd_match_run(const u64 *live, struct msd_view in)
{
	u64 state[MSD_MATCH_WORDS], done[MSD_MATCH_WORDS] = { 0 };
	struct msd_match m = { 0 };
	u32 len = min_t(u32, in.len, MSD_PATTERN_MAX);
	bool alive = true;
	u32 pos;

	memcpy(state, live, sizeof(state));
	for (pos = 0; pos < len && alive; pos++)
		alive = step(pos, in.p[pos], state, done);
	m.hits = rows_of(done);
	if (alive)
		m.open = rows_of(state);
	return m;
}
