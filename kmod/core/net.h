/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the layers of the core call each other. Each layer judges its header,
 * calls the next one up, and finishes its own header of the reply on the way
 * back: eth -> arp, ipv4, ipv6 -> icmp, icmpv6 -> ndisc, tcp, udp.
 *
 * Prototypes stand under the file that defines them.
 */
#ifndef MSD_NET_H
#define MSD_NET_H

#include <linux/kernel.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include "core.h"

/* ICMPv6 types of neighbour discovery (RFC 4861 section 4). */
#define MSD_ICMPV6_NS 135
#define MSD_ICMPV6_NA 136

/* Echo: type, code, checksum, identifier, sequence number. */
#define MSD_ECHO_HLEN 8

/* What a check returns that found nothing to refuse; never leaves the core. */
#define MSD_GO_ON __MSD_VERDICT_MAX

/* Every address but the host's is own. */
static inline bool msd_owns_any(const struct msd_ctx *ctx)
{
	return msd_addrset_empty(&ctx->cfg->own);
}

/* eth.c */

/**
 * msd_source_mac_ok() - may a frame from this MAC address be answered?
 * @ctx: holds the own MAC
 * @flow: its source MAC
 *
 * Return: false for multicast and for our own address.
 */
bool msd_source_mac_ok(const struct msd_ctx *ctx, const struct msd_flow *flow);

/**
 * msd_link_put() - write the link header of a reply frame
 * @ctx: holds the own MAC
 * @flow: whose VLAN tags and EtherType are repeated
 * @dmac: destination
 * @frame: start of the frame, flow->l2_len bytes
 */
void msd_link_put(const struct msd_ctx *ctx, const struct msd_flow *flow,
		  const u8 *dmac, u8 *frame);

/**
 * msd_reply_head() - reserve link and network header of the first frame
 * @flow: gives the length of the link header
 * @out: empty
 * @nhlen: length of the network header
 */
void msd_reply_head(const struct msd_flow *flow, struct msd_out *out,
		    u32 nhlen);

/**
 * msd_reply_frame() - make what was written so far the reply's only frame
 * @out: written
 */
void msd_reply_frame(struct msd_out *out);

/* csum.c */

/**
 * msd_csum_fold() - add the pseudo-header to a sum and fold it
 * @f: of the request; the pseudo-header is symmetric
 * @proto: protocol in the pseudo-header; 0: there is none (RFC 792)
 * @len: length of transport header and payload
 * @sum: their sum
 *
 * Return: the checksum, or 0 when @sum held the right one.
 */
__sum16 msd_csum_fold(const struct msd_flow *f, u8 proto, u32 len, __wsum sum);

/**
 * msd_csum_ok() - verify the checksum of a request's transport layer
 * @ctx: what the hardware said
 * @flow: addresses for the pseudo-header
 * @proto: see msd_csum_fold()
 * @l4: transport header and payload, without link padding
 * @len: its length
 *
 * Return: true when it is right, or known to be.
 */
bool msd_csum_ok(const struct msd_ctx *ctx, const struct msd_flow *flow,
		 u8 proto, const void *l4, u32 len);

/**
 * msd_csum_reply() - checksum of a reply's transport layer
 * @flow: of the request
 * @proto: see msd_csum_fold()
 * @l4: transport header, its checksum field zero, and payload
 * @len: its length
 *
 * Return: the checksum; 0 is a possible value.
 */
__sum16 msd_csum_reply(const struct msd_flow *flow, u8 proto, const void *l4,
		       u32 len);

/* arp.c */

/**
 * msd_arp() - answer ARP requests for own addresses (RFC 826, RFC 5227)
 * @ctx: see msd_answer()
 * @flow: link layer filled in; target and sender are added
 * @v: from the ARP header on
 * @out: receives the reply
 */
enum msd_verdict msd_arp(const struct msd_ctx *ctx, struct msd_flow *flow,
			 struct msd_view v, struct msd_out *out);

/* ipv4.c */

/**
 * msd_ipv4() - judge an IPv4 packet (RFC 791, RFC 1122)
 * @ctx: see msd_answer()
 * @flow: link layer filled in; addresses and above are added
 * @v: from the IPv4 header on
 * @out: receives the reply
 */
enum msd_verdict msd_ipv4(const struct msd_ctx *ctx, struct msd_flow *flow,
			  struct msd_view v, struct msd_out *out);

/**
 * msd_unicast4() - can an IPv4 address belong to an interface?
 * @addr: network order, any alignment
 *
 * Return: false for 0/8, 127/8 and 224/3.
 */
bool msd_unicast4(const u8 *addr);

/**
 * msd_source4_ok() - may this IPv4 address be answered?
 * @ctx: holds the own set
 * @saddr: network order
 * @daddr: address that was asked, network order
 *
 * Return: false for 0/8, 127/8, 224/3, the address that was asked, and for
 * addresses of a non-empty own set.
 */
bool msd_source4_ok(const struct msd_ctx *ctx, __be32 saddr, __be32 daddr);

