// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop of monitor and capture: waits for events, attachments and signals.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>
#include "own.h"
#include "record_trace.h"
#include "sink.h"
#include "trace.h"
#include "watch.h"

#define NS_PER_S 1000000000ULL

/* Losses are looked for this often. */
#define LOST_NS (NS_PER_S / 2)

/**
 * struct watch - frames on their way to standard output
 * @setup: what to show
 * @trace: where they come from
 * @begun: the output has its first lines
 * @enough: no more frames are wanted
 * @loaded: the module was there when last looked
 * @loads: how often it had come back then
 * @printed: frames printed
 * @filtered: frames the filter has left out
 * @lost: frames lost and reported
 * @next_look: CLOCK_MONOTONIC, when to look for losses again
 * @own: own MACs
 * @sink: standard output
 */
struct watch {
	struct watch_setup setup;
	struct trace *trace;
	bool begun;
	bool enough;
	bool loaded;
	unsigned int loads;
	__u64 printed;
	__u64 filtered;
	__u64 lost;
	__u64 next_look;
	struct own own;
	struct sink sink;
};

enum watch_format watch_format(const char *name)
{
	static const char *const names[] = {
		[WATCH_CONSOLE] = "console",
		[WATCH_LOGFMT] = "logfmt",
		[WATCH_JSON] = "json",
	};
	int i;

	for (i = 0; i < WATCH_NONE; i++)
		if (!strcmp(name, names[i]))
			break;
	return i;
}

/* Of the process, before watch_signals(). */
static sigset_t mask_before;

int watch_signals(struct err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &mask_before);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd >= 0 ? fd : err_set(err, "signalfd: %s", strerror(errno));
}

void watch_signals_end(int fd)
{
	struct signalfd_siginfo info;

	if (fd < 0)
		return;
	while (read(fd, &info, sizeof(info)) > 0)
		;
	close(fd);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

static __u64 now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static bool is_json(const struct watch *w)
{
	return !w->setup.tap && w->setup.format == WATCH_JSON;
}

static enum log_format log_format(const struct watch *w)
{
	return w->setup.format == WATCH_LOGFMT ? LOG_LOGFMT : LOG_CONSOLE;
}

static struct trace *open_trace(const struct watch_setup *setup,
				struct err *err)
{
	if (setup->tap)
		return setup->tap->open(setup->data, setup->buffer_kb, err);
	return record_trace_open(setup->buffer_kb, setup->filter, err);
}

struct watch *watch_open(const struct watch_setup *setup, struct err *err)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (!w) {
		err_set(err, "out of memory");
		return NULL;
	}
	w->setup = *setup;
	w->trace = open_trace(setup, err);
	if (!w->trace) {
		free(w);
		return NULL;
	}
	sink_init(&w->sink, setup->signals);
	w->loaded = true;
	return w;
}

/* Standard output is waited on for the end of its reader alone. */
int watch_wait(struct watch *w, struct pollfd *fds, nfds_t n)
{
	int ret;

	fds[0] = (struct pollfd){ .fd = -1 };
	fds[1] = (struct pollfd){ .fd = -1 };
	if (w) {
		fds[1].fd = STDOUT_FILENO;
		ret = trace_wait(w->trace, fds, n);
		if (fds[1].revents & POLLERR && !w->sink.error)
			w->sink.error = EPIPE;
		return ret;
	}
	ret = poll(fds, n, -1);
	return ret < 0 && errno == EINTR ? 0 : ret;
}

static int tap_record(struct watch *w, const struct trace_record *rec)
{
	int ret = w->setup.tap->record(w->setup.data, &w->sink, rec);

	w->enough = ret < 0;
	if (ret)
		w->printed++;
	else
		w->filtered++;
	return w->sink.error || w->enough;
}

