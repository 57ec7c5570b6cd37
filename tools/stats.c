// SPDX-License-Identifier: GPL-2.0-only
/* msdctl stats: prints the counters, once or with rates. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include "cmd.h"
#include "counters.h"
#include "prom.h"

#define MS 1000ULL
#define MS_MAX (86400 * MS)

/**
 * struct sample - counters at one time
 * @ifaces: interfaces; @n of them
 * @n: how many
 * @ms: when, on the monotonic clock
 */
struct sample {
	struct iface_info *ifaces;
	size_t n;
	__u64 ms;
};

static __u64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * MS + ts.tv_nsec / 1000000;
}

static int take_sample(struct nl *nl, struct sample *s, __u32 ifindex,
		       struct err *err)
{
	if (nl_get_ifaces(nl, MSD_CMD_STATS_GET, ifindex, &s->ifaces, &s->n,
			  err))
		return -1;
	s->ms = now_ms();
	if (s->n || !ifindex)
		return 0;
	iface_info_free(s->ifaces, s->n);
	return err_set(err, "the responder is not attached");
}

static void stats_row(struct out *out, const char *name,
		      const struct counter *count)
{
	out_row(out, name);
	out_cell_uint(out, count->frames);
	out_cell_uint(out, count->rx_bytes);
	out_cell_uint(out, count->tx_frames);
	out_cell_uint(out, count->tx_bytes);
}

/* Headings of the tables: of counters, and of rates. */
static const char *const headings[2][3][OUT_COLUMNS] = {
	{ { "total", "frames", "rx-bytes", "tx-frames", "tx-bytes" },
	  { "verdict", "frames", "rx-bytes", "tx-frames", "tx-bytes" },
	  { "proto", "frames", "rx-bytes", "tx-frames", "tx-bytes" } },
	{ { "total", "frames/s", "rx-bytes/s", "tx-frames/s",
	    "tx-bytes/s" },
	  { "verdict", "frames/s", "rx-bytes/s", "tx-frames/s",
	    "tx-bytes/s" },
	  { "proto", "frames/s", "rx-bytes/s", "tx-frames/s",
	    "tx-bytes/s" } },
};

static void stats_totals(struct out *out, const struct iface_info *iface,
			 const char *const *columns)
{
	struct totals t = counters_total(iface);
	int i;

	out_table(out, "totals", columns, OUT_KEYED);
	stats_row(out, "in", &t.in);
	for (i = 0; i < OUTCOMES; i++)
		stats_row(out, outcome_name(i), &t.by[i]);
	out_table_end(out);
}

/* @ms: the counters are rates over this many milliseconds; 0: they are not. */
static void stats_iface(struct ctl *ctl, struct out *out,
			const struct iface_info *iface, __u64 ms)
{
	unsigned int flags = OUT_KEYED |
			     (ctl->opts->val[OPT_ALL] ? 0 : OUT_HIDE_ZERO);
	const char *const (*columns)[OUT_COLUMNS] = headings[!!ms];
	size_t i;

	out_open(out, NULL);
	out_title(out, "ifname", iface->ifname);
	if (ms)
		out_uint(out, "interval-ms", ms);
	stats_totals(out, iface, columns[0]);
	out_table(out, "verdicts", columns[1], flags);
	for (i = 0; i < iface->nverdicts; i++)
		stats_row(out, iface->verdicts[i].name,
			  &iface->verdicts[i].count);
	out_table_end(out);
	out_table(out, "protos", columns[2], flags);
	for (i = 0; i < iface->nresponders; i++)
		stats_row(out, iface->responders[i].name,
			  &iface->responders[i].count);
	out_table_end(out);
	out_close(out);
}

static void stats_ifaces(struct ctl *ctl, struct out *out,
			 const struct iface_info *ifaces, size_t n, __u64 ms)
{
	size_t i;

	out_array(out, NULL);
	for (i = 0; i < n; i++)
		stats_iface(ctl, out, &ifaces[i], ms);
	out_close(out);
}

/* Counters once, as a document or for Prometheus. */
static int print_once(struct nl *nl, struct ctl *ctl, __u32 ifindex)
{
	struct sample s;

	if (take_sample(nl, &s, ifindex, &ctl->err))
		return -1;
	if (ctl->opts->val[OPT_PROMETHEUS]) {
		prom_write(stdout, ctl->opts->val[OPT_NETNS], s.ifaces, s.n);
		no_document(ctl);
	} else {
		stats_ifaces(ctl, ctl->out, s.ifaces, s.n, 0);
	}
	iface_info_free(s.ifaces, s.n);
	return 0;
}

