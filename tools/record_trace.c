// SPDX-License-Identifier: GPL-2.0-only
/* Turns an event of the tracepoints into a record. */
#include <netinet/in.h>
#include <string.h>
#include "record_trace.h"

/* Fields of the events, as names[] has them. */
enum field {
	F_NETNS, F_IFINDEX, F_DEV, F_VERDICT, F_RESPONDER, F_REQ_LEN,
	F_REPLY_LEN, F_ETHERTYPE, F_VLAN_PROTO, F_VLAN_TCI, F_FAMILY, F_SMAC,
	F_DMAC, F_SADDR, F_DADDR, F_ND_TARGET, F_ARP_OP, F_IP_ID, F_PROTOCOL,
	F_HOP_LIMIT, F_SPORT, F_DPORT, F_ICMP_TYPE, F_ICMP_CODE, F_TCP_FLAGS,
	F_WINDOW, F_SEQ, F_ACK, F_TCP_OPTIONS, F_PAYLOAD, F_PAYLOAD_LEN,
	F_REPLY_FLAGS, F_REPLY_SEQ, F_REPLY_ACK, F_REPLY_WINDOW,
	F_REPLY_ICMP_TYPE, F_REPLY_ICMP_CODE, F_N,
};

static const char *const names[F_N + 1] = {
	[F_NETNS] = "netns", [F_IFINDEX] = "ifindex", [F_DEV] = "dev",
	[F_VERDICT] = "verdict", [F_RESPONDER] = "responder_name",
	[F_REQ_LEN] = "req_len", [F_REPLY_LEN] = "reply_len",
	[F_ETHERTYPE] = "ethertype", [F_VLAN_PROTO] = "vlan_proto",
	[F_VLAN_TCI] = "vlan_tci", [F_FAMILY] = "family", [F_SMAC] = "smac",
	[F_DMAC] = "dmac", [F_SADDR] = "saddr", [F_DADDR] = "daddr",
	[F_ND_TARGET] = "nd_target", [F_ARP_OP] = "arp_op", [F_IP_ID] = "ip_id",
	[F_PROTOCOL] = "protocol", [F_HOP_LIMIT] = "hop_limit",
	[F_SPORT] = "sport", [F_DPORT] = "dport", [F_ICMP_TYPE] = "icmp_type",
	[F_ICMP_CODE] = "icmp_code", [F_TCP_FLAGS] = "tcp_flags",
	[F_WINDOW] = "window", [F_SEQ] = "seq", [F_ACK] = "ack",
	[F_TCP_OPTIONS] = "tcp_options", [F_PAYLOAD] = "payload",
	[F_PAYLOAD_LEN] = "payload_len", [F_REPLY_FLAGS] = "reply_tcp_flags",
	[F_REPLY_SEQ] = "reply_seq", [F_REPLY_ACK] = "reply_ack",
	[F_REPLY_WINDOW] = "reply_window",
	[F_REPLY_ICMP_TYPE] = "reply_icmp_type",
	[F_REPLY_ICMP_CODE] = "reply_icmp_code",
};

struct trace *record_trace_open(unsigned int buffer_kb,
				const struct filter *filter, struct err *err)
{
	static char expression[FILTER_KERNEL_MAX];
	static const char *const events[] = { "msd_answer", "msd_drop", NULL };
	static struct trace_setup setup = { .events = events, .fields = names };

	filter_kernel(expression, filter);
	setup.buffer_kb = buffer_kb;
	setup.filter = expression;
	return trace_open(&setup, err);
}

static void copy(void *to, size_t size, const struct trace_record *rec,
		 enum field field)
{
	size_t n;
	const void *from = trace_bytes(rec, field, &n);

	memset(to, 0, size);
	if (n)
		memcpy(to, from, n < size ? n : size);
}

/* The event has a struct sockaddr_in or sockaddr_in6. */
static void copy_addr(__u8 to[16], const struct trace_record *rec,
		      enum field field)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} addr;

	copy(&addr, sizeof(addr), rec, field);
	memset(to, 0, 16);
	if (addr.any.sa_family == AF_INET)
		memcpy(to, &addr.in.sin_addr, sizeof(addr.in.sin_addr));
	else if (addr.any.sa_family == AF_INET6)
		memcpy(to, &addr.in6.sin6_addr, sizeof(addr.in6.sin6_addr));
}

static void take_transport(struct record *r, const struct trace_record *rec)
{
	r->sport = trace_uint(rec, F_SPORT);
	r->dport = trace_uint(rec, F_DPORT);
	r->icmp_type = trace_uint(rec, F_ICMP_TYPE);
	r->icmp_code = trace_uint(rec, F_ICMP_CODE);
	r->tcp_flags = trace_uint(rec, F_TCP_FLAGS);
	r->window = trace_uint(rec, F_WINDOW);
	r->seq = trace_uint(rec, F_SEQ);
	r->ack = trace_uint(rec, F_ACK);
	r->payload_len = trace_uint(rec, F_PAYLOAD_LEN);
	r->options = trace_bytes(rec, F_TCP_OPTIONS, &r->options_len);
	r->payload = trace_bytes(rec, F_PAYLOAD, &r->payload_held);
	copy(r->nd_target, sizeof(r->nd_target), rec, F_ND_TARGET);
}

static void take_reply(struct record *r, const struct trace_record *rec)
{
	r->reply_flags = trace_uint(rec, F_REPLY_FLAGS);
	r->reply_seq = trace_uint(rec, F_REPLY_SEQ);
	r->reply_ack = trace_uint(rec, F_REPLY_ACK);
	r->reply_window = trace_uint(rec, F_REPLY_WINDOW);
	r->reply_icmp_type = trace_uint(rec, F_REPLY_ICMP_TYPE);
	r->reply_icmp_code = trace_uint(rec, F_REPLY_ICMP_CODE);
}

void record_from_trace(struct record *r, const struct trace_record *rec)
{
	*r = (struct record){
		.time = rec->time,
		.netns = trace_uint(rec, F_NETNS),
		.ifindex = trace_uint(rec, F_IFINDEX),
		.dev = trace_str(rec, F_DEV),
		.verdict = trace_uint(rec, F_VERDICT),
		.responder = trace_str(rec, F_RESPONDER),
		.req_len = trace_uint(rec, F_REQ_LEN),
		.reply_len = trace_uint(rec, F_REPLY_LEN),
		.ethertype = trace_uint(rec, F_ETHERTYPE),
		.vlan_proto = trace_uint(rec, F_VLAN_PROTO),
		.vlan_tci = trace_uint(rec, F_VLAN_TCI),
		.family = trace_uint(rec, F_FAMILY),
		.arp_op = trace_uint(rec, F_ARP_OP),
		.ip_id = trace_uint(rec, F_IP_ID),
		.protocol = trace_uint(rec, F_PROTOCOL),
		.hop_limit = trace_uint(rec, F_HOP_LIMIT),
	};
	copy(r->smac, sizeof(r->smac), rec, F_SMAC);
	copy(r->dmac, sizeof(r->dmac), rec, F_DMAC);
	copy_addr(r->saddr, rec, F_SADDR);
	copy_addr(r->daddr, rec, F_DADDR);
	take_transport(r, rec);
	take_reply(r, rec);
}
