// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts basic blocks where the core was compiled with
 * -fsanitize-coverage=trace-pc, and has the string functions of lib/string.c,
 * which go byte by byte where those of the C library do not.
 */
#include <linux/types.h>
#include "cost.h"

u64 cost_blocks;

void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
	cost_blocks++;
}
