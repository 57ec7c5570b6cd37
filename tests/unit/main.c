// SPDX-License-Identifier: GPL-2.0-only
/* Runs every registered test, or those whose name is given. */
#include <stdio.h>
#include <stdlib.h>
#include "unit.h"

static struct unit_test *first;
static struct unit_test **last = &first;

void unit_register(struct unit_test *t)
{
	*last = t;
	last = &t->next;
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
	unsigned int n = 0, bad = 0, failures;
	const struct unit_test *t;
	char name[128];

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 14\n");
	for (t = first; t; t = t->next) {
		full_name(t, name, sizeof(name));
		if (!wanted(name, argv + 1))
			continue;
		unit_begin();
		t->run();
		failures = unit_end();
		bad += !!failures;
		printf("%sok %u - %s\n", failures ? "not " : "", ++n, name);
	}
	printf("1..%u\n%u passed, %u failed\n", n, n - bad, bad);
	return bad || !n ? EXIT_FAILURE : EXIT_SUCCESS;
}
