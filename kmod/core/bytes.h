/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bounded reader and bounded writer: the only ways bytes are read from a frame
 * and written to a reply. Both are sticky: the first step past the end sets a
 * flag, everything after it reads zeros or writes nothing, and the caller asks
 * once, at the end.
 */
#ifndef MSD_BYTES_H
#define MSD_BYTES_H

#include <linux/types.h>
#include <linux/string.h>
#include <asm/unaligned.h>

/**
 * struct msd_view - bounded reader: the bytes not yet read
 * @p: next byte
 * @len: bytes left
 * @bad: a read went past the end; every later read returns zeros
 */
struct msd_view {
	const u8 *p;
	u32 len;
	bool bad;
};

/**
 * struct msd_buf - bounded writer
 * @data: start of the buffer
 * @len: bytes written
 * @cap: size of the buffer
 * @over: a write did not fit; nothing is written after that
 */
struct msd_buf {
	u8 *data;
	u32 len;
	u32 cap;
	bool over;
};

static inline struct msd_view msd_view(const void *p, u32 len)
{
	return (struct msd_view){ .p = p, .len = len };
}

static inline bool msd_view_ok(const struct msd_view *v)
{
	return !v->bad;
}

/* Take @n bytes; NULL (and sticky) when fewer are left. */
static inline const void *msd_pull(struct msd_view *v, u32 n)
{
	const u8 *p = v->p;

	if (unlikely(n > v->len)) {
		v->bad = true;
		v->len = 0;
		return NULL;
	}
	v->p += n;
	v->len -= n;
	return p;
}

static inline void msd_skip(struct msd_view *v, u32 n)
{
	msd_pull(v, n);
}

/* Take @n bytes as a view of their own; bad when fewer are left. */
static inline struct msd_view msd_sub(struct msd_view *v, u32 n)
{
	struct msd_view sub = { .p = v->p };

	sub.bad = !msd_pull(v, n);
	sub.len = sub.bad ? 0 : n;
	return sub;
}

/* Cut the view to at most @n bytes. */
static inline void msd_trim(struct msd_view *v, u32 n)
{
	if (v->len > n)
		v->len = n;
}

static inline u8 msd_get8(struct msd_view *v)
{
	const u8 *p = msd_pull(v, 1);

	return p ? *p : 0;
}

static inline u16 msd_get_be16(struct msd_view *v)
{
	const void *p = msd_pull(v, 2);

	return p ? get_unaligned_be16(p) : 0;
}

static inline u32 msd_get_be32(struct msd_view *v)
{
	const void *p = msd_pull(v, 4);

	return p ? get_unaligned_be32(p) : 0;
}

static inline u64 msd_get_be64(struct msd_view *v)
{
	const void *p = msd_pull(v, 8);

	return p ? get_unaligned_be64(p) : 0;
}

static inline u16 msd_get_le16(struct msd_view *v)
{
	const void *p = msd_pull(v, 2);

	return p ? get_unaligned_le16(p) : 0;
}

static inline u32 msd_get_le32(struct msd_view *v)
{
	const void *p = msd_pull(v, 4);

	return p ? get_unaligned_le32(p) : 0;
}

static inline u64 msd_get_le64(struct msd_view *v)
{
	const void *p = msd_pull(v, 8);

	return p ? get_unaligned_le64(p) : 0;
}

/* Does what is left begin with these @n bytes? Reads nothing away. */
static inline bool msd_starts(const struct msd_view *v, const void *s, u32 n)
{
	return v->len >= n && !memcmp(v->p, s, n);
}

/* Offset of the first byte @c in what is left, or -1. Reads nothing away. */
static inline int msd_find(const struct msd_view *v, u8 c)
{
	const u8 *hit = v->len ? memchr(v->p, c, v->len) : NULL;

	return hit ? (int)(hit - v->p) : -1;
}

