/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One frame as the events msd_answer and msd_drop tell it, and the text that is
 * made of it. Nothing here knows where the record came from.
 */
#ifndef MSDCTL_RECORD_H
#define MSDCTL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "model.h"
#include "text.h"

/* Room for the text of any record, in every format. */
#define RECORD_TEXT 8192

/* Bytes of payload and of TCP options that are printed; the kernel has no more. */
#define RECORD_PAYLOAD_MAX 1024
#define RECORD_OPTIONS_MAX 40

/**
 * struct record - one frame
 * @time: CLOCK_REALTIME, nanoseconds since 1970
 * @netns: inode number of the network namespace
 * @ifindex: of the device
 * @dev: its name
 * @verdict: enum msd_verdict
 * @responder: name of the responder that spoke; "": none
 * @req_len: bytes of the frame
 * @reply_len: bytes of the reply's frames
 * @ethertype: behind VLAN tags
 * @vlan_proto: TPID of the outer tag; 0: untagged
 * @vlan_tci: that tag
 * @family: AF_INET (ARP, too), AF_INET6, or 0 when there are no addresses
 * @smac: source MAC
 * @dmac: destination MAC
 * @own_mac: own MAC of the interface, where @dmac does not tell; NULL: unknown
 * @saddr: source address, network order; ARP: sender
 * @daddr: destination address; ARP: target
 * @nd_target: target of neighbour discovery; zeros: none
 * @arp_op: ARP operation
 * @ip_id: IPv4 identification
 * @protocol: IP protocol behind extension headers
 * @hop_limit: TTL or hop limit
 * @sport: TCP or UDP source port
 * @dport: TCP or UDP destination port
 * @icmp_type: ICMP or ICMPv6
 * @icmp_code: likewise
 * @tcp_flags: the low eight flag bits
 * @window: TCP window, not scaled
 * @seq: TCP sequence number
 * @ack: TCP acknowledgment number
 * @options: TCP options; @options_len bytes
 * @options_len: how many
 * @payload: first bytes of the payload; @payload_held of them
 * @payload_held: how many
 * @payload_len: length of the whole payload
 * @reply_flags: TCP flags of the reply's segments together; 0: no TCP, or a
 *	module that does not tell
 * @reply_seq: TCP sequence number of the first
 * @reply_ack: what it acknowledges
 * @reply_window: its window, not scaled
 * @reply_icmp_type: ICMP or ICMPv6 of the reply
 * @reply_icmp_code: likewise
 *
 * Scalars are in host byte order. A layer the kernel found malformed is zero.
 */
struct record {
	__u64 time;
	__u32 netns;
	__u32 ifindex;
	const char *dev;
	__u32 verdict;
	const char *responder;
	__u32 req_len;
	__u32 reply_len;
	__u16 ethertype;
	__u16 vlan_proto;
	__u16 vlan_tci;
	__u16 family;
	__u8 smac[MAC_LEN];
	__u8 dmac[MAC_LEN];
	const __u8 *own_mac;
	__u8 saddr[16];
	__u8 daddr[16];
	__u8 nd_target[16];
	__u16 arp_op;
	__u16 ip_id;
	__u8 protocol;
	__u8 hop_limit;
	__u16 sport;
	__u16 dport;
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 tcp_flags;
	__u16 window;
	__u32 seq;
	__u32 ack;
	const __u8 *options;
	size_t options_len;
	const __u8 *payload;
	size_t payload_held;
	__u32 payload_len;
	__u8 reply_flags;
	__u32 reply_seq;
	__u32 reply_ack;
	__u16 reply_window;
	__u8 reply_icmp_type;
	__u8 reply_icmp_code;
};

/* record.c */

/**
 * verdict_name() - name of a verdict
 * @verdict: enum msd_verdict
 *
 * Return: such as "drop-tcp-cookie"; "unknown" for one of a newer module.
 */
const char *verdict_name(__u32 verdict);

/**
 * verdict_answers() - does a verdict say that a reply was sent?
 * @verdict: enum msd_verdict, from anywhere
 *
 * Return: true when it does.
 */
bool verdict_answers(__u32 verdict);

/**
 * record_answered() - was a reply made?
 * @r: the record
 *
 * Return: false when it was dropped.
 */
bool record_answered(const struct record *r);

/**
 * record_is_arp() - is it an ARP packet, well formed?
 * @r: the record
 *
 * Return: then its addresses and operation are known.
 */
bool record_is_arp(const struct record *r);

/**
 * record_is_ip() - is it an IP packet, with addresses?
 * @r: the record
 *
 * Return: then its protocol is known.
 */
bool record_is_ip(const struct record *r);

/**
 * record_transport() - what is known of the transport layer
 * @r: the record
 *
 * Return: IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP or IPPROTO_ICMPV6 when the
 * header is well formed; else 0.
 */
int record_transport(const struct record *r);

/**
 * record_layer() - name of the uppermost layer that is known
 * @r: the record
 *
 * Return: "tcp", "udp", "icmp", "icmpv6", "ipv4", "ipv6", "arp" or "eth".
 */
const char *record_layer(const struct record *r);

/* record_names.c */

/**
 * ethertype_name() - name of an EtherType, as masscanned prints it
 * @type: the EtherType
 *
 * Return: such as "Ipv4"; "unknown".
 */
const char *ethertype_name(__u16 type);

/**
 * ip_protocol_name() - name of an IP protocol, as masscanned prints it
 * @protocol: the number
 *
 * Return: such as "Tcp"; "unknown".
 */
const char *ip_protocol_name(__u8 protocol);

/* record_log.c */

/**
 * enum log_format - forms of the packet log, one line a layer and direction
 * @LOG_CONSOLE: columns, separated by TABs
 * @LOG_LOGFMT: key=value
 */
enum log_format {
	LOG_CONSOLE,
	LOG_LOGFMT,
};

/**
 * log_init() - the lines a log begins with
 * @t: receives them
 * @format: form
 * @time: CLOCK_REALTIME, nanoseconds since 1970
 */
void log_init(struct text *t, enum log_format format, __u64 time);

/**
 * log_record() - the lines of a frame
 * @t: receives them
 * @format: form
 * @r: the frame
 */
void log_record(struct text *t, enum log_format format,
		const struct record *r);

/* record_json.c: doc/schema/event.json says what the members are. */

/**
 * event_json() - a frame as one line of JSON
 * @t: receives the line
 * @r: the frame
 */
void event_json(struct text *t, const struct record *r);

/**
 * event_json_lost() - a line that says that frames are missing here
 * @t: receives the line
 * @time: CLOCK_REALTIME, nanoseconds since 1970
 * @lost: frames lost since the last such line
 * @total: frames lost since the beginning
 */
void event_json_lost(struct text *t, __u64 time, __u64 lost, __u64 total);

/**
 * event_json_module() - a line that says that the module has gone or come back
 * @t: receives the line
 * @time: CLOCK_REALTIME, nanoseconds since 1970
 * @loaded: it has come back
 */
void event_json_module(struct text *t, __u64 time, bool loaded);

/**
 * event_json_end() - the last line
 * @t: receives the line
 * @time: CLOCK_REALTIME, nanoseconds since 1970
 * @printed: frames printed
 * @filtered: frames read that the filters have left out
 * @lost: frames lost
 */
void event_json_end(struct text *t, __u64 time, __u64 printed, __u64 filtered,
		    __u64 lost);

#endif /* MSDCTL_RECORD_H */
