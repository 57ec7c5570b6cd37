// SPDX-License-Identifier: GPL-2.0-only
/* Sums and rates of counters, and their text for Prometheus. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/counters.h"
#include "../../tools/prom.h"
#include "tap.h"

static struct verdict_info verdicts[] = {
	{ "pass-mac", { 1, 60, 0, 0 } },
	{ "answer-echo", { 20, 2000, 20, 1900 } },
	{ "answer-udp", { 1, 100, 3, 300 } },
	{ "drop-memory", { 300, 30000, 0, 0 } },
	{ "odd", { 4000, 1, 0, 0 } },
};

static struct responder_info responders[] = {
	{ .name = "http", .count = { 1, 100, 3, 300 } },
};

static struct iface_info ifaces[] = {
	{ .ifindex = 4, .ifname = "e\"\\\n", .verdicts = verdicts,
	  .nverdicts = 5, .responders = responders, .nresponders = 1 },
	{ .ifindex = 7, .ifname = "f" },
};

static bool is_count(const struct counter *count, __u64 frames, __u64 rx,
		     __u64 sent, __u64 tx)
{
	return count->frames == frames && count->rx_bytes == rx &&
	       count->tx_frames == sent && count->tx_bytes == tx;
}

static void test_totals(void)
{
	struct totals t = counters_total(ifaces);

	tap_ok(is_count(&t.in, 4322, 32161, 23, 2200), "all frames");
	tap_ok(is_count(&t.by[OUTCOME_ANSWERED], 21, 2100, 23, 2200), "answered");
	tap_ok(is_count(&t.by[OUTCOME_DROPPED], 300, 30000, 0, 0), "dropped");
	tap_ok(is_count(&t.by[OUTCOME_PASSED], 4001, 61, 0, 0),
	       "passed, and what a newer module says");
	t = counters_total(&ifaces[1]);
	tap_ok(is_count(&t.in, 0, 0, 0, 0), "without verdicts");
}

static void test_rates(void)
{
	struct verdict_info old[] = {
		{ "answer-echo", { 17, 1000, 20, 1900 } },
		{ "drop-memory", { 301, 30100, 0, 0 } },
	};
	struct iface_info before = { .ifindex = 4, .verdicts = old,
				     .nverdicts = 2 };
	struct iface_info *r = counters_rate(ifaces, 2, &before, 1, 2000);

	if (!tap_ok(r, "rates"))
		return;
	tap_ok(is_count(&r[0].verdicts[1].count, 2, 500, 0, 0),
	       "of what has grown, rounded");
	tap_ok(is_count(&r[0].verdicts[3].count, 150, 15000, 0, 0),
	       "of what was reset, from zero");
	tap_ok(is_count(&r[0].responders[0].count, 1, 50, 2, 150),
	       "of what is new, from zero");
	tap_ok(r[1].ifindex == 7 && !r[1].nverdicts, "interface without any");
	tap_ok(is_count(&verdicts[1].count, 20, 2000, 20, 1900),
	       "the counters stay");
	iface_info_free(r, 2);
}

/* Is there a sample of the odd device, with these labels behind its name? */
static bool has(const char *text, const char *metric, const char *labels,
		const char *value)
{
	char want[256];

	snprintf(want, sizeof(want),
		 "\nkmasscanned_%s{device=\"e\\\"\\\\\\\\x0a\",%s} %s\n", metric,
		 labels, value);
	return strstr(text, want);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static void test_prometheus(void)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		abort();
	prom_write(to, NULL, ifaces, 2);
	fclose(to);
	tap_ok(begins(text,
		      "# HELP kmasscanned_receive_frames_total Frames received,"),
	       "a metric begins with its help");
	tap_ok(strstr(text, "\n# TYPE kmasscanned_receive_frames_total counter\n"),
	       "and its type");
	tap_ok(has(text, "receive_frames_total",
		   "outcome=\"answered\",verdict=\"answer-echo\"", "20"),
	       "frames, the name of the device escaped");
	tap_ok(has(text, "transmit_frames_total",
		   "outcome=\"answered\",verdict=\"answer-udp\"", "3"),
	       "frames sent");
	tap_ok(has(text, "transmit_bytes_total",
		   "outcome=\"answered\",verdict=\"answer-udp\"", "300"),
	       "bytes sent");
	tap_ok(!has(text, "transmit_bytes_total",
		    "outcome=\"dropped\",verdict=\"drop-memory\"", "0"),
	       "which drops have not");
	tap_ok(has(text, "responder_requests_total", "responder=\"http\"", "1"),
	       "responder");
	free(text);
	text = NULL;
	to = open_memstream(&text, &len);
	if (!to)
		abort();
	prom_write(to, "a\"b", ifaces, 1);
	fclose(to);
	tap_ok(strstr(text, "\nkmasscanned_responder_requests_total{netns=\"a\\\"b\",device="),
	       "a namespace that was asked for is a label");
	free(text);
}

void test_counters(void)
{
	test_totals();
	test_rates();
	test_prometheus();
}