static inline struct msd_buf msd_buf(void *data, u32 cap)
{
	return (struct msd_buf){ .data = data, .cap = cap };
}

static inline bool msd_buf_ok(const struct msd_buf *b)
{
	return !b->over;
}

/* Reserve @n bytes at the end; NULL (and sticky) when they do not fit. */
static inline void *msd_put(struct msd_buf *b, u32 n)
{
	u8 *p = b->data + b->len;

	if (unlikely(b->over || n > b->cap - b->len)) {
		b->over = true;
		return NULL;
	}
	b->len += n;
	return p;
}

static inline void msd_put8(struct msd_buf *b, u8 val)
{
	u8 *p = msd_put(b, 1);

	if (p)
		*p = val;
}

static inline void msd_put_be16(struct msd_buf *b, u16 val)
{
	void *p = msd_put(b, 2);

	if (p)
		put_unaligned_be16(val, p);
}

static inline void msd_put_be32(struct msd_buf *b, u32 val)
{
	void *p = msd_put(b, 4);

	if (p)
		put_unaligned_be32(val, p);
}

static inline void msd_put_be64(struct msd_buf *b, u64 val)
{
	void *p = msd_put(b, 8);

	if (p)
		put_unaligned_be64(val, p);
}

static inline void msd_put_le16(struct msd_buf *b, u16 val)
{
	void *p = msd_put(b, 2);

	if (p)
		put_unaligned_le16(val, p);
}

static inline void msd_put_le32(struct msd_buf *b, u32 val)
{
	void *p = msd_put(b, 4);

	if (p)
		put_unaligned_le32(val, p);
}

static inline void msd_put_le64(struct msd_buf *b, u64 val)
{
	void *p = msd_put(b, 8);

	if (p)
		put_unaligned_le64(val, p);
}

static inline void msd_put_bytes(struct msd_buf *b, const void *s, u32 n)
{
	void *p = msd_put(b, n);

	if (p && n)
		memcpy(p, s, n);
}

static inline void msd_put_zero(struct msd_buf *b, u32 n)
{
	void *p = msd_put(b, n);

	if (p)
		memset(p, 0, n);
}

/* A string without its NUL. */
static inline void msd_put_str(struct msd_buf *b, const char *s)
{
	msd_put_bytes(b, s, strlen(s));
}

/* A string literal without its NUL: its length is known to the compiler. */
#define msd_put_lit(b, s) msd_put_bytes(b, s, sizeof(s) - 1)

/* @val in decimal, at least @width digits. */
static inline void msd_put_dec(struct msd_buf *b, u32 val, u32 width)
{
	char digits[10];
	u32 n = sizeof(digits);

	while ((val || sizeof(digits) - n < width || n == sizeof(digits)) && n) {
		digits[--n] = '0' + val % 10;
		val /= 10;
	}
	msd_put_bytes(b, digits + n, sizeof(digits) - n);
}

/* Overwrite bytes already written, at offset @at; refused past the end. */
static inline void msd_patch_be16(struct msd_buf *b, u32 at, u16 val)
{
	if (at <= b->len && b->len - at >= 2)
		put_unaligned_be16(val, b->data + at);
	else
		b->over = true;
}

static inline void msd_patch_be32(struct msd_buf *b, u32 at, u32 val)
{
	if (at <= b->len && b->len - at >= 4)
		put_unaligned_be32(val, b->data + at);
	else
		b->over = true;
}

static inline void msd_patch_le16(struct msd_buf *b, u32 at, u16 val)
{
	if (at <= b->len && b->len - at >= 2)
		put_unaligned_le16(val, b->data + at);
	else
		b->over = true;
}

static inline void msd_patch_le32(struct msd_buf *b, u32 at, u32 val)
{
	if (at <= b->len && b->len - at >= 4)
		put_unaligned_le32(val, b->data + at);
	else
		b->over = true;
}

#endif /* MSD_BYTES_H */