static int print(void *data, const struct trace_record *rec)
{
	struct watch *w = data;
	struct record r;

	if (w->setup.tap)
		return tap_record(w, rec);
	record_from_trace(&r, rec);
	if (!filter_match(w->setup.filter, &r)) {
		w->filtered++;
		return 0;
	}
	sink_room(&w->sink, RECORD_TEXT);
	if (r.verdict == MSD_ANSWER_ARP && !is_json(w))
		r.own_mac = own_mac(&w->own, r.ifindex);
	if (is_json(w))
		event_json(&w->sink.text, &r);
	else
		log_record(&w->sink.text, log_format(w), &r);
	w->printed++;
	return w->sink.error;
}

static void say_lost(struct watch *w, __u64 lost)
{
	__u64 n = lost - w->lost;

	w->lost = lost;
	sink_say(&w->sink, "%s: %llu frames lost, the buffer was full\n",
		 w->setup.program, (unsigned long long)n);
	sink_room(&w->sink, RECORD_TEXT);
	if (is_json(w))
		event_json_lost(&w->sink.text, now_ns(CLOCK_REALTIME), n, lost);
}

static void say_module(struct watch *w, bool loaded)
{
	sink_say(&w->sink, "%s: %s\n", w->setup.program, loaded ?
		 "the module has been loaded: going on" :
		 "the module has been unloaded: waiting for it");
	sink_room(&w->sink, RECORD_TEXT);
	if (is_json(w))
		event_json_module(&w->sink.text, now_ns(CLOCK_REALTIME), loaded);
}

static void look(struct watch *w)
{
	bool loaded = trace_loaded(w->trace);
	unsigned int loads = trace_loads(w->trace);
	__u64 lost = trace_lost(w->trace);

	if (lost > w->lost)
		say_lost(w, lost);
	if (w->loaded && (!loaded || loads != w->loads))
		say_module(w, false);
	if (loads != w->loads)
		say_module(w, true);
	w->loaded = loaded;
	w->loads = loads;
}

static void begin(struct watch *w)
{
	if (!w->begun && w->setup.tap)
		w->setup.tap->begin(w->setup.data, &w->sink);
	else if (!w->begun && !is_json(w))
		log_init(&w->sink.text, log_format(w), now_ns(CLOCK_REALTIME));
	w->begun = true;
}

int watch_step(struct watch *w)
{
	__u64 now = now_ns(CLOCK_MONOTONIC);

	if (!w)
		return 0;
	if (w->sink.error)
		return -1;
	begin(w);
	trace_read(w->trace, print, w);
	if (now >= w->next_look || trace_loaded(w->trace) != w->loaded) {
		look(w);
		w->next_look = now + LOST_NS;
	}
	return sink_flush(&w->sink) || w->enough ? -1 : 0;
}

static void say_end(struct watch *w)
{
	if (w->sink.error && w->sink.error != EINTR)
		return;
	sink_room(&w->sink, RECORD_TEXT);
	if (w->setup.tap)
		w->setup.tap->end(w->setup.data, &w->sink, w->lost);
	if (is_json(w))
		event_json_end(&w->sink.text, now_ns(CLOCK_REALTIME), w->printed,
			       w->filtered, w->lost);
	else
		sink_say(&w->sink, "%s: %llu frames %s, %llu filtered, %llu lost\n",
			 w->setup.program, (unsigned long long)w->printed,
			 w->setup.tap ? "captured" : "printed",
			 (unsigned long long)w->filtered,
			 (unsigned long long)w->lost);
}

static void finish(struct watch *w)
{
	trace_stop(w->trace);
	while (!w->sink.error && !w->enough && trace_read(w->trace, print, w) > 0)
		;
	look(w);
	say_end(w);
	sink_flush(&w->sink);
}

int watch_close(struct watch *w)
{
	int error;

	if (!w)
		return 0;
	if (w->begun)
		finish(w);
	error = w->sink.error;
	trace_close(w->trace);
	own_free(&w->own);
	free(w);
	return error;
}
