/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * kmasscanned: generic netlink interface
 *
 * Family "kmasscanned", version 1, per network namespace. Every command needs
 * CAP_NET_ADMIN in the initial user namespace, or in that of the network
 * namespace if the module's parameter userns is 1. Scalars are in host byte
 * order; addresses and MAC addresses are byte strings in network order. Every
 * refusal carries an extack sentence. The same, as a netlink specification, is
 * in uapi/kmasscanned.yaml.
 *
 * All changes are edits: what is sent between MSD_CMD_EDIT_BEGIN and
 * MSD_CMD_EDIT_COMMIT happens at once, or not at all. An edit belongs to the
 * socket that began it and dies with it; a second BEGIN on that socket
 * discards the first edit.
 *
 * MSD_CMD_EDIT_BEGIN
 *   request: empty
 *
 * MSD_CMD_EDIT_ATTACH    put the responder on an interface
 * MSD_CMD_EDIT_SET       change an interface that has it; what is not named
 *                        stays as it is
 *   request:
 *     MSD_A_IFINDEX       u32, required
 *     MSD_A_MAC           6 bytes; own MAC. Six zero bytes: the device's own,
 *                         else c0:ff:ee:c0:ff:ee
 *     MSD_A_KEY           16 bytes; key of the SYN cookie. Sixteen zero bytes:
 *                         a new random key. ATTACH without it: random
 *     MSD_A_VIA           u32, enum msd_via; ATTACH only
 *     MSD_A_SSH_BANNER    string of 5 to 253 bytes without CR LF
 *     MSD_A_SNAP          u32, 0 to 1024; payload bytes an event holds.
 *                         ATTACH without it: 64
 *     MSD_A_FORCE         flag; own addresses may contain the host's
 *     MSD_A_ANY           flag; answer for every address but the host's own. It
 *                         clears the own list and excludes own ranges in the
 *                         same edit. Without it, an edit that leaves the own
 *                         list empty is refused
 *     MSD_A_VLAN          nest, may repeat: the VLANs whose frames are taken;
 *                         replaces the list
 *       MSD_TAG_FIRST      u32; 0: untagged
 *       MSD_TAG_LAST       u32, not below FIRST; absent: FIRST
 *     MSD_A_CLEAR_VLAN    flag; all VLANs, which is the default
 *     MSD_A_CLEAR_OWN     flag; SET: drop all own ranges first
 *     MSD_A_CLEAR_DENY    flag; SET: drop all deny ranges first
 *     MSD_A_RESPONDER     nest, may repeat: MSD_RESPONDER_NAME and
 *                         MSD_RESPONDER_ON
 *
 * MSD_CMD_EDIT_RANGES    add address ranges to an interface of this edit
 *   request:
 *     MSD_A_IFINDEX       u32, required; named by ATTACH or SET before
 *     MSD_A_LIST          u32, MSD_LIST_OWN or MSD_LIST_DENY, required
 *     MSD_A_RANGE         nest, repeats
 *       MSD_RANGE_FIRST     4 or 16 bytes
 *       MSD_RANGE_LAST      same length, not below FIRST; absent: FIRST
 *
 * MSD_CMD_EDIT_DETACH    take the responder off an interface
 *   request:
 *     MSD_A_IFINDEX       u32, required
 *
 * MSD_CMD_EDIT_COMMIT    carry out the edit
 *   request: empty. On refusal nothing has changed. When an own address set
 *   contains an address of the host, the refusal's extack cookie holds that
 *   address: 16 bytes, IPv4 as ::ffff:a.b.c.d. When another refusal is about
 *   one interface, or the kernel has no room for an address, the cookie holds
 *   its ifindex: u32.
 *
 * MSD_CMD_IFACE_GET      dump: one message per interface, all or the one named
 *   request:
 *     MSD_A_IFINDEX       u32, optional
 *   reply:
 *     MSD_A_IFINDEX  MSD_A_IFNAME  MSD_A_MAC (the one in use)
 *     MSD_A_MAC_FIXED     flag; the MAC was given, not taken from the device
 *     MSD_A_KEY_FIXED     flag; the key was given. The key itself never leaves
 *                         the kernel
 *     MSD_A_VIA  MSD_A_SSH_BANNER  MSD_A_SNAP  MSD_A_GENERATION
 *     MSD_A_FORCE         flag; the own addresses were given with it
 *     MSD_A_ANY           flag; there is no own list: every address is answered
 *                         for, but the host's own
 *     MSD_A_VLAN          nest per range, FIRST and LAST; none: all VLANs
 *     MSD_A_OWN_RANGES  MSD_A_DENY_RANGES   u32, number of ranges
 *     MSD_A_RESPONDER     nest per responder, NAME and ON
 *
 * MSD_CMD_RANGES_GET     dump: the ranges of one list of one interface
 *   request:
 *     MSD_A_IFINDEX       u32, required
 *     MSD_A_LIST          u32, required
 *   reply, as many messages as needed:
 *     MSD_A_RANGE         nest, repeats; sorted, IPv4 first
 *
 * MSD_CMD_STATS_GET      dump: counters; one message per interface, all or the
 *                        one named
 *   request:
 *     MSD_A_IFINDEX       u32, optional
 *   reply:
 *     MSD_A_IFINDEX  MSD_A_IFNAME
 *     MSD_A_STAT          nest per verdict: MSD_STAT_*
 *     MSD_A_RESPONDER     nest per responder: NAME and MSD_RESPONDER_FRAMES,
 *                         _RX_BYTES, _TX_FRAMES, _TX_BYTES
 *
 * MSD_CMD_STATS_RESET    count from zero again, on all interfaces or on the one
 *                        named. No frame is missed or counted twice meanwhile
 *   request:
 *     MSD_A_IFINDEX       u32, optional
 *
 * MSD_CMD_RESPONDER_GET  dump: what this module can speak, in the order asked
 *   request: empty
 *   reply:
 *     MSD_A_RESPONDER     nest: NAME, TRANSPORTS, SOURCE, PATTERNS
 *
 * MSD_CMD_VERSION_GET
 *   request: empty
 *   reply:
 *     MSD_A_VERSION       string
 */
