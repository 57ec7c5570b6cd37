// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the counters in the text format of Prometheus.
 *
 * A metric's samples stand together under its HELP and TYPE. Totals are not
 * written: a sum over a label is the reader's to make.
 */
#include <stddef.h>
#include "counters.h"
#include "err.h"
#include "prom.h"

#define PREFIX "kmasscanned_"
/* A device name, each of its bytes at most "\xNN". */
#define QUOTED (4 * IF_NAMESIZE + 8)

/**
 * struct metric - a counter of each interface
 * @name: without prefix
 * @help: one line
 * @member: offset in struct counter
 * @answered: only verdicts that are an answer have it
 */
struct metric {
	const char *name;
	const char *help;
	size_t member;
	bool answered;
};

static const struct metric verdict_metrics[] = {
	{ "receive_frames_total", "Frames received, by what became of them.",
	  offsetof(struct counter, frames), false },
	{ "receive_bytes_total", "Bytes of the frames received.",
	  offsetof(struct counter, rx_bytes), false },
	{ "transmit_frames_total", "Frames sent in answer.",
	  offsetof(struct counter, tx_frames), true },
	{ "transmit_bytes_total", "Bytes of the frames sent in answer.",
	  offsetof(struct counter, tx_bytes), true },
};

static const struct metric responder_metrics[] = {
	{ "responder_requests_total", "Requests a responder has answered.",
	  offsetof(struct counter, frames), false },
	{ "responder_receive_bytes_total",
	  "Bytes of the frames with requests a responder has answered.",
	  offsetof(struct counter, rx_bytes), false },
	{ "responder_transmit_frames_total",
	  "Frames with answers of a responder.",
	  offsetof(struct counter, tx_frames), false },
	{ "responder_transmit_bytes_total",
	  "Bytes of the frames with answers of a responder.",
	  offsetof(struct counter, tx_bytes), false },
};

static __u64 value(const struct metric *m, const struct counter *count)
{
	return *(const __u64 *)((const char *)count + m->member);
}

/* Printable ASCII; what is special between quotation marks is escaped. */
static void write_label(FILE *to, const char *name, const char *val)
{
	char quoted[QUOTED];
	const char *p;

	fprintf(to, "%s=\"", name);
	for (p = err_quote(quoted, sizeof(quoted), val); *p; p++) {
		if (*p == '\\' || *p == '"')
			putc('\\', to);
		putc(*p, to);
	}
	putc('"', to);
}

static void write_head(FILE *to, const struct metric *m)
{
	fprintf(to, "# HELP " PREFIX "%s %s\n", m->name, m->help);
	fprintf(to, "# TYPE " PREFIX "%s counter\n", m->name);
}

/**
 * struct place - where samples come from
 * @netns: network namespace, or NULL for the one msdctl runs in
 * @iface: the interface
 */
struct place {
	const char *netns;
	const struct iface_info *iface;
};

/* "NAME{netns=...,device=...," of a sample. */
static void begin(FILE *to, const struct metric *m, const struct place *at)
{
	fprintf(to, PREFIX "%s{", m->name);
	if (at->netns) {
		write_label(to, "netns", at->netns);
		putc(',', to);
	}
	write_label(to, "device", at->iface->ifname);
	putc(',', to);
}

static void write_verdicts(FILE *to, const struct metric *m,
			   const struct place *at)
{
	size_t i;

	for (i = 0; i < at->iface->nverdicts; i++) {
		const struct verdict_info *v = &at->iface->verdicts[i];
		enum outcome outcome = verdict_outcome(v->name);

		if (m->answered && outcome != OUTCOME_ANSWERED)
			continue;
		begin(to, m, at);
		write_label(to, "outcome", outcome_name(outcome));
		putc(',', to);
		write_label(to, "verdict", v->name);
		fprintf(to, "} %llu\n", value(m, &v->count));
	}
}

static void write_responders(FILE *to, const struct metric *m,
			     const struct place *at)
{
	size_t i;

	for (i = 0; i < at->iface->nresponders; i++) {
		const struct responder_info *r = &at->iface->responders[i];

		begin(to, m, at);
		write_label(to, "responder", r->name);
		fprintf(to, "} %llu\n", value(m, &r->count));
	}
}

/* Samples of one metric, of all interfaces. */
static void write_metric(FILE *to, const struct metric *m, const char *netns,
			 const struct iface_info *ifaces, size_t n,
			 void (*write)(FILE *to, const struct metric *m,
				       const struct place *at))
{
	size_t i;

	write_head(to, m);
	for (i = 0; i < n; i++)
		write(to, m, &(struct place){ netns, &ifaces[i] });
}

void prom_write(FILE *to, const char *netns, const struct iface_info *ifaces,
		size_t n)
{
	size_t m;

	for (m = 0; m < ARRAY_SIZE(verdict_metrics); m++)
		write_metric(to, &verdict_metrics[m], netns, ifaces, n,
			     write_verdicts);
	for (m = 0; m < ARRAY_SIZE(responder_metrics); m++)
		write_metric(to, &responder_metrics[m], netns, ifaces, n,
			     write_responders);
}
