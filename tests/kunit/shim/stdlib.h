/* SPDX-License-Identifier: GPL-2.0-only */
/* Allocations, each of its exact size: KASAN watches both ends. */
#ifndef MSD_KUNIT_STDLIB_H
#define MSD_KUNIT_STDLIB_H

#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/slab.h>

#define malloc(size) kvmalloc(size, GFP_KERNEL)
#define calloc(n, size) kvcalloc(n, size, GFP_KERNEL)
#define free(p) kvfree(p)
#define abort() panic("a test gave up")

#endif /* MSD_KUNIT_STDLIB_H */
