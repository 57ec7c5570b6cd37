// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks up the name of a verdict.
 */
#include <linux/kernel.h>
#include <linux/build_bug.h>
#include "core.h"
#include "verdict.h"

#define NAME(verdict, name)	\
	[verdict] = name,

static const char *const names[] = {
	MSD_VERDICT_NAMES(NAME, NAME)
};

static_assert(ARRAY_SIZE(names) == __MSD_VERDICT_MAX);

const char *msd_verdict_name(enum msd_verdict v)
{
	return v < __MSD_VERDICT_MAX && names[v] ? names[v] : "unknown";
}