/* Print the rates between two samples. JSON: a line. */
static int print_rates(struct ctl *ctl, const struct sample *now,
		       const struct sample *before)
{
	__u64 ms = now->ms > before->ms ? now->ms - before->ms : 1;
	struct iface_info *rates = counters_rate(now->ifaces, now->n,
						 before->ifaces, before->n, ms);
	struct out *out = out_new(ctl->opts->val[OPT_JSON]);
	int ret = 0;

	if (!out || !rates) {
		ret = err_set(&ctl->err, "out of memory");
	} else {
		out_one_line(out);
		stats_ifaces(ctl, out, rates, now->n, ms);
		ret = write_document(out);
	}
	out_free(out);
	if (rates)
		iface_info_free(rates, now->n);
	return ret;
}

/* Return: true: one of the signals in @set came before that time. */
static bool wait_for(const sigset_t *set, __u64 ms)
{
	for (;;) {
		__u64 now = now_ms();
		__u64 left = ms > now ? ms - now : 0;
		struct timespec ts = { .tv_sec = left / MS,
				       .tv_nsec = left % MS * 1000000 };

		if (sigtimedwait(set, NULL, &ts) >= 0)
			return true;
		if (errno == EAGAIN && now_ms() >= ms)
			return false;
	}
}

/*
 * Wait until a time, or for SIGINT or SIGTERM. Return: true: one came. They are
 * blocked meanwhile only: whoever waits for a reader that does not read obeys.
 */
static bool wait_until(__u64 ms)
{
	sigset_t set, before;
	bool came;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &before);
	came = wait_for(&set, ms);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return came;
}

/* Print rates every @ms milliseconds until a signal comes. */
static int watch(struct nl *nl, struct ctl *ctl, __u32 ifindex, __u64 ms)
{
	struct sample before, now;
	__u64 begin, tick;
	int ret = take_sample(nl, &before, ifindex, &ctl->err);

	if (ret)
		return ret;
	no_document(ctl);
	begin = before.ms + ms;
	for (tick = begin; !ret && !wait_until(tick); tick += ms) {
		ret = take_sample(nl, &now, ifindex, &ctl->err);
		if (ret)
			break;
		if (tick > begin && !ctl->opts->val[OPT_JSON])
			putchar('\n');
		ret = print_rates(ctl, &now, &before);
		iface_info_free(before.ifaces, before.n);
		before = now;
		if (tick + ms < now.ms)
			tick = now.ms;
	}
	iface_info_free(before.ifaces, before.n);
	return ret;
}

/* SECONDS to milliseconds: 0.001 to a day. Return: 0 when it is none. */
static __u64 parse_seconds(const char *text)
{
	char *end;
	double val = *text ? strtod(text, &end) : 1;

	if (*text && *end)
		return 0;
	return val * MS >= 1 && val * MS <= MS_MAX ? val * MS : 0;
}

/* Options that make no sense together. Return: 0 or EXIT_USAGE. */
static int check_options(const struct options *opts, __u64 *ms,
			 struct err *err)
{
	const char *seconds = opts->val[OPT_WATCH];
	bool all = opts->val[OPT_ALL];

	if (opts->val[OPT_RESET] && (seconds || all ||
				     opts->val[OPT_PROMETHEUS]))
		return wrong_word(err, "--reset", "prints no counters");
	if (opts->val[OPT_PROMETHEUS] && (seconds || all ||
					  opts->val[OPT_JSON]))
		return wrong_word(err, "--prometheus",
				  "stands without -a, -j and --watch");
	*ms = seconds ? parse_seconds(seconds) : 0;
	if (seconds && !*ms)
		return wrong_word(err, seconds,
				  "SECONDS are from 0.001 to 86400");
	return 0;
}

static int stats(struct nl *nl, struct ctl *ctl, const char *dev, __u64 ms)
{
	__u32 ifindex = 0;
	int ret;

	if (dev && find_device(dev, &ifindex, &ctl->err))
		return EXIT_FAILURE;
	if (ctl->opts->val[OPT_RESET])
		ret = nl_reset_stats(nl, ifindex, &ctl->err);
	else if (ms)
		ret = watch(nl, ctl, ifindex, ms);
	else
		ret = print_once(nl, ctl, ifindex);
	if (ret && dev && *ctl->err.text)
		err_prefix(&ctl->err, dev);
	return ret ? EXIT_FAILURE : 0;
}

int cmd_stats(struct ctl *ctl, struct words words)
{
	const char *dev = next_word(&words);
	struct nl nl;
	__u64 ms = 0;
	int ret = end_of_words(&ctl->err, &words);

	if (!ret)
		ret = check_options(ctl->opts, &ms, &ctl->err);
	if (ret)
		return ret;
	if (nl_open(&nl, &ctl->err))
		return EXIT_FAILURE;
	ret = stats(&nl, ctl, dev, ms);
	nl_close(&nl);
	return ret;
}
