/* SPDX-License-Identifier: GPL-2.0-only */
/* What follows from counters: sums by outcome, rates. Nothing of it is stored. */
#ifndef MSDCTL_COUNTERS_H
#define MSDCTL_COUNTERS_H

#include "model.h"

/**
 * enum outcome - what became of a frame
 * @OUTCOME_ANSWERED: consumed, a reply was sent
 * @OUTCOME_DROPPED: consumed in silence
 * @OUTCOME_PASSED: left to the host
 * @OUTCOMES: how many
 */
enum outcome {
	OUTCOME_ANSWERED,
	OUTCOME_DROPPED,
	OUTCOME_PASSED,
	OUTCOMES,
};

/**
 * outcome_name() - name of an outcome
 * @outcome: the outcome
 *
 * Return: such as "answered".
 */
const char *outcome_name(enum outcome outcome);

/**
 * verdict_outcome() - outcome of a verdict
 * @name: such as "drop-tcp-cookie"
 *
 * Return: the outcome its name begins with; of a name from a newer module that
 * has none, passed.
 */
enum outcome verdict_outcome(const char *name);

/**
 * struct totals - all frames of an interface
 * @in: received; the sum of @by
 * @by: by outcome
 */
struct totals {
	struct counter in;
	struct counter by[OUTCOMES];
};

/**
 * counters_total() - add up the verdicts
 * @iface: the interface
 *
 * Return: the sums.
 */
struct totals counters_total(const struct iface_info *iface);

/**
 * counters_rate() - counters per second
 * @now: interfaces with their counters
 * @n: how many
 * @before: the same, earlier. An interface that is not in it had zeros, and so
 *	had a counter that was reset since
 * @nbefore: how many
 * @ms: milliseconds between the two, not 0
 *
 * Return: a copy of @now whose counters are rates, rounded to the nearest, to
 * be released with iface_info_free(); NULL without memory.
 */
struct iface_info *counters_rate(const struct iface_info *now, size_t n,
				 const struct iface_info *before,
				 size_t nbefore, __u64 ms);

#endif /* MSDCTL_COUNTERS_H */
