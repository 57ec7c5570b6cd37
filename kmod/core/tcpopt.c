// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP options (RFC 9293 section 3.1, RFC 7323, RFC 2018), laid out as a Linux
 * server lays them out: MSS; SACK permitted in front of timestamps, or each
 * alone behind two NOPs; window scale behind a NOP.
 */
#include <linux/build_bug.h>
#include <net/checksum.h>
#include "tcpopt.h"

#define OPT_EOL 0
#define OPT_NOP 1
#define OPT_MSS 2
#define OPT_WSCALE 3
#define OPT_SACK 4
#define OPT_TS 8

#define LINUX_SYN_LEN 20

/* 64 KiB << 7: what a Linux server with default buffers offers. */
#define WSCALE 7

/* Kind and length in one number: a wrong length is an option unknown. */
#define KIND_LEN(kind, len) ((kind) << 8 | (len))
/* Whole words: SACK permitted in front of timestamps; a NOP, window scale. */
#define SACK_TS_WORD							\
	((u32)(KIND_LEN(OPT_SACK, 2) << 16 | KIND_LEN(OPT_TS, 10)))
#define SCALE_WORD							\
	((u32)(KIND_LEN(OPT_NOP, OPT_WSCALE) << 16 | KIND_LEN(3, WSCALE)))
/* Their sum must not carry, or it would be no sum of words. */
static_assert(SACK_TS_WORD + SCALE_WORD > SACK_TS_WORD);

/* MSS, SACK permitted, timestamps, a NOP, window scale: a Linux client's SYN. */
static bool is_linux(const u8 *p)
{
	return get_unaligned_be16(p) == KIND_LEN(OPT_MSS, 4) &&
	       get_unaligned_be32(p + 4) == SACK_TS_WORD &&
	       get_unaligned_be32(p + 16) >> 8 == SCALE_WORD >> 8;
}

/* One option, all @p[1] bytes of which are there. */
static void take(struct msd_tcpopt *o, const u8 *p)
{
	switch (get_unaligned_be16(p)) {
	case KIND_LEN(OPT_MSS, 4):
		o->mss = get_unaligned_be16(p + 2);
		break;
	case KIND_LEN(OPT_WSCALE, 3):
		o->wscale = true;
		break;
	case KIND_LEN(OPT_SACK, 2):
		o->sack = true;
		break;
	case KIND_LEN(OPT_TS, 10):
		o->ts = true;
		o->tsval = get_unaligned_be32(p + 2);
		o->tsecr = get_unaligned_be32(p + 6);
		break;
	}
}

/* Any options, one by one. */
static struct msd_tcpopt read_each(struct msd_view v)
{
	struct msd_tcpopt o = {};

	while (v.len >= 2 && v.p[0] != OPT_EOL) {
		const u8 *p = v.p;

		if (p[0] == OPT_NOP) {
			msd_skip(&v, 1);
			continue;
		}
		if (p[1] < 2 || !msd_pull(&v, p[1]))
			break;
		take(&o, p);
	}
	return o;
}

struct msd_tcpopt msd_tcpopt_read(struct msd_view v)
{
	if (unlikely(v.len != LINUX_SYN_LEN || !is_linux(v.p)))
		return read_each(v);
	return (struct msd_tcpopt){
		.mss = get_unaligned_be16(v.p + 2),
		.sack = true,
		.wscale = true,
		.ts = true,
		.tsval = get_unaligned_be32(v.p + 8),
		.tsecr = get_unaligned_be32(v.p + 12),
	};
}

/* The word in front of the timestamps, or the one that permits SACK alone. */
static u32 sack_or_ts(bool sack, bool ts)
{
	u32 first = sack && ts ? KIND_LEN(OPT_SACK, 2) :
				 KIND_LEN(OPT_NOP, OPT_NOP);
	u32 second = ts ? KIND_LEN(OPT_TS, 10) : KIND_LEN(OPT_SACK, 2);

	return first << 16 | second;
}

/* Write a word of options, and add it to a sum. */
static __wsum put_word(u8 *p, u32 val, __wsum sum)
{
	__be32 word = cpu_to_be32(val);

	memcpy(p, &word, sizeof(word));
	return csum_add(sum, (__force __wsum)word);
}

/* All of them: what a Linux client gets. */
static __wsum put_all(u8 *p, u16 mss, u32 ours, u32 tsval)
{
	__wsum sum = (__force __wsum)cpu_to_be32(SACK_TS_WORD + SCALE_WORD);

	put_unaligned_be32(SACK_TS_WORD, p + 4);
	put_unaligned_be32(SCALE_WORD, p + 16);
	sum = put_word(p, KIND_LEN(OPT_MSS, 4) << 16 | mss, sum);
	sum = put_word(p + 8, ours, sum);
	return put_word(p + 12, tsval, sum);
}

__wsum msd_tcpopt_put(u8 *p, const struct msd_tcpopt *peer, u16 mss,
		      u32 ours)
{
	bool sack = mss && peer->sack, wscale = mss && peer->wscale;
	__wsum sum = 0;

	if (likely(sack && wscale && peer->ts))
		return put_all(p, mss, ours, peer->tsval);
	if (mss) {
		sum = put_word(p, KIND_LEN(OPT_MSS, 4) << 16 | mss, sum);
		p += 4;
	}
	if (sack || peer->ts) {
		sum = put_word(p, sack_or_ts(sack, peer->ts), sum);
		p += 4;
	}
	if (peer->ts) {
		sum = put_word(p, ours, sum);
		sum = put_word(p + 4, peer->tsval, sum);
		p += 8;
	}
	if (wscale)
		sum = put_word(p, SCALE_WORD, sum);
	return sum;
}