#ifndef _UAPI_LINUX_KMASSCANNED_H
#define _UAPI_LINUX_KMASSCANNED_H

#define MSD_GENL_NAME "kmasscanned"
#define MSD_GENL_VERSION 1

/* Lengths of an SSH identification without CR LF (RFC 4253 section 4.2). */
#define MSD_SSH_BANNER_MIN 5
#define MSD_SSH_BANNER_MAX 253

/* What an interface identifies as over SSH unless it is told. */
#define MSD_SSH_BANNER_DEFAULT "SSH-2.0-1"

/* Most payload bytes that an event holds. */
#define MSD_SNAP_MAX 1024
/* As many unless told: the first line of most requests, a record of 300 bytes. */
#define MSD_SNAP_DEFAULT 64

/* Greatest VLAN ID that can be listed, and most ranges of them. */
#define MSD_VLAN_ID_MAX 4094
#define MSD_VLAN_RANGES_MAX 64

enum msd_cmd {
	MSD_CMD_UNSPEC,
	MSD_CMD_EDIT_BEGIN,
	MSD_CMD_EDIT_ATTACH,
	MSD_CMD_EDIT_SET,
	MSD_CMD_EDIT_RANGES,
	MSD_CMD_EDIT_DETACH,
	MSD_CMD_EDIT_COMMIT,
	MSD_CMD_IFACE_GET,
	MSD_CMD_RANGES_GET,
	MSD_CMD_STATS_GET,
	MSD_CMD_RESPONDER_GET,
	MSD_CMD_VERSION_GET,
	MSD_CMD_STATS_RESET,
	__MSD_CMD_MAX,
};

#define MSD_CMD_MAX (__MSD_CMD_MAX - 1)

enum msd_attr {
	MSD_A_UNSPEC,
	MSD_A_IFINDEX,		/* u32, from 1 */
	MSD_A_IFNAME,		/* string; reply */
	MSD_A_MAC,		/* 6 bytes; unicast */
	MSD_A_MAC_FIXED,	/* flag; reply */
	MSD_A_KEY,		/* 16 bytes; request */
	MSD_A_KEY_FIXED,	/* flag; reply */
	MSD_A_VIA,		/* u32, enum msd_via */
	MSD_A_SSH_BANNER,	/* string */
	MSD_A_FORCE,		/* flag */
	MSD_A_CLEAR_OWN,	/* flag; request */
	MSD_A_CLEAR_DENY,	/* flag; request */
	MSD_A_LIST,		/* u32, enum msd_list; request */
	MSD_A_RANGE,		/* nest, enum msd_range_attr; repeats */
	MSD_A_OWN_RANGES,	/* u32; reply */
	MSD_A_DENY_RANGES,	/* u32; reply */
	MSD_A_GENERATION,	/* u32; reply; grows with every change */
	MSD_A_STAT,		/* nest, enum msd_stat_attr; reply; repeats */
	MSD_A_RESPONDER,	/* nest, enum msd_responder_attr; repeats */
	MSD_A_VERSION,		/* string; reply */
	MSD_A_PAD,
	MSD_A_SNAP,		/* u32, at most MSD_SNAP_MAX */
	MSD_A_ANY,		/* flag */
	MSD_A_VLAN,		/* nest, enum msd_tag_attr; repeats */
	MSD_A_CLEAR_VLAN,	/* flag; request */
	__MSD_A_MAX,
};