/* ipv6.c */

/**
 * msd_ipv6() - judge an IPv6 packet (RFC 8200)
 * @ctx: see msd_answer()
 * @flow: link layer filled in; addresses and above are added
 * @v: from the IPv6 header on
 * @out: receives the reply
 */
enum msd_verdict msd_ipv6(const struct msd_ctx *ctx, struct msd_flow *flow,
			  struct msd_view v, struct msd_out *out);

/**
 * msd_unicast6() - can an IPv6 address belong to an interface?
 * @addr: the address
 *
 * Return: false for unspecified, loopback, multicast and IPv4-mapped ones.
 */
bool msd_unicast6(const struct in6_addr *addr);

/**
 * msd_source6_ok() - may this IPv6 address be answered?
 * @ctx: holds the own set
 * @saddr: source address
 * @daddr: address that was asked
 *
 * Return: false for unspecified, loopback, multicast and IPv4-mapped
 * addresses, the address that was asked, and those of a non-empty own set.
 */
bool msd_source6_ok(const struct msd_ctx *ctx, const struct in6_addr *saddr,
		    const struct in6_addr *daddr);

/**
 * msd_ipv6_put() - write link and IPv6 header of a reply frame
 * @ctx: holds the own MAC
 * @flow: protocol, VLAN tags
 * @frame: start of the frame
 * @len: its length
 * @saddr: source address of the reply
 * @daddr: destination address of the reply
 * @dmac: destination MAC
 * @hop_limit: hop limit
 */
void msd_ipv6_put(const struct msd_ctx *ctx, const struct msd_flow *flow,
		  u8 *frame, u32 len, const struct in6_addr *saddr,
		  const struct in6_addr *daddr, const u8 *dmac, u8 hop_limit);

/* ext.c */

/**
 * msd_ipv6_ext() - walk extension headers (RFC 8200 section 4)
 * @v: behind the fixed header; moved behind the extension headers
 * @next: next header; replaced by the transport protocol
 *
 * Return: MSD_GO_ON when the walk ended at another header, else the DROP
 * verdict.
 */
enum msd_verdict msd_ipv6_ext(struct msd_view *v, u8 *next);

/* icmp.c */

/**
 * msd_echo() - answer an ICMP or ICMPv6 echo request
 * @ctx: checksum state of the request, which is right
 * @flow: addresses
 * @v: the ICMP message
 * @out: head reserved; receives the message
 * @type: type of the reply
 */
void msd_echo(const struct msd_ctx *ctx, const struct msd_flow *flow,
	      struct msd_view v, struct msd_out *out, u8 type);

/**
 * msd_icmp() - judge an ICMP message (RFC 792)
 * @ctx: see msd_answer()
 * @flow: network layer filled in
 * @v: the message
 * @out: head reserved; receives the reply
 */
enum msd_verdict msd_icmp(const struct msd_ctx *ctx, struct msd_flow *flow,
			  struct msd_view v, struct msd_out *out);

/* icmpv6.c */

/**
 * msd_icmpv6() - judge an ICMPv6 message to a unicast address (RFC 4443)
 * @ctx: see msd_answer()
 * @flow: network layer filled in
 * @v: the message
 * @out: head reserved; receives the reply
 */
enum msd_verdict msd_icmpv6(const struct msd_ctx *ctx, struct msd_flow *flow,
			    struct msd_view v, struct msd_out *out);

/* ndisc.c */

/**
 * msd_ndisc() - judge a neighbour solicitation (RFC 4861 section 7.1.1)
 * @ctx: see msd_answer()
 * @flow: network layer filled in; daddr is replaced by an own target
 * @v: the ICMPv6 message
 * @out: head reserved; receives the whole frame
 *
 * Return: MSD_ANSWER_NDISC, or the DROP verdict.
 */
enum msd_verdict msd_ndisc(const struct msd_ctx *ctx, struct msd_flow *flow,
			   struct msd_view v, struct msd_out *out);

/* tcp.c */

/**
 * msd_tcp() - judge a TCP segment (RFC 9293); see the table in tcp.c
 * @ctx: see msd_answer()
 * @flow: network layer filled in
 * @v: the segment
 * @out: head reserved; receives the segments of the reply
 */
enum msd_verdict msd_tcp(const struct msd_ctx *ctx, struct msd_flow *flow,
			 struct msd_view v, struct msd_out *out);

/* udp.c */

/**
 * msd_udp() - judge a UDP datagram (RFC 768)
 * @ctx: see msd_answer()
 * @flow: network layer filled in
 * @v: the datagram
 * @out: head reserved; receives the reply
 */
enum msd_verdict msd_udp(const struct msd_ctx *ctx, struct msd_flow *flow,
			 struct msd_view v, struct msd_out *out);

/**
 * msd_udp_is_dhcp() - does a DHCP server speak to a client (RFC 2131, RFC 8415)?
 * @family: 4 or 6
 * @v: the datagram
 */
bool msd_udp_is_dhcp(u8 family, struct msd_view v);

#endif /* MSD_NET_H */
