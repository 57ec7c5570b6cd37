// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet log in the manner of masscanned: each layer says what it received
 * and what it sent or dropped, from Ethernet up and down again. Client fields
 * are those of the request on every line; one not known yet is empty.
 */
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include "record.h"

#define NS_PER_S 1000000000ULL
#define NS_PER_MS 1000000ULL

/* Bytes of payload that the app line shows. */
#define SUMMARY 64

/* The client fields known, each with those before it. */
enum known {
	KNOWN_MACS,
	KNOWN_ADDRESSES,
	KNOWN_TRANSPORT,
	KNOWN_PORTS,
};

/* Room for the time, and for all client fields of a line. */
#define STAMP_SIZE 32
#define CLIENT_SIZE 512

/**
 * struct log - lines being made
 * @t: receives them
 * @format: form
 * @r: the frame
 * @begun: where the field being made began
 * @stamp: the time, as every line has it; @stamp_len bytes
 * @stamp_len: how many
 * @client: the client fields, made once for all lines of the frame
 * @client_end: by enum known: where those that are known end
 */
struct log {
	struct text *t;
	enum log_format format;
	const struct record *r;
	size_t begun;
	char stamp[STAMP_SIZE];
	size_t stamp_len;
	char client[CLIENT_SIZE];
	size_t client_end[KNOWN_PORTS + 1];
};

static void make_stamp(struct log *log, __u64 time)
{
	struct text t = { .buf = log->stamp, .size = sizeof(log->stamp) };
	unsigned int ms = time % NS_PER_S / NS_PER_MS;
	char fraction[] = { '.', '0' + ms / 100, '0' + ms / 10 % 10,
			    '0' + ms % 10 };

	if (log->format == LOG_LOGFMT)
		text_str(&t, "ts=");
	text_uint(&t, time / NS_PER_S);
	text_put(&t, fraction, sizeof(fraction));
	log->stamp_len = t.len;
}

static void begin_line(const struct log *log, const char *proto,
		       const char *verb)
{
	bool console = log->format == LOG_CONSOLE;

	text_put(log->t, log->stamp, log->stamp_len);
	text_str(log->t, console ? "\t" : " proto=");
	text_str(log->t, proto);
	text_str(log->t, console ? "\t" : " verb=");
	text_str(log->t, verb);
}

static void end_line(const struct log *log)
{
	text_put(log->t, "\n", 1);
}

static void begin(struct log *log, const char *key)
{
	if (log->format == LOG_CONSOLE) {
		text_put(log->t, "\t", 1);
		return;
	}
	log->begun = log->t->len;
	text_put(log->t, " ", 1);
	text_str(log->t, key);
	text_put(log->t, "=", 1);
}

/* A field without a value is an empty column, or not there at all. */
static void end(struct log *log)
{
	if (log->format == LOG_LOGFMT && log->t->len &&
	    log->t->buf[log->t->len - 1] == '=')
		log->t->len = log->begun;
}

static void put_mac(struct log *log, const char *key, const __u8 *mac)
{
	begin(log, key);
	if (mac)
		text_mac(log->t, mac);
	end(log);
}

static void put_addr(struct log *log, const char *key, const __u8 *addr)
{
	begin(log, key);
	if (addr)
		text_addr(log->t, log->r->family, addr);
	end(log);
}

/* Names are the kernel's; escaped all the same, since a terminal gets them. */
static void put_str(struct log *log, const char *key, const char *val)
{
	begin(log, key);
	text_escaped(log->t, (const __u8 *)val, strlen(val));
	end(log);
}

static void put_uint(struct log *log, const char *key, __u64 val, bool known)
{
	begin(log, key);
	if (known)
		text_uint(log->t, val);
	end(log);
}

static void put_call(struct log *log, const char *key, const char *name,
		     unsigned int val)
{
	begin(log, key);
	text_str(log->t, name);
	text_put(log->t, "(", 1);
	text_uint(log->t, val);
	text_put(log->t, ")", 1);
	end(log);
}

/* Time, protocol and verb, and in logfmt a second blank. */
static void head(struct log *log, const char *proto, const char *verb)
{
	begin_line(log, proto, verb);
	if (log->format == LOG_LOGFMT)
		text_put(log->t, " ", 1);
}

