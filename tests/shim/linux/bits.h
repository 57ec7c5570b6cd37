/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in: bit masks. */
#ifndef SHIM_LINUX_BITS_H
#define SHIM_LINUX_BITS_H

#include <limits.h>

#define BITS_PER_LONG ((int)sizeof(long) * CHAR_BIT)
#define BITS_PER_BYTE CHAR_BIT
#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))
#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l) ((~0ULL << (l)) & (~0ULL >> (63 - (h))))

#endif
