/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-in: SipHash-2-4 (Aumasson, Bernstein 2012) behind the kernel's
 * interface. A hash over words takes each word as a number; a hash over bytes
 * reads them little-endian, so both are the same on every machine.
 */
#ifndef SHIM_LINUX_SIPHASH_H
#define SHIM_LINUX_SIPHASH_H

#include <linux/types.h>
#include <linux/bitops.h>
#include <asm/unaligned.h>

#define SIPHASH_ALIGNMENT __alignof__(u64)

typedef struct {
	u64 key[2];
} siphash_key_t;

#define SIPHASH_CONST_0 0x736f6d6570736575ULL
#define SIPHASH_CONST_1 0x646f72616e646f6dULL
#define SIPHASH_CONST_2 0x6c7967656e657261ULL
#define SIPHASH_CONST_3 0x7465646279746573ULL

/* One round. */
#define SIPHASH_PERMUTATION(a, b, c, d) do {		\
	(a) += (b);					\
	(c) += (d);					\
	(b) = rol64(b, 13) ^ (a);			\
	(d) = rol64(d, 16) ^ (c);			\
	(a) = rol64(a, 32) + (d);			\
	(c) += (b);					\
	(d) = rol64(d, 21) ^ (a);			\
	(b) = rol64(b, 17) ^ (c);			\
	(c) = rol64(c, 32);				\
} while (0)

struct shim_sip {
	u64 v0;
	u64 v1;
	u64 v2;
	u64 v3;
};

static inline void shim_sip_rounds(struct shim_sip *s, unsigned int n)
{
	while (n--)
		SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
}

static inline struct shim_sip shim_sip_begin(const siphash_key_t *key)
{
	return (struct shim_sip){
		.v0 = key->key[0] ^ SIPHASH_CONST_0,
		.v1 = key->key[1] ^ SIPHASH_CONST_1,
		.v2 = key->key[0] ^ SIPHASH_CONST_2,
		.v3 = key->key[1] ^ SIPHASH_CONST_3,
	};
}

static inline void shim_sip_word(struct shim_sip *s, u64 m)
{
	s->v3 ^= m;
	shim_sip_rounds(s, 2);
	s->v0 ^= m;
}

/* @tail: the last bytes, fewer than eight, as a little-endian number. */
static inline u64 shim_sip_end(struct shim_sip *s, u64 tail, size_t len)
{
	shim_sip_word(s, tail | (u64)len << 56);
	s->v2 ^= 0xff;
	shim_sip_rounds(s, 4);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

static inline u64 siphash(const void *data, size_t len,
			  const siphash_key_t *key)
{
	struct shim_sip s = shim_sip_begin(key);
	const u8 *p = data;
	u64 tail = 0;
	size_t i;

	for (i = 0; i + 8 <= len; i += 8)
		shim_sip_word(&s, get_unaligned_le64(p + i));
	for (; i < len; i++)
		tail |= (u64)p[i] << (8 * (i % 8));
	return shim_sip_end(&s, tail, len);
}

static inline u64 shim_sip_words(const u64 *w, size_t n,
				 const siphash_key_t *key)
{
	struct shim_sip s = shim_sip_begin(key);
	size_t i;

	for (i = 0; i < n; i++)
		shim_sip_word(&s, w[i]);
	return shim_sip_end(&s, 0, 8 * n);
}

static inline u64 siphash_1u64(u64 a, const siphash_key_t *key)
{
	return shim_sip_words(&a, 1, key);
}

static inline u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	return shim_sip_words((u64 []){ a, b }, 2, key);
}

static inline u64 siphash_3u64(u64 a, u64 b, u64 c, const siphash_key_t *key)
{
	return shim_sip_words((u64 []){ a, b, c }, 3, key);
}

static inline u64 siphash_4u64(u64 a, u64 b, u64 c, u64 d,
			       const siphash_key_t *key)
{
	return shim_sip_words((u64 []){ a, b, c, d }, 4, key);
}

static inline u64 siphash_1u32(u32 a, const siphash_key_t *key)
{
	struct shim_sip s = shim_sip_begin(key);

	return shim_sip_end(&s, a, 4);
}

static inline u64 siphash_2u32(u32 a, u32 b, const siphash_key_t *key)
{
	return siphash_1u64((u64)b << 32 | a, key);
}

static inline u64 siphash_3u32(u32 a, u32 b, u32 c, const siphash_key_t *key)
{
	struct shim_sip s = shim_sip_begin(key);

	shim_sip_word(&s, (u64)b << 32 | a);
	return shim_sip_end(&s, c, 12);
}

static inline u64 siphash_4u32(u32 a, u32 b, u32 c, u32 d,
			       const siphash_key_t *key)
{
	return siphash_2u64((u64)b << 32 | a, (u64)d << 32 | c, key);
}

#endif
