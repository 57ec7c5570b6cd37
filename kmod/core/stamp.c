// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timestamp clock of a pair of addresses.
 *
 * One clock for all own addresses would tell at once that they are one machine.
 * A Linux server adds an offset that is a keyed hash of the two addresses; so
 * do we. The clock itself begins with the boot, so sensors that share a key have
 * the same offsets and different times.
 *
 * The hash is SipHash-1-3, which is what the kernel's hsiphash() is on 64-bit
 * machines; hsiphash() itself differs on others. It runs over the addresses and
 * a last word that no SipHash-2-4 of the cookie ends with.
 */
#include "stamp.h"

/* Length byte of a message that no cookie has. */
#define DOMAIN (0xffULL << 56)

/**
 * struct sip - state of the hash
 * @a: @b: @c: @d: its words, v0 to v3 of the algorithm
 */
struct sip {
	u64 a, b, c, d;
};

static struct sip sip_begin(const siphash_key_t *key)
{
	return (struct sip){
		.a = SIPHASH_CONST_0 ^ key->key[0],
		.b = SIPHASH_CONST_1 ^ key->key[1],
		.c = SIPHASH_CONST_2 ^ key->key[0],
		.d = SIPHASH_CONST_3 ^ key->key[1],
	};
}

static void sip_add(struct sip *s, u64 word)
{
	s->d ^= word;
	SIPHASH_PERMUTATION(s->a, s->b, s->c, s->d);
	s->a ^= word;
}

static u32 sip_end(struct sip *s)
{
	sip_add(s, DOMAIN);
	s->c ^= 0xff;
	SIPHASH_PERMUTATION(s->a, s->b, s->c, s->d);
	SIPHASH_PERMUTATION(s->a, s->b, s->c, s->d);
	SIPHASH_PERMUTATION(s->a, s->b, s->c, s->d);
	return s->a ^ s->b ^ s->c ^ s->d;
}

static noinline void sip_add_address6(struct sip *s, const struct in6_addr *a)
{
	struct msd_u128 n = msd_u128(a);

	sip_add(s, n.hi);
	sip_add(s, n.lo);
}

u32 msd_stamp_offset(const siphash_key_t *key, const struct msd_flow *flow)
{
	struct sip s = sip_begin(key);

	if (flow->family == 4) {
		sip_add(&s, (u64)get_unaligned_be32(&flow->saddr) << 32 |
			get_unaligned_be32(&flow->daddr));
	} else {
		sip_add_address6(&s, &flow->saddr);
		sip_add_address6(&s, &flow->daddr);
	}
	return sip_end(&s);
}