static void put_client(struct log *log)
{
	const struct record *r = log->r;
	bool has_ports = r->protocol == IPPROTO_TCP ||
			 r->protocol == IPPROTO_UDP;

	put_mac(log, "mac_src", r->smac);
	put_mac(log, "mac_dst", r->dmac);
	log->client_end[KNOWN_MACS] = log->t->len;
	put_addr(log, "ip_src", r->saddr);
	put_addr(log, "ip_dst", r->daddr);
	log->client_end[KNOWN_ADDRESSES] = log->t->len;
	put_str(log, "transport", ip_protocol_name(r->protocol));
	log->client_end[KNOWN_TRANSPORT] = log->t->len;
	put_uint(log, "port_src", r->sport, has_ports);
	put_uint(log, "port_dst", r->dport, has_ports);
	log->client_end[KNOWN_PORTS] = log->t->len;
}

static void make_client(struct log *log)
{
	struct text t = { .buf = log->client, .size = sizeof(log->client) };
	struct text *out = log->t;

	log->t = &t;
	put_client(log);
	log->t = out;
}

/* What is not known yet is an empty column, or not there at all. */
static void client(struct log *log, enum known known)
{
	static const size_t columns_left[] = {
		[KNOWN_MACS] = 5, [KNOWN_ADDRESSES] = 3,
		[KNOWN_TRANSPORT] = 2, [KNOWN_PORTS] = 0,
	};

	text_put(log->t, log->client, log->client_end[known]);
	if (log->format == LOG_CONSOLE)
		text_put(log->t, "\t\t\t\t\t", columns_left[known]);
}

static void eth_line(struct log *log, const char *verb, enum known known)
{
	head(log, "eth", verb);
	client(log, known);
	put_str(log, "eth_type", ethertype_name(log->r->ethertype));
	end_line(log);
}

/* The event has no hardware addresses of a request but the frame's. */
static void arp_line(struct log *log, const char *verb)
{
	const struct record *r = log->r;

	head(log, "arp", verb);
	put_mac(log, "mac_src", r->smac);
	put_mac(log, "mac_dst", NULL);
	put_addr(log, "ip_src", r->saddr);
	put_addr(log, "ip_dst", r->daddr);
	put_call(log, "op", "ArpOperation", r->arp_op);
	end_line(log);
}

static void arp_send(struct log *log)
{
	const struct record *r = log->r;

	head(log, "arp", "send");
	put_mac(log, "mac_dst", r->smac);
	put_mac(log, "mac_src", r->dmac[0] & 1 ? r->own_mac : r->dmac);
	put_addr(log, "ip_dst", r->saddr);
	put_addr(log, "ip_src", r->daddr);
	put_call(log, "op", "ArpOperation", ARPOP_REPLY);
	end_line(log);
}

static void ip_line(struct log *log, const char *verb, enum known known)
{
	head(log, log->r->family == AF_INET ? "ipv4" : "ipv6", verb);
	client(log, known);
	put_str(log, "next_proto", ip_protocol_name(log->r->protocol));
	end_line(log);
}

static void tcp_line(struct log *log, const char *verb)
{
	const struct record *r = log->r;

	head(log, "tcp", verb);
	client(log, KNOWN_PORTS);
	put_uint(log, "flags", r->tcp_flags, true);
	put_uint(log, "seq", r->seq, true);
	put_uint(log, "ack", r->ack, true);
	end_line(log);
}

/* Every segment has a flag, but an older module tells none of the reply. */
static void tcp_send(struct log *log)
{
	const struct record *r = log->r;
	bool known = r->reply_flags;

	head(log, "tcp", "send");
	client(log, KNOWN_PORTS);
	put_uint(log, "flags", r->reply_flags, known);
	put_uint(log, "seq", r->reply_seq, known);
	put_uint(log, "ack", r->reply_ack, known);
	end_line(log);
}

/* In columns, the line keeps the TAB it has always ended in. */
static void udp_line(struct log *log, const char *verb)
{
	head(log, "udp", verb);
	client(log, KNOWN_PORTS);
	if (log->format == LOG_CONSOLE)
		text_put(log->t, "\t", 1);
	end_line(log);
}

