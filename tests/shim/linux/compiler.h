/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in: the compiler words are in types.h. */
#include <linux/types.h>
