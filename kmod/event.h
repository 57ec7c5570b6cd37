/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: what they are made of and where they are raised. Nobody listening
 * costs a static branch each; a frame is parsed again for those who do.
 */
#ifndef MSD_EVENT_H
#define MSD_EVENT_H

#include <linux/build_bug.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "core/core.h"

struct msd_iface;

/*
 * Lengths as numbers: they stand in the format files of the events, where not
 * every reader can work out a sizeof.
 */
#define MSD_SOCKADDR_LEN 28
#define MSD_ADDR6_LEN 16

/*
 * Bytes of a frame that msd_packet holds. A record must fit a page of the ring
 * buffer with its headers and strings; a frame of a common MTU is whole.
 */
#define MSD_PACKET_MAX 3584

/* msd_packet: is it a request or a reply? */
#define MSD_DIRECTION_IN 0
#define MSD_DIRECTION_OUT 1

/**
 * union msd_sockaddr - address and port of one side
 * @in: IPv4
 * @in6: IPv6; scope and flow label are zero
 */
union msd_sockaddr {
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static_assert(sizeof(union msd_sockaddr) == MSD_SOCKADDR_LEN);
static_assert(sizeof(struct in6_addr) == MSD_ADDR6_LEN);

/**
 * struct msd_event - a frame with its verdict, as the events tell it
 * @dev: name of the device
 * @responder_name: of the responder that spoke, or ""
 * @netns: inode number of the network namespace
 * @ifindex: of the device
 * @req_len: bytes of the frame, a VLAN tag that was taken off not counted
 * @reply_len: bytes of all frames of the reply, likewise
 * @verdict: enum msd_verdict
 * @responder: its row, or MSD_NO_PROTO
 * @smac: source MAC
 * @dmac: destination MAC
 * @vlan_proto: TPID of the outer tag, offloaded or in the frame; 0: untagged
 * @vlan_tci: the tag
 * @ethertype: behind all tags
 * @family: AF_INET (ARP too), AF_INET6 or 0
 * @saddr: source; ARP: sender. Zero where @family is
 * @daddr: destination; ARP: target
 * @nd_target: target of a neighbour solicitation or advertisement
 * @arp_op: ARP operation
 * @ip_id: IPv4 identification
 * @protocol: IP protocol behind all extension headers
 * @hop_limit: TTL or hop limit
 * @icmp_type: ICMP or ICMPv6
 * @icmp_code: likewise
 * @tcp_flags: the low eight flag bits (RFC 9293 section 3.1)
 * @window: as it stands in the header, not scaled
 * @seq: TCP sequence number
 * @ack: TCP acknowledgment number
 * @payload_len: bytes behind the TCP, UDP or the 8 bytes of an ICMP header
 * @options: TCP options
 * @payload: the first of those bytes, as many as the interface's snap
 * @reply_seq: TCP sequence number of the reply's first segment
 * @reply_ack: what it acknowledges
 * @reply_window: its window, not scaled
 * @reply_tcp_flags: flags of all segments of the reply together
 * @reply_icmp_type: ICMP or ICMPv6 of the reply
 * @reply_icmp_code: likewise
 *
 * Scalars are in host byte order. Each layer is filled if it is well formed,
 * and only as far as the frame's own lengths reach; else it is zero. The last
 * six are read from the reply as it leaves.
 */
struct msd_event {
	char dev[IFNAMSIZ];
	const char *responder_name;
	u32 netns;
	u32 ifindex;
	u32 req_len;
	u32 reply_len;
	u8 verdict;
	u8 responder;
	u8 smac[ETH_ALEN];
	u8 dmac[ETH_ALEN];
	u16 vlan_proto;
	u16 vlan_tci;
	u16 ethertype;
	u16 family;
	union msd_sockaddr saddr;
	union msd_sockaddr daddr;
	struct in6_addr nd_target;
	u16 arp_op;
	u16 ip_id;
	u8 protocol;
	u8 hop_limit;
	u8 icmp_type;
	u8 icmp_code;
	u8 tcp_flags;
	u16 window;
	u32 seq;
	u32 ack;
	u32 payload_len;
	struct msd_view options;
	struct msd_view payload;
	u32 reply_seq;
	u32 reply_ack;
	u16 reply_window;
	u8 reply_tcp_flags;
	u8 reply_icmp_type;
	u8 reply_icmp_code;
};

/**
 * struct msd_packet - the bytes of a frame
 * @request_id: the same in a request and its replies; else unique until reboot
 *	of the module: CPU in the upper 16 bits, a counter below
 * @direction: MSD_DIRECTION_*
 * @vlan_proto: TPID of a tag that is not in @frame; 0: there is none
 * @vlan_tci: that tag
 * @orig_len: length of the whole frame
 * @frame: its first MSD_PACKET_MAX bytes
 */
struct msd_packet {
	u64 request_id;
	u8 direction;
	u16 vlan_proto;
	u16 vlan_tci;
	u32 orig_len;
	struct msd_view frame;
};

/* The tracepoints take these structures. */
#include "trace.h"

/* trace.c */

/* What msd_event() does when somebody listens. */
void msd_event_raise(const struct msd_iface *iface, const struct sk_buff *skb,
		     const struct msd_flow *flow, const struct msd_out *out,
		     enum msd_verdict v);

/**
 * msd_event() - tell whoever listens of a frame that is answered or dropped
 * @iface: where it came in
 * @skb: the frame, untouched
 * @flow: what msd_answer() learnt of it
 * @out: the reply, if @v says that there is one
 * @v: the verdict; nothing is told of PASS_*
 *
 * A reply that then fails to leave was told as an answer.
 *
 * Context: RCU read side, BH off.
 */
static inline void msd_event(const struct msd_iface *iface,
			     const struct sk_buff *skb,
			     const struct msd_flow *flow,
			     const struct msd_out *out, enum msd_verdict v)
{
	if (trace_msd_answer_enabled() || trace_msd_drop_enabled() ||
	    trace_msd_packet_enabled())
		msd_event_raise(iface, skb, flow, out, v);
}

#endif /* MSD_EVENT_H */
