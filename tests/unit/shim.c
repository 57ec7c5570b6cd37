// SPDX-License-Identifier: GPL-2.0-only
/* The stand-in headers that compute something, against published vectors. */
#include <stdlib.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/siphash.h>
#include <linux/time.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include "frames.h"
#include "unit.h"

static const siphash_key_t key = {
	.key = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 }
};

/* Aumasson, Bernstein: SipHash, appendix A, and its reference vectors. */
TEST(siphash_published)
{
	u8 msg[64];
	int i;

	for (i = 0; i < 64; i++)
		msg[i] = i;
	CHECK_EQ(siphash(msg, 0, &key), 0x726fdb47dd0e0e31);
	CHECK_EQ(siphash(msg, 1, &key), 0x74f839c593dc67fd);
	CHECK_EQ(siphash(msg, 8, &key), 0x93f5f5799a932462);
	CHECK_EQ(siphash(msg, 15, &key), 0xa129ca6149be45e5);
	CHECK_EQ(siphash(msg, 63, &key), 0x958a324ceb064572);
}

/* As the kernel's lib/test_siphash.c holds them against each other. */
TEST(siphash_words)
{
	u8 msg[32];
	u64 w[4] = { 0x0706050403020100, 0x0f0e0d0c0b0a0908,
		     0x1716151413121110, 0x1f1e1d1c1b1a1918 };
	u32 h[4] = { 0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c };
	int i;

	for (i = 0; i < 32; i++)
		msg[i] = i;
	CHECK_EQ(siphash_1u64(w[0], &key), siphash(msg, 8, &key));
	CHECK_EQ(siphash_2u64(w[0], w[1], &key), siphash(msg, 16, &key));
	CHECK_EQ(siphash_3u64(w[0], w[1], w[2], &key), siphash(msg, 24, &key));
	CHECK_EQ(siphash_4u64(w[0], w[1], w[2], w[3], &key),
		 siphash(msg, 32, &key));
	CHECK_EQ(siphash_1u32(h[0], &key), siphash(msg, 4, &key));
	CHECK_EQ(siphash_2u32(h[0], h[1], &key), siphash(msg, 8, &key));
	CHECK_EQ(siphash_3u32(h[0], h[1], h[2], &key), siphash(msg, 12, &key));
	CHECK_EQ(siphash_4u32(h[0], h[1], h[2], h[3], &key),
		 siphash(msg, 16, &key));
}

/* The fast sums against the book, every length and odd starts. */
TEST(checksum)
{
	u8 p[300];
	u32 len, i;

	for (i = 0; i < sizeof(p); i++)
		p[i] = unit_random();
	for (len = 0; len < 256; len++) {
		u8 *at = p + len % 7;
		u16 want = ~slow_sum(at, len, 0);

		CHECK_EQ(ntohs(csum_fold(csum_partial(at, len, 0))), want);
	}
}

TEST(checksum_algebra)
{
	u8 p[64];
	u32 i;
	__wsum all, tail;

	for (i = 0; i < sizeof(p); i++)
		p[i] = 0xf0 + i;
	all = csum_partial(p, 64, 0);
	tail = csum_sub(all, csum_partial(p, 20, 0));
	CHECK_EQ(csum_fold(tail), csum_fold(csum_partial(p + 20, 44, 0)));
	CHECK_EQ(csum_fold(csum_add(csum_partial(p, 20, 0),
				    csum_partial(p + 20, 44, 0))),
		 csum_fold(all));
	CHECK_EQ(csum_fold(csum_block_add(csum_partial(p, 21, 0),
					  csum_partial(p + 21, 43, 0), 21)),
		 csum_fold(all));
}

TEST(pseudo_headers)
{
	u8 p[33];
	u32 i;
	u16 want;

	for (i = 0; i < sizeof(p); i++)
		p[i] = 3 * i;
	want = ~slow_l4_sum(4, IPPROTO_UDP, &env_client4, &env_own4, p, 33);
	CHECK_EQ(ntohs(csum_tcpudp_magic(env_client4.s6_addr32[0],
					 env_own4.s6_addr32[0], 33, IPPROTO_UDP,
					 csum_partial(p, 33, 0))), want);
	want = ~slow_l4_sum(6, IPPROTO_TCP, &env_client6, &env_own6, p, 33);
	CHECK_EQ(ntohs(csum_ipv6_magic(&env_client6, &env_own6, 33, IPPROTO_TCP,
				       csum_partial(p, 33, 0))), want);
}

TEST(calendar)
{
	struct tm tm;

	time64_to_tm(ENV_NOW, 0, &tm);
	CHECK_EQ(tm.tm_year, 126);
	CHECK_EQ(tm.tm_mon, 10);
	CHECK_EQ(tm.tm_mday, 23);
	CHECK_EQ(tm.tm_hour, 0);
	CHECK_EQ(tm.tm_wday, 1);
}

TEST(unaligned)
{
	u8 p[9] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };

	CHECK_EQ(get_unaligned_be16(p + 1), 0x0102);
	CHECK_EQ(get_unaligned_be32(p + 1), 0x01020304);
	CHECK_EQ(get_unaligned_be64(p + 1), 0x0102030405060708);
	CHECK_EQ(get_unaligned_le16(p + 1), 0x0201);
	CHECK_EQ(get_unaligned_le32(p + 1), 0x04030201);
	CHECK_EQ(get_unaligned_le64(p + 1), 0x0807060504030201);
	put_unaligned_be32(0xa1b2c3d4, p + 3);
	CHECK_EQ(p[3], 0xa1);
	CHECK_EQ(p[6], 0xd4);
	CHECK_EQ(htons(0x0800), get_unaligned((u16 *)"\x08\x00"));
}
