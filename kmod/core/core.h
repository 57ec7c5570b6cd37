/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pure core: what decides about a frame and builds the reply. No skb, no
 * netdev, no lock, no allocation, no clock, no random source, no printk; time,
 * keys and configuration are arguments. Compiled unchanged into the module,
 * the unit tests, the fuzzers and the bench.
 *
 * Prototypes stand under the file that defines them.
 */
#ifndef MSD_CORE_H
#define MSD_CORE_H

#include <linux/types.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/siphash.h>
#include <linux/kmasscanned.h>
#include "bytes.h"
#include "verdict.h"

/* Largest frame we look at: a full IP packet behind Ethernet and VLAN tags. */
#define MSD_FRAME_MAX (65535 + ETH_HLEN + 4 * MSD_VLAN_MAX)
/* VLAN tags inside the frame that we follow (an offloaded tag comes extra). */
#define MSD_VLAN_MAX 2
/* In msd_ctx.vlan: there is a tag. */
#define MSD_VLAN_TAKEN 0x1000
/* Payload a responder may write; over TCP it is cut to the client's MSS. */
#define MSD_PAYLOAD_MAX 4096
/*
 * Frames one reply may consist of. At the least MSS of 48 that is 2304 bytes of
 * payload with timestamps; a longer reply to such a client becomes a bare ACK.
 */
#define MSD_FRAMES_MAX 64
/* Room for one reply: all its frames back to back, or one large echo. */
#define MSD_REPLY_MAX (MSD_FRAME_MAX + 64)
/* 64-bit words of the pattern automaton's state: 64 patterns each. */
#define MSD_MATCH_WORDS 3
/* SSH identification: RFC 4253 section 4.2 allows 255 bytes with CR LF. */
#define MSD_SSH_MAX 253

/**
 * struct msd_range4 - closed range of IPv4 addresses
 * @first: lowest address, host byte order
 * @last: highest address, host byte order
 */
struct msd_range4 {
	u32 first;
	u32 last;
};

/**
 * struct msd_u128 - IPv6 address as a number, host byte order
 * @hi: upper 64 bits
 * @lo: lower 64 bits
 */
struct msd_u128 {
	u64 hi;
	u64 lo;
};

/**
 * struct msd_range6 - closed range of IPv6 addresses
 * @first: lowest address
 * @last: highest address
 */
struct msd_range6 {
	struct msd_u128 first;
	struct msd_u128 last;
};

/**
 * struct msd_addrset - immutable set of addresses
 * @r4: sorted, disjoint, not adjacent; @n4 of them
 * @r6: likewise; @n6 of them
 * @n4: number of IPv4 ranges
 * @n6: number of IPv6 ranges
 * @octets: first octets that @r4 touches, a bit each; most addresses need no
 *	search. Made by msd_addrset_seal()
 */
struct msd_addrset {
	const struct msd_range4 *r4;
	const struct msd_range6 *r6;
	u32 n4;
	u32 n6;
	u32 octets[8];
};

/**
 * struct msd_config - what an administrator decides about one interface
 * @own: addresses we answer for, all of them unicast; empty: all but the
 *	host's own
 * @deny: clients that get no answer
 * @key: key of the SYN cookie
 * @some_vlans: frames are taken on the VLANs of @vlans only
 * @vlans: a bit each; 0: untagged
 * @protos: responders switched on, bit = row
 * @live: start state of the automaton, derived from @protos
 * @ssh_len: length of @ssh
 * @ssh: SSH identification without CR LF
 *
 * Immutable once published.
 */
struct msd_config {
	struct msd_addrset own;
	struct msd_addrset deny;
	siphash_key_t key;
	bool some_vlans;
	u64 vlans[4096 / 64];
	u64 protos;
	u64 live[MSD_MATCH_WORDS];
	u8 ssh_len;
	char ssh[MSD_SSH_MAX];
};

/**
 * enum msd_csum - what the receiver's hardware said of the layer-4 checksum
 * @MSD_CSUM_NONE: nothing; verify
 * @MSD_CSUM_GOOD: verified, or never left this machine; do not look at it
 * @MSD_CSUM_COMPLETE: msd_ctx.csum_value holds the sum of all bytes behind the
 *	first ETH_HLEN of the frame
 */
enum msd_csum {
	MSD_CSUM_NONE,
	MSD_CSUM_GOOD,
	MSD_CSUM_COMPLETE,
};

