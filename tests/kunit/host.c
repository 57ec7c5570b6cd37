// SPDX-License-Identifier: GPL-2.0-only
/* What tests/unit needs of its surroundings: see shim and case.h. */
#include <stdio.h>
#include "../unit/run.h"
#include "case.h"

/* The line being printed. KUnit runs one case at a time. */
static char line[512];
static size_t used;

static void flush(void)
{
	pr_info("%s\n", line);
	used = 0;
}

int vprintf(const char *fmt, va_list ap)
{
	size_t n = vscnprintf(line + used, sizeof(line) - used, fmt, ap);

	used += n;
	if (used == sizeof(line) - 1) {
		flush();
	} else if (used && line[used - 1] == '\n') {
		line[used - 1] = 0;
		flush();
	}
	return n;
}

int printf(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vprintf(fmt, ap);
	va_end(ap);
	return n;
}

int putchar(int c)
{
	return printf("%c", c);
}

void case_run(struct kunit *test, void (*fn)(void))
{
	unit_begin();
	fn();
	KUNIT_EXPECT_EQ(test, unit_end(), 0u);
}

/* Seeds are made in userspace. */
void run_save_seed(const struct msd_ctx *ctx, const u8 *frame, u32 len)
{
}
