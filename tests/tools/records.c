// SPDX-License-Identifier: GPL-2.0-only
/* Frames to text, against golden/; and the filters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include "../../tools/filter.h"
#include "../../tools/record.h"
#include "tap.h"

/* 2026-06-01 00:00:00.007 UTC: its milliseconds want padding. */
#define TIME 1780272000007000009ULL

#define ETH_IPV4 0x0800
#define ETH_ARP 0x0806
#define ETH_IPV6 0x86dd
#define ETH_LLDP 0x88cc

#define OPTIONS "\x02\x04\x05\xb4\x01\x01\x04\x02"
#define REQUEST "GET / HTTP/1.1\r\n\tX: \"\\\0\xff"

static const struct record base = {
	.time = TIME, .netns = 4026531840, .ifindex = 2, .dev = "eth0",
	.responder = "", .req_len = 60,
	.smac = { 2, 0, 0x5e, 0x10, 0, 1 },
	.dmac = { 0xc0, 0xff, 0xee, 0xc0, 0xff, 0xee },
};

static struct record frame(__u32 verdict, __u16 ethertype, const char *saddr,
			   const char *daddr)
{
	struct record r = base;

	r.verdict = verdict;
	r.ethertype = ethertype;
	r.reply_len = record_answered(&r) ? 60 : 0;
	if (!saddr)
		return r;
	r.family = strchr(saddr, ':') ? AF_INET6 : AF_INET;
	inet_pton(r.family, saddr, r.saddr);
	inet_pton(r.family, daddr, r.daddr);
	r.hop_limit = 64;
	r.ip_id = r.family == AF_INET ? 4711 : 0;
	return r;
}

static struct record v4(__u32 verdict, __u8 protocol)
{
	struct record r = frame(verdict, ETH_IPV4, "198.51.100.1",
				"198.51.100.9");

	r.protocol = protocol;
	return r;
}

static struct record v6(__u32 verdict, __u8 protocol)
{
	struct record r = frame(verdict, ETH_IPV6, "2001:db8::1",
				"2001:db8::9");

	r.protocol = protocol;
	return r;
}

static struct record tcp(__u32 verdict, __u8 flags, const char *payload,
			 size_t len)
{
	struct record r = v4(verdict, IPPROTO_TCP);

	r.sport = 51000;
	r.dport = 80;
	r.tcp_flags = flags;
	r.seq = 4294967295;
	r.ack = flags & 16 ? 3735928560 : 0;
	r.window = 64240;
	r.payload = (const __u8 *)payload;
	r.payload_held = len;
	r.payload_len = len;
	if (flags & 2) {
		r.options = (const __u8 *)OPTIONS;
		r.options_len = sizeof(OPTIONS) - 1;
	}
	return r;
}

static struct record udp(__u32 verdict, __u16 dport, __u32 len)
{
	struct record r = v6(verdict, IPPROTO_UDP);

	r.sport = 5353;
	r.dport = dport;
	r.payload_len = len;
	return r;
}

static struct record icmp(struct record r, __u8 type, __u8 code)
{
	r.icmp_type = type;
	r.icmp_code = code;
	return r;
}

static struct record arp(__u32 verdict, __u16 op, bool broadcast)
{
	struct record r = frame(verdict, ETH_ARP, "198.51.100.1",
				"198.51.100.9");

	r.arp_op = op;
	r.ip_id = 0;
	r.hop_limit = 0;
	if (broadcast) {
		memset(r.dmac, 0xff, sizeof(r.dmac));
		r.own_mac = base.dmac;
	}
	return r;
}

static struct record solicitation(void)
{
	static const __u8 dmac[] = { 0x33, 0x33, 0xff, 0, 0, 9 };
	struct record r = icmp(v6(MSD_ANSWER_NDISC, IPPROTO_ICMPV6), 135, 0);

	memcpy(r.dmac, dmac, sizeof(dmac));
	inet_pton(AF_INET6, "ff02::1:ff00:9", r.daddr);
	inet_pton(AF_INET6, "2001:db8::9", r.nd_target);
	return r;
}

static struct record tagged(void)
{
	struct record r = icmp(v4(MSD_ANSWER_ECHO, IPPROTO_ICMP), 8, 0);

	r.vlan_proto = 0x8100;
	r.vlan_tci = 0x6005;
	r.payload = (const __u8 *)"abc";
	r.payload_held = 3;
	r.payload_len = 56;
	return r;
}

static struct record spoke(struct record r, const char *responder)
{
	r.responder = responder;
	return r;
}

/* A name the kernel allows, and JSON does not as it stands. */
static struct record named(struct record r)
{
	r.dev = "a\"\\\x01\xe9";
	return r;
}

/* The reply's own numbers, none of which follows from the request. */
static struct record sent(struct record r, __u8 flags, __u32 seq, __u32 ack)
{
	r.reply_flags = flags;
	r.reply_seq = seq;
	r.reply_ack = ack;
	r.reply_window = 65160;
	return r;
}

