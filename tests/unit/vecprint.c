// SPDX-License-Identifier: GPL-2.0-only
/* How parts of a vector are printed: see vecfile.h. */
#include <ctype.h>
#include <stdio.h>
#include <linux/kernel.h>
#include "vecfile.h"

static const char * const results[] = {
	[MSD_ASK_NOT_MINE] = "not-mine",
	[MSD_ASK_MORE] = "more",
	[MSD_ASK_ANSWER] = "answer",
	[MSD_ASK_SILENT] = "silent",
};

const char *vec_result_name(enum msd_ask ask)
{
	return ask < ARRAY_SIZE(results) ? results[ask] : "out of range";
}

/* One byte inside a string. */
static void print_byte(u8 c)
{
	static const char from[] = "\n\r\t\\\"", to[] = "nrt\\\"";
	const char *hit = c ? strchr(from, c) : NULL;

	if (hit)
		printf("\\%c", to[hit - from]);
	else if (isprint(c))
		putchar(c);
	else
		printf("\\x%02x", c);
}

void vec_print_bytes(const char *key, const u8 *p, u32 n)
{
	u32 i;

	if (!n)
		printf("%s: \"\"\n", key);
	for (i = 0; i < n; i++) {
		if (i % 64 == 0)
			printf("%s: \"", key);
		print_byte(p[i]);
		if (i % 64 == 63 || i + 1 == n)
			printf("\"\n");
	}
}
