// SPDX-License-Identifier: GPL-2.0-only
/* Text of ranges, and that it is read back as the same range. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/parse.h"
#include "tap.h"

static bool same(const struct addr_range *a, const struct addr_range *b)
{
	return a->len == b->len && !memcmp(a->first, b->first, a->len) &&
	       !memcmp(a->last, b->last, a->len);
}

/* Written and read again. */
static bool round_trip(const struct addr_range *range)
{
	char text[RANGE_TEXT];
	struct addr_range back;
	struct err err = { "" };

	addr_range_text(range, text);
	if (!parse_range(&back, text, &err) && same(range, &back))
		return true;
	printf("# %s: %s\n", text, err.text);
	return false;
}

/* Every prefix length of a family, with random network bits. */
static void test_prefixes(__u8 len)
{
	bool text_ok = true, back_ok = true;
	int bits, i;

	for (bits = 0; bits <= 8 * len; bits++) {
		struct addr_range r = { .len = len };
		char text[RANGE_TEXT];
		char want[16];

		for (i = 0; i < len; i++)
			r.first[i] = rand();
		for (i = bits; i < 8 * len; i++)
			r.first[i / 8] &= ~(0x80 >> i % 8);
		memcpy(r.last, r.first, len);
		for (i = bits; i < 8 * len; i++)
			r.last[i / 8] |= 0x80 >> i % 8;
		addr_range_text(&r, text);
		snprintf(want, sizeof(want), "/%d", bits);
		if (bits == 8 * len)
			text_ok &= !strpbrk(text, "/-");
		else
			text_ok &= strchr(text, '/') &&
				   !strcmp(strchr(text, '/'), want);
		back_ok &= round_trip(&r);
	}
	tap_ok(text_ok, "a range that is a prefix is written as one");
	tap_ok(back_ok, "every prefix is read back");
}

static void test_random_ranges(__u8 len)
{
	bool ok = true;
	int n, i;

	for (n = 0; n < 20000; n++) {
		struct addr_range r = { .len = len };

		for (i = 0; i < len; i++) {
			r.first[i] = n % 3 ? rand() : rand() % 2 * 255;
			r.last[i] = n % 3 ? rand() : rand() % 2 * 255;
		}
		if (memcmp(r.first, r.last, len) > 0)
			memcpy(r.last, r.first, len);
		ok &= round_trip(&r);
	}
	tap_ok(ok, "random ranges are read back");
}

static void test_text(const char *in, const char *out)
{
	char text[RANGE_TEXT] = "";
	struct addr_range r;
	struct err err = { "" };

	if (!parse_range(&r, in, &err))
		addr_range_text(&r, text);
	tap_str(*text ? text : err.text, out, in);
}

void test_model(void)
{
	char quoted[16];

	test_prefixes(4);
	test_prefixes(16);
	test_random_ranges(4);
	test_random_ranges(16);
	test_text("192.0.2.0-192.0.2.255", "192.0.2.0/24");
	test_text("192.0.2.1-192.0.2.2", "192.0.2.1-192.0.2.2");
	test_text("192.0.2.1-192.0.2.1", "192.0.2.1");
	test_text("192.0.2.1/32", "192.0.2.1");
	test_text("0.0.0.0/0", "0.0.0.0/0");
	test_text("::/0", "::/0");
	test_text("0.0.0.0-255.255.255.255", "0.0.0.0/0");
	test_text("2001:DB8:0::1/128", "2001:db8::1");
	test_text("::ffff:192.0.2.1", "::ffff:192.0.2.1");
	tap_str(err_quote(quoted, sizeof(quoted), "a\033b\xff"),
		"a\\x1bb\\xff", "foreign text is quoted");
	tap_str(err_quote(quoted, sizeof(quoted), "0123456789\xff"),
		"01234567...", "and cut");
	tap_str(err_quote(quoted, sizeof(quoted), "abc def"), "abc def",
		"plain text stays");
	tap_str(via_name(99), "unknown", "a hook from a newer module");
}
