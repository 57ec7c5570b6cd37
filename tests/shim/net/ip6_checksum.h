/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in: checksum over the IPv6 pseudo-header. */
#ifndef SHIM_NET_IP6_CHECKSUM_H
#define SHIM_NET_IP6_CHECKSUM_H

#include <linux/in6.h>
#include <net/checksum.h>

static inline __sum16 csum_ipv6_magic(const struct in6_addr *saddr,
				      const struct in6_addr *daddr,
				      u32 len, u8 proto, __wsum sum)
{
	sum = csum_partial(saddr, sizeof(*saddr), sum);
	sum = csum_partial(daddr, sizeof(*daddr), sum);
	sum = csum_add(sum, htonl(len));
	return csum_fold(csum_add(sum, htonl(proto)));
}

#endif
