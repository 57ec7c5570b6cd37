/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in: the C library's; the kernel's brings the errno values along. */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <errno.h>
#include <string.h>
#include <linux/types.h>

#endif
