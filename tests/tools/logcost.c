// SPDX-License-Identifier: GPL-2.0-only
/* Write frames in one form, so that instructions can be counted: FORM TIMES. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/record.h"

static struct record frame(__u32 verdict, const char *saddr, const char *daddr)
{
	static const __u8 request[] = "GET / HTTP/1.1\r\nHost: 192.0.2.129\r\n\r\n";
	struct record r = {
		.time = 1780272000007000009ULL, .netns = 4026531840,
		.ifindex = 2, .dev = "eth0", .responder = "http",
		.verdict = verdict, .req_len = 92, .reply_len = 300,
		.ethertype = 0x0800, .family = AF_INET, .protocol = IPPROTO_TCP,
		.smac = { 2, 0, 0x5e, 0x10, 0, 1 },
		.dmac = { 0xc0, 0xff, 0xee, 0xc0, 0xff, 0xee },
		.sport = 45678, .dport = 80, .tcp_flags = 0x18,
		.window = 64240, .seq = 3735928559, .ack = 305419896,
		.hop_limit = 64, .payload = request,
		.payload_held = sizeof(request) - 1,
		.payload_len = sizeof(request) - 1,
		.reply_flags = 0x18, .reply_seq = 305419896,
		.reply_ack = 3735928595, .reply_window = 65160,
	};

	if (strchr(saddr, ':')) {
		r.family = AF_INET6;
		r.ethertype = 0x86dd;
	}
	inet_pton(r.family, saddr, r.saddr);
	inet_pton(r.family, daddr, r.daddr);
	return r;
}

/* A SYN, a request and a drop, of both families. */
static size_t make(struct record *r)
{
	static const __u32 verdicts[] = {
		MSD_ANSWER_SYNACK, MSD_ANSWER_TCP, MSD_DROP_TCP_COOKIE,
	};
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		r[n++] = frame(verdicts[i], "198.51.100.17", "192.0.2.129");
		r[n++] = frame(verdicts[i], "2001:db8:5::17",
			       "2001:db8::8001");
	}
	for (i = 0; i < n; i++) {
		if (r[i].verdict == MSD_ANSWER_TCP)
			continue;
		r[i].responder = "";
		r[i].payload_len = 0;
		r[i].payload_held = 0;
	}
	return n;
}

int main(int argc, char **argv)
{
	static char buf[RECORD_TEXT];
	struct record r[8];
	size_t n = make(r), i;
	int times;

	if (argc != 3)
		return 2;
	for (times = atoi(argv[2]); times > 0; times--)
		for (i = 0; i < n; i++) {
			struct text t = { .buf = buf, .size = sizeof(buf) };

			if (!strcmp(argv[1], "json"))
				event_json(&t, &r[i]);
			else
				log_record(&t, !strcmp(argv[1], "logfmt") ?
					   LOG_LOGFMT : LOG_CONSOLE, &r[i]);
			if (t.over || !t.len)
				return 1;
		}
	return 0;
}