#define MSD_A_MAX (__MSD_A_MAX - 1)

enum msd_range_attr {
	MSD_RANGE_UNSPEC,
	MSD_RANGE_FIRST,	/* 4 or 16 bytes */
	MSD_RANGE_LAST,		/* 4 or 16 bytes */
	__MSD_RANGE_MAX,
};

#define MSD_RANGE_MAX (__MSD_RANGE_MAX - 1)

enum msd_tag_attr {
	MSD_TAG_UNSPEC,
	MSD_TAG_FIRST,		/* u32, at most MSD_VLAN_ID_MAX */
	MSD_TAG_LAST,		/* u32, at most MSD_VLAN_ID_MAX */
	__MSD_TAG_MAX,
};

#define MSD_TAG_MAX (__MSD_TAG_MAX - 1)

enum msd_stat_attr {
	MSD_STAT_UNSPEC,
	MSD_STAT_VERDICT,	/* u32, enum msd_verdict */
	MSD_STAT_NAME,		/* string, such as "drop-tcp-cookie" */
	MSD_STAT_FRAMES,	/* u64 frames received with this verdict */
	MSD_STAT_RX_BYTES,	/* u64 bytes of those frames */
	MSD_STAT_TX_BYTES,	/* u64 bytes of the replies */
	MSD_STAT_PAD,
	MSD_STAT_TX_FRAMES,	/* u64 frames sent in reply */
	__MSD_STAT_MAX,
};

#define MSD_STAT_MAX (__MSD_STAT_MAX - 1)

enum msd_responder_attr {
	MSD_RESPONDER_UNSPEC,
	MSD_RESPONDER_NAME,	/* string */
	MSD_RESPONDER_ON,	/* u32, 0 or 1 */
	MSD_RESPONDER_TRANSPORTS, /* u32: 1 TCP, 2 UDP, 3 both; reply */
	MSD_RESPONDER_SOURCE,	/* string: RFC or document; reply */
	MSD_RESPONDER_PATTERNS,	/* u32: number of patterns; reply */
	MSD_RESPONDER_FRAMES,	/* u64 requests answered; reply */
	MSD_RESPONDER_RX_BYTES,	/* u64 bytes of those frames; reply */
	MSD_RESPONDER_TX_BYTES,	/* u64 bytes of the replies; reply */
	MSD_RESPONDER_PAD,
	MSD_RESPONDER_TX_FRAMES, /* u64 frames sent in reply; reply */
	__MSD_RESPONDER_MAX,
};

#define MSD_RESPONDER_MAX (__MSD_RESPONDER_MAX - 1)

/**
 * enum msd_via - how the responder sees frames of an interface
 * @MSD_VIA_UNSPEC: not a value
 * @MSD_VIA_RX_HANDLER: receive handler of the device; one per device
 * @MSD_VIA_INGRESS: netfilter's netdev ingress hook; for bridge or bond ports
 */
enum msd_via {
	MSD_VIA_UNSPEC,
	MSD_VIA_RX_HANDLER,
	MSD_VIA_INGRESS,
	__MSD_VIA_MAX,
};

#define MSD_VIA_MAX (__MSD_VIA_MAX - 1)

/**
 * enum msd_list - address lists of an interface
 * @MSD_LIST_UNSPEC: not a value
 * @MSD_LIST_OWN: addresses answered for; empty with MSD_A_ANY only
 * @MSD_LIST_DENY: clients that get no answer
 * @MSD_LIST_HOST: own addresses that the host has got since, and that are left
 *	to it; RANGES_GET only
 */
enum msd_list {
	MSD_LIST_UNSPEC,
	MSD_LIST_OWN,
	MSD_LIST_DENY,
	MSD_LIST_HOST,
	__MSD_LIST_MAX,
};

#define MSD_LIST_MAX (__MSD_LIST_MAX - 1)

