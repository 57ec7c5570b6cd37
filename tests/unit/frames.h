/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frame builder: fill in a struct pkt, get a frame whose lengths and checksums
 * are right except where the description says otherwise.
 */
#ifndef MSD_FRAMES_H
#define MSD_FRAMES_H

#include "env.h"

/* Room for the largest frame that can be described. */
#define PKT_MAX (MSD_FRAME_MAX + 256)

/* Neighbour discovery types (RFC 4861 section 4). */
#define ND_SOLICIT 135
#define ND_ADVERT 136

#define TH_FIN 0x01
#define TH_SYN 0x02
#define TH_RST 0x04
#define TH_PSH 0x08
#define TH_ACK 0x10
#define TH_URG 0x20
#define TH_ECE 0x40
#define TH_CWR 0x80

/**
 * struct pkt - description of a frame
 * @dmac: destination MAC
 * @smac: source MAC
 * @ntags: VLAN tags, up to 3 so that one too many can be sent
 * @tpid: their types
 * @tci: their values
 * @ethertype: 0: as the family wants
 * @family: 4, 6, or 0: @data follows the EtherType directly (ARP, garbage)
 * @saddr: source address
 * @daddr: destination address
 * @version: of the IP header
 * @ttl: or hop limit
 * @tos: type of service or traffic class
 * @proto: transport protocol
 * @frag: IPv4 flags and fragment offset
 * @ihl: IPv4 header length in words; 0: as the options want
 * @ip_delta: added to IPv4's total length or IPv6's payload length
 * @bad_ip_csum: spoil the IPv4 header checksum
 * @ipopt: IPv4 options, a multiple of four bytes
 * @ipopt_len: their length
 * @ext: IPv6 extension headers, complete; the last one's next header is set to
 *	@proto by whoever writes them
 * @ext_len: their length
 * @ext_first: type of the first of them
 * @sport: source port; ICMP: type
 * @dport: destination port; ICMP: code
 * @seq: sequence number; ICMP: the four bytes behind the checksum
 * @ack: acknowledgment number
 * @flags: TCP flags
 * @doff: TCP header length in words; 0: as the options want
 * @window: TCP window
 * @urgent: urgent pointer
 * @tcpopt: TCP options, a multiple of four bytes
 * @tcpopt_len: their length
 * @udp_delta: added to the UDP length
 * @no_csum: transport checksum sent as zero
 * @bad_csum: spoil the transport checksum
 * @data: payload
 * @len: its length
 * @pad: zero bytes of link padding behind the packet
 */
struct pkt {
	u8 dmac[ETH_ALEN];
	u8 smac[ETH_ALEN];
	u8 ntags;
	u16 tpid[3];
	u16 tci[3];
	u16 ethertype;
	u8 family;
	struct in6_addr saddr;
	struct in6_addr daddr;
	u8 version;
	u8 ttl;
	u8 tos;
	u8 proto;
	u16 frag;
	u8 ihl;
	int ip_delta;
	bool bad_ip_csum;
	u8 ipopt[40];
	u8 ipopt_len;
	u8 ext[512];
	u16 ext_len;
	u8 ext_first;
	u16 sport;
	u16 dport;
	u32 seq;
	u32 ack;
	u8 flags;
	u8 doff;
	u16 window;
	u16 urgent;
	u8 tcpopt[40];
	u8 tcpopt_len;
	int udp_delta;
	bool no_csum;
	bool bad_csum;
	const void *data;
	u32 len;
	u32 pad;
};

/* An IP packet from the client to our address, transport still to choose. */
struct pkt pkt_ip(u8 family, u8 proto);

/* A TCP segment; ports as in env.h. */
struct pkt pkt_tcp(u8 family, u8 flags, u32 seq, u32 ack);

/* A UDP datagram with a string as payload. */
struct pkt pkt_udp(u8 family, const char *text);

/* An echo request, ICMP or ICMPv6, with @len bytes at @data. */
struct pkt pkt_echo(u8 family, const void *data, u32 len);

/**
 * struct arp - an ARP packet for Ethernet and IPv4
 * @htype: hardware type
 * @ptype: protocol type
 * @hlen: hardware address length
 * @plen: protocol address length
 * @op: operation
 * @sha: sender MAC
 * @spa: sender address
 * @tha: target MAC
 * @tpa: target address
 */
struct arp {
	u16 htype;
	u16 ptype;
	u8 hlen;
	u8 plen;
	u16 op;
	u8 sha[ETH_ALEN];
	u8 spa[4];
	u8 tha[ETH_ALEN];
	u8 tpa[4];
};

#define ARP_LEN 28

/* A request of the client for our address. */
struct arp arp_request(void);

/**
 * pkt_arp() - the frame of an ARP packet, to broadcast
 * @a: the packet
 * @store: ARP_LEN bytes that live as long as the description
 */
struct pkt pkt_arp(const struct arp *a, u8 *store);

/**
 * pkt_ns() - neighbour solicitation for @target, to its solicited-node group
 * @target: address that is asked for
 * @store: 20 + @opt_len bytes that live as long as the description
 * @opt: options
 * @opt_len: their length
 */
struct pkt pkt_ns(const struct in6_addr *target, u8 *store, const void *opt,
		  u32 opt_len);

/**
 * pkt_build() - write the frame
 * @p: its description
 * @buf: PKT_MAX bytes
 *
 * Return: its length.
 */
u32 pkt_build(const struct pkt *p, u8 *buf);

/* RFC 1071 by the book: one's complement sum of big-endian words. */
u16 slow_sum(const u8 *p, u32 len, u32 start);

/* The same with the pseudo-header of @family in front. */
u16 slow_l4_sum(u8 family, u8 proto, const struct in6_addr *saddr,
		const struct in6_addr *daddr, const u8 *p, u32 len);

#endif /* MSD_FRAMES_H */
