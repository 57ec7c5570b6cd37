// SPDX-License-Identifier: GPL-2.0-only
/* Bounded reader and writer: every step past the end is sticky and harmless. */
#include <linux/kernel.h>
#include "../../kmod/core/bytes.h"
#include "unit.h"

static const u8 digits[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

TEST(read_in_order)
{
	struct msd_view v = msd_view(digits, sizeof(digits));

	CHECK_EQ(msd_get8(&v), 1);
	CHECK_EQ(msd_get_be16(&v), 0x0203);
	CHECK_EQ(msd_get_le32(&v), 0x07060504);
	CHECK_EQ(v.len, 3);
	CHECK(msd_view_ok(&v));
}

TEST(read_wide)
{
	struct msd_view v = msd_view(digits, sizeof(digits));
	struct msd_view w = v;

	CHECK_EQ(msd_get_be64(&v), 0x0102030405060708);
	CHECK_EQ(msd_get_le64(&w), 0x0807060504030201);
	CHECK_EQ(msd_get_le16(&w), 0x0a09);
	w = msd_view(digits, 4);
	CHECK_EQ(msd_get_be32(&w), 0x01020304);
}

/* Each reader with one byte too few: zero, bad, and nothing left. */
TEST(read_past_end)
{
	u32 n;

	for (n = 0; n < 8; n++) {
		struct msd_view v = msd_view(digits, n);

		CHECK_EQ(msd_get_be64(&v), 0);
		CHECK(!msd_view_ok(&v));
		CHECK_EQ(msd_get8(&v), 0);
		CHECK_EQ(msd_get_be16(&v), 0);
		CHECK_EQ(msd_get_le16(&v), 0);
		CHECK_EQ(msd_get_be32(&v), 0);
		CHECK_EQ(msd_get_le32(&v), 0);
		CHECK_EQ(msd_get_le64(&v), 0);
		CHECK(!msd_pull(&v, 1));
	}
}

TEST(pull_huge)
{
	struct msd_view v = msd_view(digits, sizeof(digits));

	CHECK(!msd_pull(&v, 0xffffffff));
	CHECK(!msd_view_ok(&v));
}

TEST(sub_view)
{
	struct msd_view v = msd_view(digits, sizeof(digits));
	struct msd_view s = msd_sub(&v, 4);

	CHECK_EQ(s.len, 4);
	CHECK_EQ(v.len, 6);
	CHECK_EQ(msd_get8(&s), 1);
	CHECK_EQ(msd_get8(&v), 5);
	s = msd_sub(&v, 6);
	CHECK(!msd_view_ok(&s));
	CHECK_EQ(s.len, 0);
	CHECK(!msd_view_ok(&v));
}

TEST(look_ahead)
{
	struct msd_view v = msd_view("abc", 3);

	CHECK(msd_starts(&v, "ab", 2));
	CHECK(msd_starts(&v, "abc", 3));
	CHECK(!msd_starts(&v, "abcd", 4));
	CHECK(!msd_starts(&v, "b", 1));
	CHECK_EQ(msd_find(&v, 'c'), 2);
	CHECK_EQ(msd_find(&v, 'x'), -1);
	msd_trim(&v, 2);
	CHECK_EQ(msd_find(&v, 'c'), -1);
	msd_trim(&v, 9);
	CHECK_EQ(v.len, 2);
	msd_skip(&v, 2);
	CHECK_EQ(msd_find(&v, 'a'), -1);
	CHECK(msd_view_ok(&v));
}

TEST(write_all_widths)
{
	static const u8 want[] = {
		1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7, 8,
		2, 1, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 'x', 'y', 'z'
	};
	u8 raw[64];
	struct msd_buf b = msd_buf(raw, sizeof(raw));

	msd_put8(&b, 1);
	msd_put_be16(&b, 0x0203);
	msd_put_be32(&b, 0x04050607);
	msd_put_be64(&b, 0x0102030405060708);
	msd_put_le16(&b, 0x0102);
	msd_put_le32(&b, 0x01020304);
	msd_put_le64(&b, 0x0102030405060708);
	msd_put_zero(&b, 2);
	msd_put_str(&b, "x");
	msd_put_lit(&b, "yz");
	CHECK(msd_buf_ok(&b));
	CHECK_BYTES(raw, b.len, want, sizeof(want));
}

/* Every writer at every shortage: nothing written, and it stays that way. */
TEST(write_past_end)
{
	u8 raw[8];
	u32 cap;

	for (cap = 0; cap < 8; cap++) {
		struct msd_buf b = msd_buf(raw, cap);

		memset(raw, 0xee, sizeof(raw));
		msd_put_be64(&b, 0);
		CHECK(!msd_buf_ok(&b));
		msd_put8(&b, 0);
		msd_put_be16(&b, 0);
		msd_put_be32(&b, 0);
		msd_put_le16(&b, 0);
		msd_put_le32(&b, 0);
		msd_put_le64(&b, 0);
		msd_put_zero(&b, 1);
		msd_put_bytes(&b, "x", 1);
		CHECK_EQ(b.len, 0);
		CHECK_EQ(raw[0], 0xee);
	}
}

TEST(decimal)
{
	static const struct {
		u32 val;
		u32 width;
		const char *text;
	} cases[] = {
		{ 0, 0, "0" }, { 0, 1, "0" }, { 0, 3, "000" }, { 7, 2, "07" },
		{ 10, 2, "10" }, { 123, 2, "123" },
		{ 4294967295, 1, "4294967295" }, { 5, 10, "0000000005" },
		{ 5, 99, "0000000005" },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 raw[16];
		struct msd_buf b = msd_buf(raw, sizeof(raw));

		msd_put_dec(&b, cases[i].val, cases[i].width);
		CHECK_BYTES(raw, b.len, cases[i].text, strlen(cases[i].text));
	}
}

TEST(patch)
{
	u8 raw[8];
	struct msd_buf b = msd_buf(raw, sizeof(raw));

	msd_put_zero(&b, 6);
	msd_patch_be16(&b, 0, 0x0102);
	msd_patch_le16(&b, 4, 0x0102);
	CHECK_BYTES(raw, 6, "\1\2\0\0\2\1", 6);
	msd_patch_be32(&b, 2, 0x01020304);
	CHECK_BYTES(raw, 6, "\1\2\1\2\3\4", 6);
	msd_patch_le32(&b, 0, 0x01020304);
	CHECK_BYTES(raw, 6, "\4\3\2\1\3\4", 6);
	CHECK(msd_buf_ok(&b));
}

/* Within the buffer but beyond what was written, and near overflow. */
TEST(patch_past_end)
{
	static const u32 at[] = { 5, 6, 7, 100, 0xffffffff };
	u8 raw[8];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		struct msd_buf b16 = msd_buf(raw, sizeof(raw)), b32 = b16;
		struct msd_buf l16 = b16, l32 = b16;

		b16.len = 6;
		b32.len = 6;
		l16.len = 6;
		l32.len = 6;
		msd_patch_be16(&b16, at[i], 0xffff);
		msd_patch_be32(&b32, at[i], 0xffffffff);
		msd_patch_le16(&l16, at[i], 0xffff);
		msd_patch_le32(&l32, at[i], 0xffffffff);
		CHECK(b16.over && b32.over && l16.over && l32.over);
	}
}
