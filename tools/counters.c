// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sorts the kernel's counters into totals, verdicts and responders.
 */
#include <stdlib.h>
#include <string.h>
#include "counters.h"

static const struct {
	const char *name;
	const char *prefix;
} outcomes[OUTCOMES] = {
	[OUTCOME_ANSWERED] = { "answered", "answer-" },
	[OUTCOME_DROPPED] = { "dropped", "drop-" },
	[OUTCOME_PASSED] = { "passed", "pass-" },
};

const char *outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}

enum outcome verdict_outcome(const char *name)
{
	int i;

	for (i = 0; i < OUTCOMES; i++)
		if (!strncmp(name, outcomes[i].prefix,
			     strlen(outcomes[i].prefix)))
			return i;
	return OUTCOME_PASSED;
}

static void add(struct counter *to, const struct counter *count)
{
	to->frames += count->frames;
	to->rx_bytes += count->rx_bytes;
	to->tx_frames += count->tx_frames;
	to->tx_bytes += count->tx_bytes;
}

struct totals counters_total(const struct iface_info *iface)
{
	struct totals t = { 0 };
	size_t i;

	for (i = 0; i < iface->nverdicts; i++) {
		const struct verdict_info *v = &iface->verdicts[i];

		add(&t.in, &v->count);
		add(&t.by[verdict_outcome(v->name)], &v->count);
	}
	return t;
}

static const struct iface_info *find_iface(const struct iface_info *ifaces,
					   size_t n, __u32 ifindex)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (ifaces[i].ifindex == ifindex)
			return &ifaces[i];
	return NULL;
}

static const struct counter *find_verdict(const struct iface_info *iface,
					  const char *name)
{
	size_t i;

	for (i = 0; iface && i < iface->nverdicts; i++)
		if (!strcmp(iface->verdicts[i].name, name))
			return &iface->verdicts[i].count;
	return NULL;
}

static const struct counter *find_responder(const struct iface_info *iface,
					    const char *name)
{
	size_t i;

	for (i = 0; iface && i < iface->nresponders; i++)
		if (!strcmp(iface->responders[i].name, name))
			return &iface->responders[i].count;
	return NULL;
}

static __u64 rate(__u64 now, __u64 before, __u64 ms)
{
	__u64 grown = now < before ? now : now - before;

	return (grown * 1000 + ms / 2) / ms;
}

static void to_rate(struct counter *count, const struct counter *before,
		    __u64 ms)
{
	static const struct counter zero;

	if (!before)
		before = &zero;
	count->frames = rate(count->frames, before->frames, ms);
	count->rx_bytes = rate(count->rx_bytes, before->rx_bytes, ms);
	count->tx_frames = rate(count->tx_frames, before->tx_frames, ms);
	count->tx_bytes = rate(count->tx_bytes, before->tx_bytes, ms);
}

/* Give @iface lists of its own, and rates in them. Return: false: no memory. */
static bool rate_iface(struct iface_info *iface,
		       const struct iface_info *before, __u64 ms)
{
	size_t nv = iface->nverdicts * sizeof(*iface->verdicts);
	size_t nr = iface->nresponders * sizeof(*iface->responders);
	const void *verdicts = iface->verdicts;
	const void *responders = iface->responders;
	size_t i;

	iface->verdicts = calloc(1, nv + 1);
	iface->responders = calloc(1, nr + 1);
	if (!iface->verdicts || !iface->responders)
		return false;
	if (nv)
		memcpy(iface->verdicts, verdicts, nv);
	if (nr)
		memcpy(iface->responders, responders, nr);
	for (i = 0; i < iface->nverdicts; i++)
		to_rate(&iface->verdicts[i].count,
			find_verdict(before, iface->verdicts[i].name), ms);
	for (i = 0; i < iface->nresponders; i++)
		to_rate(&iface->responders[i].count,
			find_responder(before, iface->responders[i].name), ms);
	return true;
}

struct iface_info *counters_rate(const struct iface_info *now, size_t n,
				 const struct iface_info *before,
				 size_t nbefore, __u64 ms)
{
	struct iface_info *rates = calloc(n + 1, sizeof(*rates));
	size_t i;

	for (i = 0; rates && i < n; i++) {
		rates[i] = now[i];
		if (rate_iface(&rates[i],
			       find_iface(before, nbefore, now[i].ifindex), ms))
			continue;
		iface_info_free(rates, i + 1);
		return NULL;
	}
	return rates;
}
