// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole way of a frame as one compilation unit: from msd_rx(), which is
 * marked __flatten, through the core and into the batch of replies. What is
 * rare on that way is marked noinline, and takes no registers from it. That
 * saves one instruction in six of those an answer costs.
 *
 * Static functions of these files have different names, therefore.
 */
#include "core.c"
#include "tx.c"
#include "rx.c"
