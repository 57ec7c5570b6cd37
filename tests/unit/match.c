// SPDX-License-Identifier: GPL-2.0-only
/*
 * The automaton against a slow obvious twin: every pattern compared on its own,
 * byte by byte. Random patterns and inputs first, then the patterns of the real
 * responders.
 */
#include <stdlib.h>
#include <linux/kernel.h>
#include "env.h"
#include "unit.h"

#define ROUNDS 200
#define INPUTS 400
#define PATTERNS (MSD_MATCH_WORDS * 64)
#define INPUT_MAX (MSD_PATTERN_MAX + 4)

/**
 * struct entry - a pattern of the twin
 * @row: its responder
 * @masked: @mask counts
 * @pat: as given to the automaton; refers to @bytes and @mask
 * @bytes: its bytes
 * @mask: its mask
 */
struct entry {
	u8 row;
	bool masked;
	struct msd_pattern pat;
	char bytes[MSD_PATTERN_MAX];
	char mask[MSD_PATTERN_MAX];
};

static struct entry entries[PATTERNS];
static u32 nentries;

static bool agrees(const struct msd_pattern *pat, const u8 *in, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		u8 mask = pat->mask ? pat->mask[i] : 0xff;

		if ((in[i] & mask) != ((u8)pat->bytes[i] & mask))
			return false;
	}
	return true;
}

static struct msd_match slow(u64 rows, const u8 *in, u32 len)
{
	struct msd_match m = { 0 };
	u32 i;

	for (i = 0; i < nentries; i++) {
		const struct msd_pattern *pat = &entries[i].pat;
		u64 row = BIT_ULL(entries[i].row) & rows;

		if (len >= pat->len && agrees(pat, in, pat->len))
			m.hits |= row;
		if (len < pat->len && agrees(pat, in, len))
			m.open |= row;
	}
	return m;
}

/* Few values, so that patterns share heads and inputs hit. */
static u8 letter(void)
{
	static const u8 letters[] = { 0x00, 0x01, 'A', 'a', 'B', 0x80, 0xff };

	return letters[unit_below(sizeof(letters))];
}

static u8 mask_byte(void)
{
	static const u8 masks[] = { 0xff, 0xff, 0x00, 0xdf, 0xf0, 0x0f, 0x03 };
	u32 i = unit_below(sizeof(masks) + 1);

	return i < sizeof(masks) ? masks[i] : unit_random();
}

static void random_entry(struct entry *e)
{
	u32 i;

	e->row = unit_below(64);
	e->masked = unit_below(2);
	e->pat.len = 1 + unit_below(unit_below(4) ? 6 : MSD_PATTERN_MAX);
	e->pat.bytes = e->bytes;
	e->pat.mask = e->masked ? e->mask : NULL;
	for (i = 0; i < e->pat.len; i++) {
		e->bytes[i] = letter();
		e->mask[i] = mask_byte();
	}
}

static void random_table(void)
{
	u32 i;

	msd_match_reset();
	nentries = 1 + unit_below(PATTERNS);
	for (i = 0; i < nentries; i++) {
		random_entry(&entries[i]);
		CHECK_EQ(msd_match_add(entries[i].row, &entries[i].pat), 0);
	}
}

/* A pattern with its don't-care bits random, more bytes, a byte mutated. */
static u32 random_input(u8 *in)
{
	const struct entry *e = &entries[unit_below(nentries)];
	u32 len = unit_below(INPUT_MAX + 1), i;

	for (i = 0; i < INPUT_MAX; i++)
		in[i] = letter();
	for (i = 0; i < e->pat.len; i++) {
		u8 mask = e->masked ? e->mask[i] : 0xff;

		in[i] = (e->bytes[i] & mask) | (unit_random() & ~mask);
	}
	if (!unit_below(3))
		in[unit_below(INPUT_MAX)] = unit_random();
	return len;
}

/* Input in an allocation of its exact size: the sanitizer watches its end. */
static void compare(u64 rows, const u8 *in, u32 len)
{
	struct msd_match want = slow(rows, in, len), got;
	u64 live[MSD_MATCH_WORDS];
	u8 *exact = malloc(len ?: 1);

	if (!exact)
		abort();
	memcpy(exact, in, len);
	msd_match_start(rows, live);
	got = msd_match_run(live, msd_view(exact, len));
	free(exact);
	CHECKF(got.hits == want.hits, "hits %llx, not %llx",
	       (unsigned long long)got.hits, (unsigned long long)want.hits);
	CHECKF(got.open == want.open, "open %llx, not %llx",
	       (unsigned long long)got.open, (unsigned long long)want.open);
}