static void icmp_line(struct log *log, const char *verb, __u8 type, __u8 code)
{
	bool v4 = log->r->family == AF_INET;

	head(log, v4 ? "icmpv4" : "icmpv6", verb);
	client(log, KNOWN_TRANSPORT);
	put_call(log, v4 ? "icmp_type" : "icmpv6_type",
		 v4 ? "IcmpType" : "Icmpv6Type", type);
	put_call(log, v4 ? "icmp_code" : "icmpv6_code",
		 v4 ? "IcmpCode" : "Icmpv6Code", code);
	end_line(log);
}

/* Which responder spoke, the length of the payload, and how it begins. */
static void app_line(struct log *log)
{
	const struct record *r = log->r;
	size_t n = r->payload_held < SUMMARY ? r->payload_held : SUMMARY;
	bool quoted = log->format == LOG_LOGFMT;

	head(log, "app", "recv");
	client(log, KNOWN_PORTS);
	put_str(log, "responder", r->responder);
	put_uint(log, "payload_len", r->payload_len, true);
	if (n || !quoted)
		begin(log, "payload");
	if (n && quoted)
		text_put(log->t, "\"", 1);
	text_escaped(log->t, r->payload, n);
	if (n && n < r->payload_len)
		text_str(log->t, "...");
	if (n && quoted)
		text_put(log->t, "\"", 1);
	end_line(log);
}

static void transport_lines(struct log *log, const char *verb)
{
	const struct record *r = log->r;
	bool send = record_answered(r);

	switch (r->protocol) {
	case IPPROTO_TCP:
		tcp_line(log, "recv");
		if (r->payload_len)
			app_line(log);
		if (send)
			tcp_send(log);
		else
			tcp_line(log, verb);
		break;
	case IPPROTO_UDP:
		udp_line(log, "recv");
		if (r->payload_len)
			app_line(log);
		udp_line(log, verb);
		break;
	default:
		icmp_line(log, "recv", r->icmp_type, r->icmp_code);
		icmp_line(log, verb, send ? r->reply_icmp_type : r->icmp_type,
			  send ? r->reply_icmp_code : r->icmp_code);
	}
}

/* How far a packet came: lists are asked before the transport layer is. */
static enum known learnt(const struct record *r)
{
	switch (r->verdict) {
	case MSD_DROP_SOURCE:
	case MSD_DROP_DENIED:
	case MSD_DROP_BROADCAST:
	case MSD_DROP_IP_HEADER:
	case MSD_DROP_IP_CHECKSUM:
	case MSD_DROP_FRAGMENT:
	case MSD_DROP_FRAME_SIZE:
		return KNOWN_ADDRESSES;
	case MSD_DROP_PROTOCOL:
		return KNOWN_TRANSPORT;
	}
	return record_transport(r) ? KNOWN_PORTS : KNOWN_TRANSPORT;
}

void log_record(struct text *t, enum log_format format, const struct record *r)
{
	const char *verb = record_answered(r) ? "send" : "drop";
	struct log log = { .t = t, .format = format, .r = r };
	enum known known = KNOWN_MACS;

	make_stamp(&log, r->time);
	make_client(&log);
	eth_line(&log, "recv", KNOWN_MACS);
	if (r->verdict == MSD_DROP_SOURCE_MAC) {
		eth_line(&log, verb, KNOWN_MACS);
		return;
	}
	if (record_is_arp(r)) {
		arp_line(&log, "recv");
		if (record_answered(r))
			arp_send(&log);
		else
			arp_line(&log, "drop");
	} else if (record_is_ip(r)) {
		known = learnt(r);
		ip_line(&log, "recv", KNOWN_ADDRESSES);
		if (known == KNOWN_PORTS)
			transport_lines(&log, verb);
		ip_line(&log, verb, known);
	}
	eth_line(&log, verb, known);
}

void log_init(struct text *t, enum log_format format, __u64 time)
{
	static const char *const protocols[] = {
		"arp", "eth", "ipv4", "ipv6", "icmpv4", "icmpv6", "tcp", "udp",
		"app",
	};
	struct log log = { .t = t, .format = format };
	size_t i;

	make_stamp(&log, time);
	for (i = 0; i < ARRAY_SIZE(protocols); i++) {
		begin_line(&log, protocols[i], "init");
		end_line(&log);
	}
}
