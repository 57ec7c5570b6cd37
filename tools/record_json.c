// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line of JSON a frame. The members are named as the fields of the events;
 * one that does not apply is not there. Written by hand, for one line must not
 * cost more than the frame did.
 */
#include <netinet/in.h>
#include <string.h>
#include <time.h>
#include "record.h"

#define NS_PER_S 1000000000ULL

/* VLAN identifier within a tag. */
#define VLAN_VID 0x0fff

static void key(struct text *t, const char *name)
{
	text_put(t, ",\"", 2);
	text_str(t, name);
	text_put(t, "\":", 2);
}

static void put_uint(struct text *t, const char *name, __u64 val)
{
	key(t, name);
	text_uint(t, val);
}

static void put_str(struct text *t, const char *name, const char *val)
{
	key(t, name);
	text_json(t, val);
}

static void put_mac(struct text *t, const char *name, const __u8 *mac)
{
	key(t, name);
	text_put(t, "\"", 1);
	text_mac(t, mac);
	text_put(t, "\"", 1);
}

static void put_addr(struct text *t, const char *name, int family,
		     const __u8 *addr)
{
	key(t, name);
	text_put(t, "\"", 1);
	text_addr(t, family, addr);
	text_put(t, "\"", 1);
}

static void put_hex(struct text *t, const char *name, const __u8 *bytes,
		    size_t n, size_t max)
{
	key(t, name);
	text_put(t, "\"", 1);
	text_hex(t, bytes, n < max ? n : max);
	text_put(t, "\"", 1);
}

/* RFC 3339, UTC, with nanoseconds. */
static void begin(struct text *t, const char *kind, __u64 time)
{
	time_t seconds = time / NS_PER_S;
	struct tm tm;
	char buf[40];

	text_str(t, "{\"record\":");
	text_json(t, kind);
	gmtime_r(&seconds, &tm);
	strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%S", &tm);
	key(t, "time");
	text_printf(t, "\"%s.%09lluZ\"", buf,
		    (unsigned long long)(time % NS_PER_S));
}

static void end(struct text *t)
{
	text_put(t, "}\n", 2);
}

static void link_members(struct text *t, const struct record *r)
{
	put_mac(t, "smac", r->smac);
	put_mac(t, "dmac", r->dmac);
	if (r->vlan_proto) {
		put_uint(t, "vlan_proto", r->vlan_proto);
		put_uint(t, "vlan_tci", r->vlan_tci);
		put_uint(t, "vlan_id", r->vlan_tci & VLAN_VID);
	}
	put_uint(t, "ethertype", r->ethertype);
}

static void network_members(struct text *t, const struct record *r)
{
	if (r->family != AF_INET && r->family != AF_INET6)
		return;
	put_addr(t, "saddr", r->family, r->saddr);
	put_addr(t, "daddr", r->family, r->daddr);
	if (record_is_arp(r)) {
		put_uint(t, "arp_op", r->arp_op);
		return;
	}
	put_uint(t, "protocol", r->protocol);
	put_uint(t, "hop_limit", r->hop_limit);
	if (r->family == AF_INET)
		put_uint(t, "ip_id", r->ip_id);
}

static void icmp_members(struct text *t, const struct record *r)
{
	static const __u8 none[16];

	put_uint(t, "icmp_type", r->icmp_type);
	put_uint(t, "icmp_code", r->icmp_code);
	if (memcmp(r->nd_target, none, sizeof(none)))
		put_addr(t, "nd_target", AF_INET6, r->nd_target);
}

static void transport_members(struct text *t, const struct record *r)
{
	int transport = record_transport(r);

	if (!transport)
		return;
	if (transport != IPPROTO_TCP && transport != IPPROTO_UDP) {
		icmp_members(t, r);
		return;
	}
	put_uint(t, "sport", r->sport);
	put_uint(t, "dport", r->dport);
	if (transport != IPPROTO_TCP)
		return;
	put_uint(t, "tcp_flags", r->tcp_flags);
	put_uint(t, "seq", r->seq);
	put_uint(t, "ack", r->ack);
	put_uint(t, "window", r->window);
	put_hex(t, "tcp_options", r->options, r->options_len,
		RECORD_OPTIONS_MAX);
}

/* What the reply says, where it is TCP or ICMP. */
static void reply_members(struct text *t, const struct record *r)
{
	int transport = record_transport(r);

	if (!record_answered(r))
		return;
	if (transport == IPPROTO_TCP && r->reply_flags) {
		put_uint(t, "reply_tcp_flags", r->reply_flags);
		put_uint(t, "reply_seq", r->reply_seq);
		put_uint(t, "reply_ack", r->reply_ack);
		put_uint(t, "reply_window", r->reply_window);
	} else if (transport == IPPROTO_ICMP || transport == IPPROTO_ICMPV6) {
		put_uint(t, "reply_icmp_type", r->reply_icmp_type);
		put_uint(t, "reply_icmp_code", r->reply_icmp_code);
	}
}

void event_json(struct text *t, const struct record *r)
{
	begin(t, "frame", r->time);
	put_uint(t, "netns", r->netns);
	put_uint(t, "ifindex", r->ifindex);
	put_str(t, "dev", r->dev);
	put_str(t, "verdict", verdict_name(r->verdict));
	if (*r->responder)
		put_str(t, "responder", r->responder);
	put_str(t, "layer", record_layer(r));
	link_members(t, r);
	network_members(t, r);
	transport_members(t, r);
	put_uint(t, "req_len", r->req_len);
	put_uint(t, "reply_len", r->reply_len);
	if (record_transport(r)) {
		put_uint(t, "payload_len", r->payload_len);
		put_hex(t, "payload", r->payload, r->payload_held,
			RECORD_PAYLOAD_MAX);
	}
	reply_members(t, r);
	end(t);
}

void event_json_lost(struct text *t, __u64 time, __u64 lost, __u64 total)
{
	begin(t, "lost", time);
	put_uint(t, "lost", lost);
	put_uint(t, "lost_total", total);
	end(t);
}

void event_json_module(struct text *t, __u64 time, bool loaded)
{
	begin(t, "module", time);
	key(t, "loaded");
	text_str(t, loaded ? "true" : "false");
	end(t);
}

void event_json_end(struct text *t, __u64 time, __u64 printed, __u64 filtered,
		    __u64 lost)
{
	begin(t, "end", time);
	put_uint(t, "printed", printed);
	put_uint(t, "filtered", filtered);
	put_uint(t, "lost", lost);
	end(t);
}
