/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames from the tracepoints to text on standard output: what msdctl monitor
 * and masscanned share. Sentences about losses and about the module go to
 * standard error.
 */
#ifndef MSDCTL_WATCH_H
#define MSDCTL_WATCH_H

#include <poll.h>
#include "err.h"
#include "filter.h"

/**
 * enum watch_format - forms of the output
 * @WATCH_CONSOLE: columns, a line a layer
 * @WATCH_LOGFMT: key=value, a line a layer
 * @WATCH_JSON: a line of JSON a frame
 * @WATCH_NONE: not a form
 */
enum watch_format {
	WATCH_CONSOLE,
	WATCH_LOGFMT,
	WATCH_JSON,
	WATCH_NONE,
};

struct sink;
struct trace;
struct trace_record;

/**
 * struct watch_tap - another output than text, of an event of its own choice
 * @open: make the reader. Return: it, or NULL with the sentence set
 * @begin: write what comes first
 * @record: write a record. Return: 1 when it is written, 0 when it is left out,
 *	-1 when it is written and was the last that is wanted
 * @end: write what comes last, knowing how many records were lost
 *
 * @data is watch_setup.data.
 */
struct watch_tap {
	struct trace *(*open)(void *data, unsigned int buffer_kb,
			      struct err *err);
	void (*begin)(void *data, struct sink *sink);
	int (*record)(void *data, struct sink *sink,
		      const struct trace_record *rec);
	void (*end)(void *data, struct sink *sink, __u64 lost);
};

/**
 * struct watch_setup - what to show, and how
 * @program: name before sentences
 * @format: form
 * @filter: which frames; must live as long as the watch
 * @buffer_kb: size of the buffer of each CPU
 * @signals: descriptor that is readable when it is time to end
 * @tap: output in the place of @format and @filter, or NULL
 * @data: argument of @tap
 */
struct watch_setup {
	const char *program;
	enum watch_format format;
	const struct filter *filter;
	unsigned int buffer_kb;
	int signals;
	const struct watch_tap *tap;
	void *data;
};

struct watch;

/**
 * watch_format() - a form by name
 * @name: the name
 *
 * Return: the form, or WATCH_NONE.
 */
enum watch_format watch_format(const char *name);

/**
 * watch_signals() - make SIGINT, SIGTERM and SIGHUP end a program in order
 * @err: why not
 *
 * They are taken from a descriptor, so none is lost before the wait; SIGPIPE
 * becomes an error of the write.
 * Return: the descriptor, or -1.
 */
int watch_signals(struct err *err);

/**
 * watch_signals_end() - forget the signals that came, and block no others
 * @fd: of watch_signals(), or -1
 */
void watch_signals_end(int fd);

/**
 * watch_open() - begin
 * @setup: what to show
 * @err: why not
 *
 * Return: the watch, or NULL.
 */
struct watch *watch_open(const struct watch_setup *setup, struct err *err);

/**
 * watch_wait() - wait for frames, or for descriptors of the caller
 * @w: the watch, or NULL: only for descriptors
 * @fds: the first WATCH_FDS are for the watch
 * @n: how many
 *
 * Return: as poll(); 0 when a signal came.
 */
int watch_wait(struct watch *w, struct pollfd *fds, nfds_t n);

/* Descriptors watch_wait() takes for itself. */
#define WATCH_FDS 2

/**
 * watch_step() - print what has come; the first time, the lines a log begins with
 * @w: the watch, or NULL
 *
 * Return: 0; -1 when standard output takes no more.
 */
int watch_step(struct watch *w);

/**
 * watch_close() - print what is left and the counts, if anything was, and end
 * @w: the watch, or NULL
 *
 * Return: 0, or the errno of standard output.
 */
int watch_close(struct watch *w);

#endif /* MSDCTL_WATCH_H */