TEST(random_patterns_against_twin)
{
	u32 round, i, hits = 0, open = 0;
	u8 in[INPUT_MAX];

	for (round = 0; round < ROUNDS && !unit_failures(); round++) {
		random_table();
		for (i = 0; i < INPUTS && !unit_failures(); i++) {
			u32 len = random_input(in);
			u64 rows = unit_below(2) ? ~0ULL : unit_random();

			unit_case("round %u input %u", round, i);
			compare(rows, in, len);
			hits += !!slow(rows, in, len).hits;
			open += !!slow(rows, in, len).open;
		}
	}
	unit_note("%u hits, %u open of %u", hits, open, ROUNDS * INPUTS);
	CHECK(hits > ROUNDS * INPUTS / 10);
	CHECK(open > ROUNDS * INPUTS / 50);
	CHECK_EQ(msd_proto_init(), 0);
}

/* Every byte at every position of one pattern, all masks of one nibble pair. */
TEST(one_byte_exhaustive)
{
	u32 mask, byte;

	for (mask = 0; mask < 256 && !unit_failures(); mask++) {
		struct entry *e = &entries[0];

		msd_match_reset();
		nentries = 1;
		e->row = mask % 64;
		e->masked = true;
		e->bytes[0] = 0xa5;
		e->mask[0] = mask;
		e->pat = (struct msd_pattern){ e->bytes, e->mask, 1 };
		CHECK_EQ(msd_match_add(e->row, &e->pat), 0);
		for (byte = 0; byte < 256; byte++) {
			u8 in[1] = { byte };

			unit_case("mask %02x byte %02x", mask, byte);
			compare(~0ULL, in, 1);
		}
	}
	CHECK_EQ(msd_proto_init(), 0);
}

TEST(limits)
{
	static const char bytes[MSD_PATTERN_MAX + 1];
	struct msd_pattern longest = { .bytes = bytes, .len = MSD_PATTERN_MAX };
	struct msd_pattern longer = { .bytes = bytes, .len = MSD_PATTERN_MAX + 1 };
	struct msd_pattern empty = { .bytes = bytes };
	struct msd_pattern none = { .len = 1 };
	u32 i;

	msd_match_reset();
	CHECK_EQ(msd_match_add(0, &longer), -EINVAL);
	CHECK_EQ(msd_match_add(0, &empty), -EINVAL);
	CHECK_EQ(msd_match_add(0, &none), -EINVAL);
	CHECK_EQ(msd_match_add(64, &longest), -EINVAL);
	for (i = 0; i < PATTERNS; i++)
		CHECK_EQ(msd_match_add(i % 64, &longest), 0);
	CHECK_EQ(msd_match_add(0, &longest), -EINVAL);
	nentries = 0;
	compare(0, (const u8 *)bytes, MSD_PATTERN_MAX);
	CHECK_EQ(msd_proto_init(), 0);
}

static void load_real(void)
{
	u32 row, i;

	nentries = 0;
	for (row = 0; row < MSD_NPROTO; row++)
		for (i = 0; i < msd_responders[row]->npatterns; i++) {
			struct entry *e = &entries[nentries++];

			e->row = row;
			e->pat = msd_responders[row]->patterns[i];
			e->masked = e->pat.mask;
			memcpy(e->bytes, e->pat.bytes, e->pat.len);
			if (e->masked)
				memcpy(e->mask, e->pat.mask, e->pat.len);
		}
}

/* The module's own table, with every byte of every pattern changed. */
TEST(real_patterns_against_twin)
{
	u8 in[INPUT_MAX];
	u32 i, pos, byte;

	CHECK_EQ(msd_proto_init(), 0);
	load_real();
	unit_note("%u patterns of %d, table of %zu bytes", nentries, PATTERNS,
		  msd_match_size());
	for (i = 0; i < nentries && !unit_failures(); i++) {
		const struct msd_pattern *pat = &entries[i].pat;

		memset(in, ' ', sizeof(in));
		memcpy(in, pat->bytes, pat->len);
		for (pos = 0; pos < pat->len; pos++) {
			compare(~0ULL, in, pos);
			for (byte = 0; byte < 256; byte++) {
				in[pos] = byte;
				compare(~0ULL, in, pat->len);
			}
			in[pos] = pat->bytes[pos];
		}
		compare(~0ULL, in, pat->len);
		compare(~0ULL, in, INPUT_MAX);
	}
}
