/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in: type-checked minimum and maximum, arguments evaluated once. */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#define shim_cmp(x, y, op) ({			\
	__typeof__(x) shim_x = (x);		\
	__typeof__(y) shim_y = (y);		\
	(void)(&shim_x == &shim_y);		\
	shim_x op shim_y ? shim_x : shim_y; })

#define shim_cmp_t(type, x, y, op) ({		\
	type shim_x = (x);			\
	type shim_y = (y);			\
	shim_x op shim_y ? shim_x : shim_y; })

#define min(x, y) shim_cmp(x, y, <)
#define max(x, y) shim_cmp(x, y, >)
#define min_t(type, x, y) shim_cmp_t(type, x, y, <)
#define max_t(type, x, y) shim_cmp_t(type, x, y, >)
#define min3(x, y, z) min((__typeof__(x))min(x, y), z)
#define max3(x, y, z) max((__typeof__(x))max(x, y), z)
#define clamp(val, lo, hi) min((__typeof__(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi) clamp_t(__typeof__(val), val, lo, hi)

#define swap(a, b) do {				\
	__typeof__(a) shim_tmp = (a);		\
	(a) = (b);				\
	(b) = shim_tmp;				\
} while (0)

#endif
