/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader of the module's tracepoints: a tracefs instance of its own, raw
 * per-CPU buffers merged into one stream in the order of time, and an exact
 * count of what the buffers could not hold. Follows the module when it is
 * unloaded and loaded again. Needs libtracefs; record.h, which the formats are
 * made of, does not.
 *
 *	t = trace_open(&setup, &err);
 *	while (trace_wait(t, fds, n) >= 0 && nothing in fds[1..])
 *		trace_read(t, each, data);
 *	trace_stop(t);
 *	while (trace_read(t, each, data) > 0)
 *		;
 *	records seen + trace_lost(t) = events fired
 *	trace_close(t);
 */
#ifndef MSDCTL_TRACE_H
#define MSDCTL_TRACE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "err.h"

struct trace;

/* Events, and fields of events, that one reader can name. */
#define TRACE_EVENTS_MAX 4
#define TRACE_FIELDS_MAX 48

/* Size of the buffer of each CPU in KB: default, and what may be asked for. */
#define TRACE_BUFFER_KB 4096
#define TRACE_BUFFER_KB_MIN 8
#define TRACE_BUFFER_KB_MAX (1024 * 1024)

/**
 * struct trace_setup - what to read
 * @events: names of the events, NULL-terminated
 * @fields: names of the fields that will be asked for, NULL-terminated; an
 *	event need not have all of them
 * @buffer_kb: size of the buffer of each CPU
 * @filter: which events to take, as the kernel's event filters have it; "": all.
 *	What it cannot be made to leave out comes, too
 *
 * The arrays must live as long as the reader.
 */
struct trace_setup {
	const char *const *events;
	const char *const *fields;
	unsigned int buffer_kb;
	const char *filter;
};

/**
 * struct trace_record - one event, valid until the callback returns
 * @time: CLOCK_REALTIME in nanoseconds: the event's CLOCK_MONOTONIC, plus the
 *	distance between the two clocks when the record was read
 * @event: index in trace_setup.events
 * @cpu: where it happened
 * @data: the raw record
 * @size: its length
 * @fields: struct tep_format_field by index in trace_setup.fields
 */
struct trace_record {
	__u64 time;
	unsigned int event;
	int cpu;
	const __u8 *data;
	size_t size;
	struct tep_format_field *const *fields;
};

/**
 * typedef trace_fn - takes one record
 * @data: as given to trace_read()
 * @rec: the record
 *
 * Return: 0, or anything else to stop.
 */
typedef int trace_fn(void *data, const struct trace_record *rec);

/**
 * trace_open() - make the instance and switch the events on in it
 * @setup: what to read
 * @err: why not
 *
 * An instance that a killed process has left behind is removed, too.
 * Return: the reader, or NULL.
 */
struct trace *trace_open(const struct trace_setup *setup, struct err *err);

/**
 * trace_close() - remove the instance
 * @t: the reader, or NULL
 */
void trace_close(struct trace *t);

/**
 * trace_wait() - wait for records, or for descriptors of the caller
 * @t: the reader
 * @fds: @fds[0] is for the reader, the others are the caller's
 * @n: how many
 *
 * Returns at least once a second. Never returns at once twice without a record
 * having been read in between, unless a descriptor of the caller is ready.
 * Return: as poll(); 0 when a signal came.
 */
int trace_wait(struct trace *t, struct pollfd *fds, nfds_t n);

/**
 * trace_read() - hand out records in the order of time
 * @t: the reader
 * @fn: called for each
 * @data: its argument
 *
 * Records of the last few milliseconds are kept back, for another CPU may still
 * write an older one. The number handed out in one call is bounded.
 * Return: how many, or -1 when @fn has stopped it.
 */
int trace_read(struct trace *t, trace_fn *fn, void *data);

/**
 * trace_stop() - switch the events off and wait until none is under way
 * @t: the reader; after this trace_read() keeps nothing back
 */
void trace_stop(struct trace *t);

/**
 * trace_lost() - events the buffers could not hold
 * @t: the reader
 *
 * Return: how many, since trace_open().
 */
__u64 trace_lost(struct trace *t);

/**
 * trace_loaded() - is the module there?
 * @t: the reader
 *
 * Return: false between the unloading of the module and its coming back.
 */
bool trace_loaded(const struct trace *t);

/**
 * trace_loads() - how often the module has come back
 * @t: the reader
 *
 * What was in the buffers when it was unloaded is gone with it, uncounted: the
 * kernel empties them.
 * Return: how often.
 */
unsigned int trace_loads(const struct trace *t);

/**
 * trace_uint() - a number of a record
 * @rec: the record
 * @field: index in trace_setup.fields
 *
 * Return: its value; 0 when the event has no such field.
 */
__u64 trace_uint(const struct trace_record *rec, unsigned int field);

/**
 * trace_bytes() - an array of a record
 * @rec: the record
 * @field: index in trace_setup.fields
 * @len: out: its length in bytes
 *
 * Return: the array within the record; NULL with @len 0 when there is none.
 */
const void *trace_bytes(const struct trace_record *rec, unsigned int field,
			size_t *len);

/**
 * trace_str() - a string of a record
 * @rec: the record
 * @field: index in trace_setup.fields
 *
 * Return: the string; "" when there is none.
 */
const char *trace_str(const struct trace_record *rec, unsigned int field);

#endif /* MSDCTL_TRACE_H */
