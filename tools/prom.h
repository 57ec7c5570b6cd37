/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters in the text exposition format of Prometheus, version 0.0.4. */
#ifndef MSDCTL_PROM_H
#define MSDCTL_PROM_H

#include <stdio.h>
#include "model.h"

/**
 * prom_write() - write all counters
 * @to: where; the caller looks for errors
 * @netns: network namespace that was asked for, which becomes a label; or NULL
 * @ifaces: interfaces with their counters
 * @n: how many
 */
void prom_write(FILE *to, const char *netns, const struct iface_info *ifaces,
		size_t n);

#endif /* MSDCTL_PROM_H */