/**
 * enum msd_verdict - what became of a frame
 *
 * PASS: the host's own stack got it, untouched. ANSWER: consumed, a reply was
 * sent. DROP: consumed in silence. Each frame has exactly one.
 *
 * @MSD_PASS_MAC: destination MAC is not one of ours
 * @MSD_PASS_ETHERTYPE: neither ARP, IPv4 nor IPv6
 * @MSD_PASS_TARGET: ARP or neighbour solicitation for another address
 * @MSD_PASS_ADDRESS: IP destination is not an own address
 * @MSD_PASS_SHORT: too short to tell whom it is for
 * @MSD_ANSWER_ARP: ARP reply
 * @MSD_ANSWER_ECHO: ICMP echo reply
 * @MSD_ANSWER_NDISC: neighbour advertisement
 * @MSD_ANSWER_ECHO6: ICMPv6 echo reply
 * @MSD_ANSWER_SYNACK: SYN-ACK with a cookie
 * @MSD_ANSWER_TCP: application reply on a verified connection
 * @MSD_ANSWER_ACK: bare ACK: verified data that drew no application reply
 * @MSD_ANSWER_FIN: FIN-ACK to a verified FIN without an application reply
 * @MSD_ANSWER_UDP: application reply in a datagram
 * @MSD_DROP_SOURCE_MAC: source MAC is multicast or our own
 * @MSD_DROP_SOURCE: source address nobody may have (broadcast, multicast,
 *	loopback, unspecified, or one of our own)
 * @MSD_DROP_DENIED: client is on the deny list
 * @MSD_DROP_BROADCAST: IPv4 in a broadcast frame (RFC 1122 section 3.3.6)
 * @MSD_DROP_ARP: ARP for an own address that is not a valid request
 * @MSD_DROP_IP_HEADER: malformed IP header, extension header or length
 * @MSD_DROP_IP_CHECKSUM: wrong IPv4 header checksum
 * @MSD_DROP_FRAGMENT: fragment
 * @MSD_DROP_PROTOCOL: IP protocol we do not speak
 * @MSD_DROP_CHECKSUM: wrong ICMP, TCP or UDP checksum
 * @MSD_DROP_ICMP: ICMP or ICMPv6 that is no valid echo request
 * @MSD_DROP_NDISC: neighbour solicitation that fails RFC 4861 section 7.1.1
 * @MSD_DROP_TCP_HEADER: malformed TCP header
 * @MSD_DROP_TCP_RST: RST
 * @MSD_DROP_TCP_ACK: bare ACK
 * @MSD_DROP_TCP_FLAGS: combination of TCP flags that draws no answer
 * @MSD_DROP_TCP_COOKIE: data or FIN whose ACK is not within our cookie
 * @MSD_DROP_UDP_LENGTH: malformed UDP header
 * @MSD_DROP_UDP_SILENT: no responder answers this datagram
 * @MSD_DROP_REPLY_SIZE: the reply would not fit the interface's MTU
 * @MSD_DROP_FRAME_SIZE: the frame is larger than we judge
 * @MSD_DROP_MEMORY: no memory for the reply
 * @MSD_DROP_XMIT: the device did not take the reply
 * @MSD_PASS_DHCP: a DHCP server's answer to a client (UDP 67 to 68, 547 to 546)
 * @MSD_PASS_DAD: ARP or solicitation that asks nothing of us: somebody probes or
 *	announces an address, and none is listed as own
 * @MSD_PASS_VLAN: on a VLAN that is not listed
 */
enum msd_verdict {
	MSD_PASS_MAC,
	MSD_PASS_ETHERTYPE,
	MSD_PASS_TARGET,
	MSD_PASS_ADDRESS,
	MSD_PASS_SHORT,
	MSD_ANSWER_ARP,
	MSD_ANSWER_ECHO,
	MSD_ANSWER_NDISC,
	MSD_ANSWER_ECHO6,
	MSD_ANSWER_SYNACK,
	MSD_ANSWER_TCP,
	MSD_ANSWER_ACK,
	MSD_ANSWER_FIN,
	MSD_ANSWER_UDP,
	MSD_DROP_SOURCE_MAC,
	MSD_DROP_SOURCE,
	MSD_DROP_DENIED,
	MSD_DROP_BROADCAST,
	MSD_DROP_ARP,
	MSD_DROP_IP_HEADER,
	MSD_DROP_IP_CHECKSUM,
	MSD_DROP_FRAGMENT,
	MSD_DROP_PROTOCOL,
	MSD_DROP_CHECKSUM,
	MSD_DROP_ICMP,
	MSD_DROP_NDISC,
	MSD_DROP_TCP_HEADER,
	MSD_DROP_TCP_RST,
	MSD_DROP_TCP_ACK,
	MSD_DROP_TCP_FLAGS,
	MSD_DROP_TCP_COOKIE,
	MSD_DROP_UDP_LENGTH,
	MSD_DROP_UDP_SILENT,
	MSD_DROP_REPLY_SIZE,
	MSD_DROP_FRAME_SIZE,
	MSD_DROP_MEMORY,
	MSD_DROP_XMIT,
	MSD_PASS_DHCP,
	MSD_PASS_DAD,
	MSD_PASS_VLAN,
	__MSD_VERDICT_MAX,
};

#define MSD_VERDICT_MAX (__MSD_VERDICT_MAX - 1)

#endif /* _UAPI_LINUX_KMASSCANNED_H */
