/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-in: the Internet checksum (RFC 1071) in plain C. Sums are over 16-bit
 * words in the machine's own byte order, as in the kernel.
 */
#ifndef SHIM_NET_CHECKSUM_H
#define SHIM_NET_CHECKSUM_H

#include <string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#define CSUM_MANGLED_0 ((__sum16)0xffff)

static inline u32 shim_csum_fold64(u64 sum)
{
	while (sum >> 32)
		sum = (sum & 0xffffffff) + (sum >> 32);
	return sum;
}

static inline __wsum csum_partial(const void *buff, int len, __wsum wsum)
{
	const u8 *p = buff;
	u64 sum = wsum;
	u32 four;
	u16 word;
	int i;

	/* 2^16 is 1 modulo 0xffff, so wider words add up to the same. */
	for (i = 0; i + 4 <= len; i += 4) {
		memcpy(&four, p + i, 4);
		sum += four;
	}
	for (; i + 2 <= len; i += 2) {
		memcpy(&word, p + i, 2);
		sum += word;
	}
	if (len & 1) {
		word = 0;
		memcpy(&word, p + i, 1);
		sum += word;
	}
	return shim_csum_fold64(sum);
}

static inline __sum16 csum_fold(__wsum csum)
{
	u32 sum = csum;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static inline __wsum csum_unfold(__sum16 n)
{
	return n;
}

static inline __wsum csum_add(__wsum csum, __wsum addend)
{
	return shim_csum_fold64((u64)csum + addend);
}

static inline __wsum csum_sub(__wsum csum, __wsum addend)
{
	return csum_add(csum, ~addend);
}

static inline __wsum csum_shift(__wsum sum, int offset)
{
	return offset & 1 ? (sum >> 8) | (sum << 24) : sum;
}

static inline __wsum csum_block_add(__wsum csum, __wsum csum2, int offset)
{
	return csum_add(csum, csum_shift(csum2, offset));
}

static inline __wsum csum_block_sub(__wsum csum, __wsum csum2, int offset)
{
	return csum_block_add(csum, ~csum2, offset);
}

static inline __wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr, u32 len,
					u8 proto, __wsum sum)
{
	u64 s = (u64)sum + saddr + daddr + htonl(proto) + htonl(len);

	return shim_csum_fold64(s);
}

static inline __sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, u32 len,
					u8 proto, __wsum sum)
{
	return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}

static inline __sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	return csum_fold(csum_partial(iph, ihl * 4, 0));
}

static inline __sum16 ip_compute_csum(const void *buff, int len)
{
	return csum_fold(csum_partial(buff, len, 0));
}

#endif
