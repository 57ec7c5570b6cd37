// SPDX-License-Identifier: GPL-2.0-only
/* Make a mutated frame plausible: lengths, cookie, checksums. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/cookie.h"
#include "fuzz.h"

/**
 * struct parts - where things are in a frame
 * @p: the frame
 * @len: its length, link padding cut off
 * @ip: offset of the network header
 * @l4: offset of the transport header
 * @family: 4 or 6
 * @proto: transport protocol
 */
struct parts {
	u8 *p;
	u32 len;
	u32 ip;
	u32 l4;
	u8 family;
	u8 proto;
};

static bool find_ip(struct parts *f)
{
	u32 at = 12;
	u16 type = 0;

	for (; at + 2 <= f->len; at += 4) {
		type = get_unaligned_be16(f->p + at);
		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			break;
	}
	f->ip = at + 2;
	if (at + 2 > f->len)
		return false;
	if (type != ETH_P_IP && type != ETH_P_IPV6)
		return false;
	f->family = type == ETH_P_IP ? 4 : 6;
	return f->ip + (type == ETH_P_IP ? 20 : 40) <= f->len;
}

static bool find_l4_ip4(struct parts *f, bool fix)
{
	u8 *ip = f->p + f->ip;
	u32 total;

	if (fix)
		put_unaligned_be16(f->len - f->ip, ip + 2);
	total = get_unaligned_be16(ip + 2);
	f->proto = ip[9];
	f->l4 = f->ip + (ip[0] & 15) * 4;
	if (total > f->len - f->ip || f->ip + total < f->l4)
		return false;
	f->len = f->ip + total;
	return true;
}

static bool find_l4_ip6(struct parts *f, bool fix)
{
	u8 *ip = f->p + f->ip;
	u32 len;

	if (fix)
		put_unaligned_be16(f->len - f->ip - 40, ip + 4);
	len = get_unaligned_be16(ip + 4);
	f->proto = ip[6];
	f->l4 = f->ip + 40;
	if (len > f->len - f->l4)
		return false;
	f->len = f->l4 + len;
	while ((f->proto == 0 || f->proto == 43 || f->proto == 60) &&
	       f->l4 + 2 <= f->len) {
		f->proto = f->p[f->l4];
		f->l4 += 8 * (f->p[f->l4 + 1] + 1);
	}
	return f->l4 <= f->len;
}

static void addresses(const struct parts *f, struct in6_addr *s,
		      struct in6_addr *d)
{
	u32 n = f->family == 4 ? 4 : 16;
	const u8 *at = f->p + f->ip + (f->family == 4 ? 12 : 8);

	memset(s, 0, sizeof(*s));
	memset(d, 0, sizeof(*d));
	memcpy(s, at, n);
	memcpy(d, at + n, n);
}

static void fix_ack(const struct msd_ctx *ctx, const struct parts *f)
{
	struct msd_flow flow = { .family = f->family };
	u8 *tcp = f->p + f->l4;
	u32 ack;
	u64 id;

	if (f->proto != IPPROTO_TCP || f->len - f->l4 < 20)
		return;
	ack = get_unaligned_be32(tcp + 8);
	if ((ack & 0xffff0000) != FUZZ_ACK)
		return;
	addresses(f, &flow.saddr, &flow.daddr);
	memcpy(&flow.sport, tcp, 2);
	memcpy(&flow.dport, tcp + 2, 2);
	ack = msd_cookie_make(&ctx->cfg->key, &flow, ctx->now, 1460, &id) + 1 +
	      (ack & 0xffff);
	put_unaligned_be32(ack, tcp + 8);
}

static u32 checksum_at(const struct parts *f)
{
	if (f->proto == IPPROTO_TCP)
		return 16;
	if (f->proto == IPPROTO_UDP)
		return 6;
	return f->proto == IPPROTO_ICMP || f->proto == IPPROTO_ICMPV6 ? 2 : 0;
}

static void fix_l4(const struct parts *f)
{
	u32 at = checksum_at(f), len = f->len - f->l4;
	struct in6_addr s, d;
	u8 *l4 = f->p + f->l4;
	u16 sum;

	if (f->proto == IPPROTO_UDP && len >= 8 &&
	    get_unaligned_be16(l4 + 4) <= len)
		len = get_unaligned_be16(l4 + 4);
	if (!at || len < at + 2)
		return;
	addresses(f, &s, &d);
	put_unaligned_be16(0, l4 + at);
	sum = ~slow_l4_sum(f->family, f->proto, &s, &d, l4, len);
	put_unaligned_be16(sum ?: 0xffff, l4 + at);
}

static void fix_ip4_sum(const struct parts *f)
{
	u8 *ip = f->p + f->ip;
	u32 hlen = (ip[0] & 15) * 4;
	u16 sum;

	if (f->family != 4 || hlen < 20 || f->ip + hlen > f->len)
		return;
	put_unaligned_be16(0, ip + 10);
	sum = ~slow_sum(ip, hlen, 0);
	put_unaligned_be16(sum, ip + 10);
}

void fuzz_repair(const struct msd_ctx *ctx, u8 *frame, u32 len, u8 keep)
{
	struct parts f = { .p = frame, .len = len };
	bool fix = !(keep & FUZZ_KEEP_LENGTHS), found;

	if (!find_ip(&f))
		return;
	found = f.family == 4 ? find_l4_ip4(&f, fix) : find_l4_ip6(&f, fix);
	if (!found)
		return;
	if (fix && f.proto == IPPROTO_UDP && f.len - f.l4 >= 8)
		put_unaligned_be16(f.len - f.l4, frame + f.l4 + 4);
	if (!(keep & FUZZ_KEEP_ACK))
		fix_ack(ctx, &f);
	if (keep & FUZZ_KEEP_CHECKSUMS)
		return;
	fix_ip4_sum(&f);
	fix_l4(&f);
}