struct msd_flowtab;

/**
 * struct msd_ctx - everything outside the frame that an answer depends on
 * @cfg: configuration of the interface
 * @late: addresses of the own set that the host has got since; NULL: none
 * @flows: this CPU's table of incomplete requests; NULL: none is kept
 * @mac: own MAC address
 * @now: Unix time in seconds (cookie epoch, Date header)
 * @now_ms: a millisecond clock for TCP timestamps; any start
 * @mtu: of the interface, in bytes
 * @vlan: MSD_VLAN_TAKEN and the ID of a tag that the hardware has taken off; 0:
 *	it has taken none
 * @csum: checksum state of the request
 * @csum_value: see MSD_CSUM_COMPLETE
 * @host_has: asks whether an address (network order; @family 4 or 6) is the
 *	host's own or a broadcast address of it; used with an empty own set only
 * @host: argument of @host_has
 * @clock: asks for the millisecond clock when a reply tells it; NULL: @now_ms has
 *	to do
 * @fine: asks for the Unix time in seconds << 32 and its fraction, for the few
 *	replies that tell it; NULL: @now has to do
 */
struct msd_ctx {
	const struct msd_config *cfg;
	const struct msd_addrset *late;
	struct msd_flowtab *flows;
	const u8 *mac;
	u64 now;
	u32 now_ms;
	u32 mtu;
	u16 vlan;
	enum msd_csum csum;
	__wsum csum_value;
	bool (*host_has)(void *host, u8 family, const void *addr);
	void *host;
	u32 (*clock)(void);
	u64 (*fine)(void);
};

/**
 * enum msd_l2dst - kind of destination MAC address
 * @MSD_L2_OWN: our unicast address
 * @MSD_L2_BROADCAST: ff:ff:ff:ff:ff:ff
 * @MSD_L2_MCAST4: 01:00:5e with bit 23 clear (RFC 1112)
 * @MSD_L2_MCAST6: 33:33 (RFC 2464)
 * @MSD_L2_OTHER: somebody else's
 */
enum msd_l2dst {
	MSD_L2_OWN,
	MSD_L2_BROADCAST,
	MSD_L2_MCAST4,
	MSD_L2_MCAST6,
	MSD_L2_OTHER,
};

/**
 * struct msd_flow - who talks to whom; filled on the way down
 * @end: end of the frame
 * @l2: Ethernet header of the request with its VLAN tags; see msd_dmac() and
 *	msd_smac()
 * @l2_len: length of @l2 up to and including the EtherType
 * @l2dst: kind of the destination MAC
 * @family: 4 or 6; 0 before the network layer and for ARP
 * @proto: IP protocol
 * @responder: row of the responder that spoke, or MSD_NO_PROTO
 * @hop_limit: TTL or hop limit of the request
 * @tos: type of service or traffic class of the request
 * @sport: TCP or UDP source port; ICMP: type and code
 * @dport: TCP or UDP destination port
 * @saddr: source address of the request, network order; IPv4 in its first word,
 *	the others are undefined
 * @daddr: destination address of the request, likewise; ARP: target
 */
struct msd_flow {
	const u8 *end;
	const u8 *l2;
	u8 l2_len;
	u8 l2dst;
	u8 family;
	u8 proto;
	u8 responder;
	u8 hop_limit;
	u8 tos;
	__be16 sport;
	__be16 dport;
	struct in6_addr saddr;
	struct in6_addr daddr;
};

/**
 * struct msd_frame - place of one frame in the reply buffer
 * @off: offset of its Ethernet header
 * @len: its length
 */
struct msd_frame {
	u32 off;
	u32 len;
};

/**
 * struct msd_out - a reply: one frame, or several TCP segments
 * @buf: the frames, back to back. Its start must be 2 modulo 4, so that network
 *	headers are aligned; so should be the start of the request
 * @head: bytes each frame reserves for its link and network headers
 * @nframes: number of frames, 0 before an answer
 * @tos: type of service or traffic class of the reply
 * @frame: where they are
 */
struct msd_out {
	struct msd_buf buf;
	u16 head;
	u8 nframes;
	u8 tos;
	struct msd_frame frame[MSD_FRAMES_MAX];
};

/* eth.c */

