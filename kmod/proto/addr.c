// SPDX-License-Identifier: GPL-2.0-only
/* Addresses as text, for protocols that carry them so. */
#include <linux/kernel.h>
#include "proto.h"

#define GROUPS 8

static void put_ipv4(struct msd_buf *out, const u8 *addr)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i)
			msd_put8(out, '.');
		msd_put_dec(out, addr[i], 1);
	}
}

static void put_group(struct msd_buf *out, u16 val)
{
	static const char hex[] = "0123456789abcdef";
	int shift = 12;

	while (shift && !(val >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		msd_put8(out, hex[val >> shift & 0xf]);
}

/* The first of the longest runs of zero groups; one alone is not shortened. */
static int longest_run(const u8 *addr, int *len)
{
	int best = GROUPS, run = 0, i;

	*len = 1;
	for (i = 0; i < GROUPS; i++) {
		run = get_unaligned_be16(addr + 2 * i) ? 0 : run + 1;
		if (run > *len) {
			*len = run;
			best = i + 1 - run;
		}
	}
	return best;
}

static void put_ipv6(struct msd_buf *out, const u8 *addr)
{
	int len, run = longest_run(addr, &len), i;

	for (i = 0; i < GROUPS; i++) {
		if (i == run) {
			msd_put_lit(out, "::");
			i += len - 1;
			continue;
		}
		if (i && i != run + len)
			msd_put8(out, ':');
		put_group(out, get_unaligned_be16(addr + 2 * i));
	}
}

void msd_put_addr(struct msd_buf *out, u8 family, const struct in6_addr *addr)
{
	if (family == 6)
		put_ipv6(out, addr->s6_addr);
	else
		put_ipv4(out, addr->s6_addr);
}