static struct record sent_icmp(struct record r, __u8 type, __u8 code)
{
	r.reply_icmp_type = type;
	r.reply_icmp_code = code;
	return r;
}

#define FRAMES_MAX 32

static size_t frames(struct record *r)
{
	const struct record all[] = {
		frame(MSD_DROP_SOURCE_MAC, ETH_LLDP, NULL, NULL),
		arp(MSD_ANSWER_ARP, 1, true),
		arp(MSD_ANSWER_ARP, 1, false),
		arp(MSD_DROP_ARP, 2, false),
		sent_icmp(tagged(), 0, 3),
		named(sent_icmp(icmp(v6(MSD_ANSWER_ECHO6, IPPROTO_ICMPV6), 128,
				     0), 129, 0)),
		icmp(v4(MSD_DROP_ICMP, IPPROTO_ICMP), 13, 0),
		sent_icmp(solicitation(), 136, 0),
		sent(tcp(MSD_ANSWER_SYNACK, 2, "early", 5), 82, 3735928559, 0),
		tcp(MSD_DROP_TCP_ACK, 16, NULL, 0),
		sent(spoke(tcp(MSD_ANSWER_TCP, 24, REQUEST,
			       sizeof(REQUEST) - 1), "http"), 25, 3735928560,
		     23),
		sent(tcp(MSD_ANSWER_ACK, 24, "?", 1), 16, 3735928560, 0),
		tcp(MSD_ANSWER_FIN, 17, NULL, 0), /* of an older module */
		tcp(MSD_DROP_DENIED, 2, NULL, 0),
		v4(MSD_DROP_TCP_HEADER, IPPROTO_TCP),
		spoke(udp(MSD_ANSWER_UDP, 3478, 20), "stun"),
		udp(MSD_DROP_UDP_SILENT, 9, 0),
		v4(MSD_DROP_PROTOCOL, IPPROTO_IGMP),
		v6(MSD_DROP_PROTOCOL, 200),
		v4(MSD_DROP_FRAGMENT, IPPROTO_UDP),
		frame(MSD_DROP_IP_HEADER, ETH_IPV4, NULL, NULL),
	};

	memcpy(r, all, sizeof(all));
	return ARRAY_SIZE(all);
}

static char *text_of(enum log_format format, bool json)
{
	static char buf[FRAMES_MAX * RECORD_TEXT];
	struct text t = { .buf = buf, .size = sizeof(buf) - 1 };
	struct record r[FRAMES_MAX];
	size_t i, n = frames(r);

	if (!json)
		log_init(&t, format, TIME);
	for (i = 0; i < n; i++)
		if (json)
			event_json(&t, &r[i]);
		else
			log_record(&t, format, &r[i]);
	if (json) {
		event_json_lost(&t, TIME, 3, 18446744073709551615ULL);
		event_json_module(&t, TIME, false);
		event_json_module(&t, TIME, true);
		event_json_end(&t, TIME, 1, 2, 3);
	}
	buf[t.len] = '\0';
	return buf;
}

/* The first line that differs; the whole is too long to read. */
static void compare(const char *name, const char *got)
{
	char path[256], want[512], what[64];
	FILE *file;
	int n = 0;

	snprintf(path, sizeof(path), "%s/%s", GOLDEN, name);
	snprintf(what, sizeof(what), "golden/%s", name);
	file = fopen(path, "r");
	while (file && fgets(want, sizeof(want), file)) {
		n++;
		if (strncmp(got, want, strlen(want))) {
			tap_ok(false, what);
			printf("# line %d\n# got  %.*s\n# want %s", n,
			       (int)strcspn(got, "\n"), got, want);
			fclose(file);
			return;
		}
		got += strlen(want);
	}
	tap_ok(n && !*got, what);
	if (file)
		fclose(file);
}

static void test_golden(void)
{
	compare("console", text_of(LOG_CONSOLE, false));
	compare("logfmt", text_of(LOG_LOGFMT, false));
	compare("json", text_of(LOG_CONSOLE, true));
}

/* The longest record has room, and one that has not is cut, not overrun. */
static void test_room(void)
{
	static __u8 payload[RECORD_PAYLOAD_MAX + 1];
	static char buf[RECORD_TEXT];
	struct record r = spoke(tcp(MSD_ANSWER_TCP, 24, NULL, 0), "http");
	struct text t = { .buf = buf, .size = sizeof(buf) };
	struct text small = { .buf = buf, .size = 100 };

	memset(payload, 1, sizeof(payload));
	r.payload = payload;
	r.payload_held = sizeof(payload);
	r.payload_len = sizeof(payload);
	r.options = payload;
	r.options_len = RECORD_OPTIONS_MAX + 1;
	event_json(&t, &r);
	tap_ok(!t.over && buf[t.len - 1] == '\n', "longest JSON record");
	t.len = 0;
	log_record(&t, LOG_LOGFMT, &r);
	tap_ok(!t.over && buf[t.len - 1] == '\n', "longest logfmt record");
	event_json(&small, &r);
	tap_ok(small.over && small.len <= 100, "no room");
}