/**
 * msd_answer() - judge one Ethernet frame and build the reply
 * @ctx: configuration, time, checksum state
 * @frame: the frame from its destination MAC on, linear
 * @flow: out: what was learnt of it; meaningful as far as parsing came
 * @out: @out->buf must be empty and hold MSD_REPLY_MAX bytes; on an ANSWER
 *	verdict it holds the frames
 *
 * Context: any; pure. The tables in @ctx->flows are changed.
 * Return: the verdict. ANSWER_*: send @out and consume the request. DROP_*:
 * consume it. PASS_*: the host's stack gets it untouched.
 */
enum msd_verdict msd_answer(const struct msd_ctx *ctx, struct msd_view frame,
			    struct msd_flow *flow, struct msd_out *out);

/**
 * msd_owns() - is an address one we answer for?
 * @ctx: holds the own set
 * @family: 4 or 6
 * @addr: network order
 *
 * Return: true for a unicast address of the own set that has not become the
 * host's; an empty set holds all but the host's own.
 */
bool msd_owns(const struct msd_ctx *ctx, u8 family, const void *addr);

/* ndisc.c */

/**
 * msd_ndisc_announce() - tell all nodes of an own address (RFC 4861, 7.2.6)
 * @ctx: holds the own MAC
 * @target: the address
 * @out: as for msd_answer(); receives the frame
 */
void msd_ndisc_announce(const struct msd_ctx *ctx,
			const struct in6_addr *target, struct msd_out *out);

/* verdict.c */

/**
 * msd_verdict_name() - name of a verdict for counters, events and JSON
 * @v: the verdict
 *
 * Return: such as "drop-tcp-cookie"; "unknown" outside the enum.
 */
const char *msd_verdict_name(enum msd_verdict v);

/* addrset.c */

/**
 * msd_ranges4_normalise() - sort and merge IPv4 ranges in place
 * @r: ranges, in any order, overlapping or not; each first <= last
 * @n: how many
 *
 * Context: process (it may take long for a million ranges).
 * Return: how many are left, sorted, disjoint and not adjacent.
 */
u32 msd_ranges4_normalise(struct msd_range4 *r, u32 n);

/* msd_ranges6_normalise() - the same for IPv6. */
u32 msd_ranges6_normalise(struct msd_range6 *r, u32 n);

/**
 * msd_addrset_seal() - derive what a look-up needs from the ranges
 * @set: normalised ranges; @set->octets is set
 */
void msd_addrset_seal(struct msd_addrset *set);

/**
 * msd_addrset_has() - is an address in the set?
 * @set: normalised and sealed
 * @family: 4 or 6
 * @addr: network order, any alignment
 *
 * O(log n), no allocation. Return: true when it is.
 */
bool msd_addrset_has(const struct msd_addrset *set, u8 family,
		     const void *addr);

static inline bool msd_is_pass(enum msd_verdict v)
{
	return msd_class(v) == MSD_CLASS_PASS;
}

static inline bool msd_is_answer(enum msd_verdict v)
{
	return msd_class(v) == MSD_CLASS_ANSWER;
}

/* True when the set has no range of either family. */
static inline bool msd_addrset_empty(const struct msd_addrset *set)
{
	return !(set->n4 | set->n6);
}

/* True when a VLAN ID is among @vlans. */
static inline bool msd_vlan_has(const u64 *vlans, u16 id)
{
	return vlans[id / 64] >> (id % 64) & 1;
}

/* Destination MAC of the request. */
static inline const u8 *msd_dmac(const struct msd_flow *flow)
{
	return flow->l2;
}

/* Source MAC of the request; the reply goes there. */
static inline const u8 *msd_smac(const struct msd_flow *flow)
{
	return flow->l2 + ETH_ALEN;
}

/* Unix time in seconds << 32, and the fraction. */
static inline u64 msd_now_fine(const struct msd_ctx *ctx)
{
	return ctx->fine ? ctx->fine() : ctx->now << 32;
}

/* The millisecond clock. */
static inline u32 msd_now_ms(const struct msd_ctx *ctx)
{
	return ctx->clock ? ctx->clock() : ctx->now_ms;
}

/* An IPv6 address in network order, at any alignment, as a number. */
static inline struct msd_u128 msd_u128(const void *a)
{
	return (struct msd_u128){
		.hi = get_unaligned_be64(a),
		.lo = get_unaligned_be64((const u8 *)a + 8),
	};
}

#endif /* MSD_CORE_H */
