// SPDX-License-Identifier: GPL-2.0-only
/* The harness: what a test checks with. main.c runs the tests. */
#include <stdarg.h>
#include <stdio.h>
#include "unit.h"

/* Printed in full; a broken loop would otherwise drown everything else. */
#define SHOWN_MAX 10

static unsigned int failures;
static char doing[256];
static u64 seed;

void unit_begin(void)
{
	failures = 0;
	doing[0] = 0;
	seed = 1;
}

unsigned int unit_end(void)
{
	if (failures > SHOWN_MAX)
		unit_note("%u checks failed", failures);
	return failures;
}

void unit_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
}

void unit_case(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(doing, sizeof(doing), fmt, ap);
	va_end(ap);
}

unsigned int unit_failures(void)
{
	return failures;
}

/* Count a failure; false when it is one too many to be printed. */
static bool fail(const char *file, int line)
{
	failures++;
	if (failures > SHOWN_MAX)
		return false;
	printf("# %s:%d: %s%s", file, line, doing, *doing ? ": " : "");
	return true;
}

bool unit_check(bool ok, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	if (ok || !fail(file, line))
		return ok;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	return ok;
}

bool unit_equal(long long a, long long b, const char *what, const char *file,
		int line)
{
	if (a != b && fail(file, line))
		printf("%s: %lld != %lld (%#llx, %#llx)\n", what, a, b, a, b);
	return a == b;
}

static void hex(const char *label, const u8 *p, size_t len)
{
	printf("#   %s %zu:", label, len);
	while (len--)
		printf(" %02x", *p++);
	printf("\n");
}

bool unit_bytes(const void *a, size_t alen, const void *b, size_t blen,
		const char *what, const char *file, int line)
{
	bool same = alen == blen && (!alen || !memcmp(a, b, alen));

	if (!same && fail(file, line)) {
		printf("%s\n", what);
		hex("got ", a, alen);
		hex("want", b, blen);
	}
	return same;
}

/* splitmix64 */
u64 unit_random(void)
{
	u64 z = seed += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

u32 unit_below(u32 n)
{
	return unit_random() % n;
}
