// SPDX-License-Identifier: GPL-2.0-only
/* msdctl monitor: prints each frame that the tracepoints report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "links.h"
#include "monitor.h"
#include "trace.h"

static int choose_format(struct monitor *m, struct ctl *ctl)
{
	const char *name = ctl->opts->val[OPT_FORMAT];
	bool json = ctl->opts->val[OPT_JSON];

	m->setup.format = json ? WATCH_JSON : WATCH_CONSOLE;
	if (!name)
		return 0;
	m->setup.format = watch_format(name);
	if (m->setup.format == WATCH_NONE)
		return wrong_word(&ctl->err, name,
				  "neither console nor logfmt nor json");
	if (json && m->setup.format != WATCH_JSON)
		return wrong_word(&ctl->err, name, "-j asks for json");
	return 0;
}

int monitor_buffer(struct monitor *m, struct ctl *ctl)
{
	const char *text = ctl->opts->val[OPT_BUFFER];
	unsigned long kb = TRACE_BUFFER_KB;

	if (text) {
		kb = strtoul(text, NULL, 10);
		if (strspn(text, "0123456789") != strlen(text) ||
		    kb < TRACE_BUFFER_KB_MIN || kb > TRACE_BUFFER_KB_MAX)
			return wrong_word(&ctl->err, text,
					  "not a size in KB: 8 to 1048576");
	}
	m->setup.buffer_kb = kb;
	return 0;
}

/* Responders are known to the module alone. */
static bool is_responder(void *data, const char *name)
{
	struct responder_info *rows;
	struct nl *nl = data;
	struct err ignored;
	bool found = false;
	size_t i, n;

	if (nl_get_responders(nl, &rows, &n, &ignored))
		return false;
	for (i = 0; i < n; i++)
		found |= !strcmp(rows[i].name, name);
	free(rows);
	return found;
}

static int choose_protos(struct monitor *m, struct ctl *ctl)
{
	const char *text = ctl->opts->val[OPT_PROTO];
	struct nl nl;
	int ret;

	if (!text)
		return 0;
	if (nl_open(&nl, &ctl->err))
		return EXIT_FAILURE;
	ret = filter_protos(&m->filter, text, is_responder, &nl, &ctl->err);
	nl_close(&nl);
	return ret ? EXIT_USAGE : 0;
}

static int choose_frames(struct monitor *m, struct ctl *ctl)
{
	const char *const *val = ctl->opts->val;
	struct filter *f = &m->filter;

	if ((val[OPT_VERDICT] &&
	     filter_verdicts(f, val[OPT_VERDICT], &ctl->err)) ||
	    (val[OPT_FROM] && filter_addrs(&f->from, val[OPT_FROM], &ctl->err)) ||
	    (val[OPT_TO] && filter_addrs(&f->to, val[OPT_TO], &ctl->err)) ||
	    (val[OPT_PORT] && filter_ports(f, val[OPT_PORT], &ctl->err)))
		return EXIT_USAGE;
	return choose_protos(m, ctl);
}

int monitor_devices(struct monitor *m, struct ctl *ctl, struct words *words)
{
	struct filter *f = &m->filter;
	const char *dev;

	while ((dev = next_word(words))) {
		if (f->nifindex == FILTER_ITEMS_MAX)
			return wrong_word(&ctl->err, dev, "one device too many");
		m->devs[f->nifindex] = dev;
		if (find_device(dev, &f->ifindex[f->nifindex], &ctl->err))
			return EXIT_FAILURE;
		f->nifindex++;
	}
	f->netns = own_netns();
	return 0;
}

/* Return: 0 as long as there is a device to look at. */
static int look_for_devices(struct monitor *m, struct err *err)
{
	const struct filter *f = &m->filter;
	size_t i, n = 0;

	for (i = 0; i < f->nifindex; i++) {
		if (m->gone[i])
			continue;
		if (link_exists(f->ifindex[i])) {
			n++;
			continue;
		}
		m->gone[i] = true;
		err_set(err, "%s: the device is gone", m->devs[i]);
		if (f->nifindex > 1)
			fprintf(stderr, "msdctl: %s\n", err->text);
	}
	if (f->nifindex > 1 && !n)
		err_set(err, "all devices are gone");
	return f->nifindex && !n ? -1 : 0;
}

/* Until a signal or the end of the reader (0), or of the devices (-1). */
static int run(struct monitor *m, struct watch *w, struct err *err)
{
	struct pollfd fds[WATCH_FDS + 2];
	struct pollfd *mine = fds + WATCH_FDS;

	mine[0] = (struct pollfd){ .fd = m->setup.signals, .events = POLLIN };
	mine[1] = (struct pollfd){ .fd = mnl_socket_get_fd(m->links),
				   .events = POLLIN };
	for (;;) {
		if (watch_step(w))
			return 0;
		if (watch_wait(w, fds, WATCH_FDS + 2) < 0)
			return err_set(err, "poll: %m");
		if (mine[0].revents)
			return 0;
		if (!mine[1].revents)
			continue;
		links_drain(m->links);
		if (look_for_devices(m, err))
			return -1;
	}
}

static int start(struct monitor *m, struct ctl *ctl)
{
	struct watch *w;
	int error, ret;

	m->setup.signals = watch_signals(&ctl->err);
	if (m->setup.signals < 0)
		return -1;
	m->links = links_open(&ctl->err);
	w = m->links ? watch_open(&m->setup, &ctl->err) : NULL;
	if (!w)
		return -1;
	ret = run(m, w, &ctl->err);
	error = watch_close(w);
	if (!ret && error && error != EINTR && error != EPIPE)
		ret = err_set(&ctl->err, "cannot write output: %s",
			      strerror(error));
	return ret;
}

int monitor_run(struct monitor *m, struct ctl *ctl)
{
	int ret = start(m, ctl) ? EXIT_FAILURE : 0;

	if (m->links)
		mnl_socket_close(m->links);
	watch_signals_end(m->setup.signals);
	out_free(ctl->out);
	ctl->out = NULL;
	return ret;
}

int cmd_monitor(struct ctl *ctl, struct words words)
{
	struct monitor m = { .setup.program = "msdctl" };
	int ret;

	m.setup.filter = &m.filter;
	ret = choose_format(&m, ctl) ?: monitor_buffer(&m, ctl) ?:
	      choose_frames(&m, ctl) ?: monitor_devices(&m, ctl, &words) ?:
	      monitor_run(&m, ctl);
	filter_free(&m.filter);
	return ret;
}
