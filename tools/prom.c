// SPDX-License-Identifier: GPL-2.0-only
/*
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

/* "NAME{device=..., " of a sample. */
static void begin(FILE *to, const struct metric *m,
		  const struct iface_info *iface)
{
	fprintf(to, PREFIX "%s{", m->name);
	write_label(to, "device", iface->ifname);
	putc(',', to);
}

static void write_verdicts(FILE *to, const struct metric *m,
			   const struct iface_info *iface)
{
	size_t i;

	for (i = 0; i < iface->nverdicts; i++) {
		const struct verdict_info *v = &iface->verdicts[i];
		enum outcome outcome = verdict_outcome(v->name);

		if (m->answered && outcome != OUTCOME_ANSWERED)
			continue;
		begin(to, m, iface);
		write_label(to, "outcome", outcome_name(outcome));
		putc(',', to);
		write_label(to, "verdict", v->name);
		fprintf(to, "} %llu\n", value(m, &v->count));
	}
}

static void write_responders(FILE *to, const struct metric *m,
			     const struct iface_info *iface)
{
	size_t i;

	for (i = 0; i < iface->nresponders; i++) {
		const struct responder_info *r = &iface->responders[i];

		begin(to, m, iface);
		write_label(to, "responder", r->name);
		fprintf(to, "} %llu\n", value(m, &r->count));
	}
}

void prom_write(FILE *to, const struct iface_info *ifaces, size_t n)
{
	size_t i, m;

	for (m = 0; m < ARRAY_SIZE(verdict_metrics); m++) {
		write_head(to, &verdict_metrics[m]);
		for (i = 0; i < n; i++)
			write_verdicts(to, &verdict_metrics[m], &ifaces[i]);
	}
	for (m = 0; m < ARRAY_SIZE(responder_metrics); m++) {
		write_head(to, &responder_metrics[m]);
		for (i = 0; i < n; i++)
			write_responders(to, &responder_metrics[m],
					 &ifaces[i]);
	}
}