static bool known(void *data, const char *name)
{
	(void)data;
	return !strcmp(name, "http");
}

static bool passes(const struct filter *f, struct record r)
{
	return filter_match(f, &r);
}

static void test_verdicts(void)
{
	struct filter f = { .verdicts = 0 };
	struct err err = { "" };

	tap_ok(!filter_verdicts(&f, "drop-tcp,answer-arp", &err) &&
	       passes(&f, tcp(MSD_DROP_TCP_ACK, 16, NULL, 0)) &&
	       passes(&f, arp(MSD_ANSWER_ARP, 1, true)) &&
	       !passes(&f, tcp(MSD_ANSWER_SYNACK, 2, NULL, 0)) &&
	       !passes(&f, udp(MSD_DROP_UDP_SILENT, 9, 0)), "verdicts");
	filter_verdicts(&f, "drop,nonsense", &err);
	tap_str(err.text, "nonsense: no such verdict", "unknown verdict");
	filter_verdicts(&f, "pass-mac", &err);
	tap_str(err.text, "pass-mac: frames that pass raise no event",
		"verdict without an event");
	filter_verdicts(&f, "drop,,answer", &err);
	tap_str(err.text, "an item of the list is empty", "empty item");
	filter_verdicts(&f, "", &err);
	tap_str(err.text, "an item of the list is empty", "empty list");
}

static void test_protos(void)
{
	struct filter f = { .nprotos = 0 };
	struct err err = { "" };

	tap_ok(!filter_protos(&f, "http,icmp", known, NULL, &err) &&
	       passes(&f, spoke(tcp(MSD_ANSWER_TCP, 24, "x", 1), "http")) &&
	       passes(&f, tagged()) &&
	       !passes(&f, tcp(MSD_ANSWER_SYNACK, 2, NULL, 0)), "protocols");
	f.nprotos = 0;
	tap_ok(!filter_protos(&f, "ipv6", known, NULL, &err) &&
	       passes(&f, udp(MSD_DROP_UDP_SILENT, 9, 0)) &&
	       !passes(&f, arp(MSD_ANSWER_ARP, 1, true)), "a layer below");
	filter_protos(&f, "htpp", known, NULL, &err);
	tap_str(err.text, "htpp: no such protocol", "unknown protocol");
}

static void test_addresses(void)
{
	struct filter f = { .nports = 0 };
	struct err err = { "" };

	tap_ok(!filter_addrs(&f.from, "198.51.100.0/28,2001:db8::1", &err) &&
	       !filter_addrs(&f.to, "198.51.100.9,2001:db8::8/125", &err) &&
	       passes(&f, tcp(MSD_DROP_DENIED, 2, NULL, 0)) &&
	       passes(&f, arp(MSD_ANSWER_ARP, 1, true)) &&
	       passes(&f, udp(MSD_DROP_UDP_SILENT, 9, 0)) &&
	       !passes(&f, solicitation()) &&
	       !passes(&f, frame(MSD_DROP_SOURCE_MAC, ETH_LLDP, NULL, NULL)),
	       "addresses");
	filter_addrs(&f.from, "198.51.100.1/24", &err);
	tap_str(err.text, "198.51.100.1/24: host bits are set; the network is 198.51.100.0/24",
		"host bits");
	filter_free(&f);
}

static void test_ports(void)
{
	struct filter f = { .nports = 0 };
	struct err err = { "" };

	tap_ok(!filter_ports(&f, "80,5353", &err) &&
	       passes(&f, tcp(MSD_DROP_DENIED, 2, NULL, 0)) &&
	       passes(&f, udp(MSD_DROP_UDP_SILENT, 9, 0)) &&
	       !passes(&f, tagged()) &&
	       !passes(&f, v4(MSD_DROP_FRAGMENT, IPPROTO_UDP)), "ports");
	filter_ports(&f, "65536", &err);
	tap_str(err.text, "65536: not a port: 0 to 65535", "port too large");
	filter_ports(&f, "+80", &err);
	tap_str(err.text, "+80: not a port: 0 to 65535", "port with a sign");
}

static void test_devices(void)
{
	struct filter f = { .netns = base.netns };

	tap_ok(passes(&f, tagged()), "network namespace");
	f.ifindex[f.nifindex++] = 3;
	tap_ok(!passes(&f, tagged()), "another device");
	f.ifindex[f.nifindex++] = 2;
	tap_ok(passes(&f, tagged()), "one of two devices");
	f.netns++;
	tap_ok(!passes(&f, tagged()), "another network namespace");
}

void test_records(void)
{
	test_golden();
	test_room();
	test_verdicts();
	test_protos();
	test_addresses();
	test_ports();
	test_devices();
}
