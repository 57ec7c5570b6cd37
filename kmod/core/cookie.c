// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sequence number of a SYN-ACK, and how a later segment proves that its
 * sender saw it.
 *
 *   H     = siphash(key, client, own address, ports, epoch)       64 bits
 *   ISN   = low32(H) + (class << 30)              class: the client's MSS
 *   check:  ack - 1 - low32(H) = (class << 30) + offset,   offset < SENT_MAX
 *
 * The offset is how many bytes of ours the client has read: it is the stage of
 * the dialogue, carried by the client. Epochs are counted in wall-clock time,
 * so that sensors that share a key agree; clocks must not differ by more than
 * an epoch.
 *
 * A blind guess of the acknowledgment number succeeds with probability
 * 2 epochs * 4 classes * SENT_MAX / 2^32 = 2^-14, and draws one reply.
 */
#include <linux/kernel.h>
#include "cookie.h"

#define CLASS_SHIFT 30
#define OFFSET_MASK ((1U << CLASS_SHIFT) - 1)

/*
 * MSS classes: the least that Linux sends to anybody, the IPv4 default of
 * RFC 9293 section 3.7.1, what tunnels and the IPv6 default of 1220 leave, and
 * Ethernet.
 */
static const u16 classes[] = { 48, 536, 1200, 1440 };

static u32 class_of(u16 mss)
{
	u32 c = ARRAY_SIZE(classes) - 1;

	while (c && classes[c] > mss)
		c--;
	return c;
}

static u64 hash4(const siphash_key_t *key, const struct msd_flow *f, u32 epoch)
{
	u64 addrs = (u64)get_unaligned_be32(&f->saddr) << 32 |
		    get_unaligned_be32(&f->daddr);
	u64 ports = (u64)ntohs(f->sport) << 48 | (u64)ntohs(f->dport) << 32;

	return siphash_2u64(addrs, ports | epoch, key);
}

static noinline u64 hash6(const siphash_key_t *key, const struct msd_flow *f, u32 epoch)
{
	struct {
		struct in6_addr saddr;
		struct in6_addr daddr;
		__be16 sport;
		__be16 dport;
		__be32 epoch;
	} __aligned(SIPHASH_ALIGNMENT) msg = {
		.saddr = f->saddr,
		.daddr = f->daddr,
		.sport = f->sport,
		.dport = f->dport,
		.epoch = htonl(epoch),
	};

	return siphash(&msg, sizeof(msg), key);
}

static u64 hash(const siphash_key_t *key, const struct msd_flow *f, u32 epoch)
{
	return f->family == 4 ? hash4(key, f, epoch) : hash6(key, f, epoch);
}

u32 msd_cookie_make(const siphash_key_t *key, const struct msd_flow *flow,
		    u64 now, u16 mss, u64 *id)
{
	u64 h = hash(key, flow, now >> MSD_EPOCH_SHIFT);

	*id = h;
	return (u32)h + (class_of(mss) << CLASS_SHIFT);
}

static bool match(u64 h, u32 ack, struct msd_cookie *c)
{
	u32 diff = ack - 1 - (u32)h;

	c->id = h;
	c->offset = diff & OFFSET_MASK;
	c->mss = classes[diff >> CLASS_SHIFT];
	return c->offset < MSD_SENT_MAX;
}

bool msd_cookie_check(const siphash_key_t *key, const struct msd_flow *flow,
		      u64 now, u32 ack, struct msd_cookie *c)
{
	u32 epoch = now >> MSD_EPOCH_SHIFT;

	return match(hash(key, flow, epoch), ack, c) ||
	       match(hash(key, flow, epoch - 1), ack, c);
}
