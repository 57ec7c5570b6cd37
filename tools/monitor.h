/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands that follow the frames share: monitor and capture. */
#ifndef MSDCTL_MONITOR_H
#define MSDCTL_MONITOR_H

#include "cmd.h"
#include "watch.h"

struct mnl_socket;

/**
 * struct monitor - one run of such a command
 * @filter: which frames
 * @devs: names of the devices that were given, as filter.ifindex
 * @gone: which of them are no more
 * @setup: what to show, and how
 * @links: tells when devices go
 */
struct monitor {
	struct filter filter;
	const char *devs[FILTER_ITEMS_MAX];
	bool gone[FILTER_ITEMS_MAX];
	struct watch_setup setup;
	struct mnl_socket *links;
};

/**
 * monitor_buffer() - take the size of the buffer from the options
 * @m: receives it
 * @ctl: the options; receives the sentence
 *
 * Return: 0 or EXIT_USAGE.
 */
int monitor_buffer(struct monitor *m, struct ctl *ctl);

/**
 * monitor_devices() - take the devices from the command line
 * @m: receives them, and the network namespace
 * @ctl: receives the sentence
 * @words: what is left; all of it is taken
 *
 * Return: 0, EXIT_USAGE or EXIT_FAILURE.
 */
int monitor_devices(struct monitor *m, struct ctl *ctl, struct words *words);

/**
 * monitor_run() - follow the frames until a signal, or the end of the reader
 *	or of the devices
 * @m: what was chosen
 * @ctl: receives the sentence, and has no output of its own after this
 *
 * Return: 0 or EXIT_FAILURE.
 */
int monitor_run(struct monitor *m, struct ctl *ctl);

#endif /* MSDCTL_MONITOR_H */
