/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-in: calendar time over the C library. struct tm is the library's; its
 * year is an int where the kernel's is a long.
 */
#ifndef SHIM_LINUX_TIME_H
#define SHIM_LINUX_TIME_H

#include <time.h>
#include <linux/types.h>

static inline void time64_to_tm(time64_t secs, int offset, struct tm *result)
{
	time_t t = secs + offset;

	gmtime_r(&t, result);
}

#endif
