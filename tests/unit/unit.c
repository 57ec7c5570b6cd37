// SPDX-License-Identifier: GPL-2.0-only
/* The harness: runs every registered test, or those whose name is given. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "unit.h"

/* Printed in full; a broken loop would otherwise drown everything else. */
#define SHOWN_MAX 10

static struct unit_test *first;
static struct unit_test **last = &first;
static unsigned int failures;
static char doing[256];
static u64 seed;

void unit_register(struct unit_test *t)
{
	*last = t;
	last = &t->next;
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

static bool wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	while (*names)
		if (strstr(name, *names++))
			return true;
	return false;
}

/* "tests/unit/addrset.c", "edges" to "addrset.edges" */
static void full_name(const struct unit_test *t, char *name, size_t size)
{
	const char *base = strrchr(t->file, '/');

	base = base ? base + 1 : t->file;
	snprintf(name, size, "%.*s.%s", (int)strcspn(base, "."), base, t->name);
}

int main(int argc __maybe_unused, char **argv)
{
	unsigned int n = 0, bad = 0;
	const struct unit_test *t;
	char name[128];

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 14\n");
	for (t = first; t; t = t->next) {
		full_name(t, name, sizeof(name));
		if (!wanted(name, argv + 1))
			continue;
		failures = 0;
		doing[0] = 0;
		seed = 1;
		t->run();
		bad += !!failures;
		printf("%sok %u - %s\n", failures ? "not " : "", ++n, name);
		if (failures > SHOWN_MAX)
			printf("# %u checks failed\n", failures);
	}
	printf("1..%u\n%u passed, %u failed\n", n, n - bad, bad);
	return bad || !n ? EXIT_FAILURE : EXIT_SUCCESS;
}
