/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Found only where the kernel has no <asm/unaligned.h> any more: it became
 * <linux/unaligned.h> in 6.12.
 */
#include <linux/unaligned.h>
