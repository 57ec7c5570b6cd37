/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the reader share: trace.c, trace_cpu.c and trace_field.c. */
#ifndef MSDCTL_TRACE_INT_H
#define MSDCTL_TRACE_INT_H

#include <kbuffer.h>
#include <tracefs.h>
#include "trace.h"

/**
 * struct trace_cpu - one CPU's buffer
 * @cpu: its number
 * @fd: trace_pipe_raw
 * @stats: file with the counts of events that did not fit
 * @lost: events that did not fit, when last looked
 * @kbuf: the page being read
 * @page: its bytes
 * @data: record that is next, or NULL
 * @empty: there was no other page when looked since cpus_begin()
 * @watched: trace_cpus.epoll tells when there is something
 * @ts: its CLOCK_MONOTONIC
 */
struct trace_cpu {
	int cpu;
	int fd;
	int stats;
	__u64 lost;
	struct kbuffer *kbuf;
	void *page;
	void *data;
	bool empty;
	bool watched;
	unsigned long long ts;
};

/**
 * struct trace_cpus - the buffers of all CPUs
 * @v: the buffers
 * @n: how many
 * @epoll: descriptor that is readable when one of them has something
 * @uevents: tells when a CPU comes online; -1: nobody tells
 * @page_size: bytes of a page of the ring buffer
 * @lost: events lost before the buffers were last emptied by the kernel
 */
struct trace_cpus {
	struct trace_cpu *v;
	int n;
	int epoll;
	int uevents;
	int page_size;
	__u64 lost;
};

/**
 * cpus_open() - open the buffers of an instance
 * @c: zeroed
 * @instance: where
 * @err: why not
 *
 * Return: 0, or -1; cpus_close() is wanted in either case.
 */
int cpus_open(struct trace_cpus *c, struct tracefs_instance *instance,
	      struct err *err);

/**
 * cpus_close() - close them
 * @c: opened, or as cpus_open() has left it
 */
void cpus_close(struct trace_cpus *c);

/**
 * cpus_look() - watch CPUs that have come online
 * @c: the buffers
 */
void cpus_look(struct trace_cpus *c);

/**
 * cpus_begin() - from now on look again at buffers found empty
 * @c: the buffers
 */
void cpus_begin(struct trace_cpus *c);

/**
 * cpus_first() - the CPU that has the oldest record
 * @c: the buffers
 * @idle: out: a CPU had nothing to read when looked since cpus_begin(); what it
 *	has written since is newer than that, but for what it was just writing
 *
 * Return: the CPU, whose @data and @ts are set; NULL when all are empty.
 */
struct trace_cpu *cpus_first(struct trace_cpus *c, bool *idle);

/**
 * cpu_next() - done with the record of a CPU
 * @cpu: of cpus_first()
 */
void cpu_next(struct trace_cpu *cpu);

/**
 * cpus_lost() - count anew what did not fit
 * @c: the buffers
 *
 * Return: events lost since cpus_open().
 */
__u64 cpus_lost(struct trace_cpus *c);

/**
 * struct trace_formats - where the fields of the events are
 * @tep: what libtraceevent knows
 * @id: of the events, as trace_setup.events
 * @field: by event and as trace_setup.fields; NULL: not there
 */
struct trace_formats {
	struct tep_handle *tep;
	int id[TRACE_EVENTS_MAX];
	struct tep_format_field *field[TRACE_EVENTS_MAX][TRACE_FIELDS_MAX];
};

/**
 * formats_load() - read the formats of the events from the kernel
 * @f: zeroed, or loaded before
 * @setup: events and fields
 * @err: why not
 *
 * Return: 0, or -1; formats_free() is wanted in either case.
 */
int formats_load(struct trace_formats *f, const struct trace_setup *setup,
		 struct err *err);

/**
 * formats_free() - forget them
 * @f: zeroed, or loaded before
 */
void formats_free(struct trace_formats *f);

/**
 * formats_event() - which event is a record of?
 * @f: the formats
 * @setup: events and fields
 * @data: the record
 * @size: its length
 *
 * Return: index in trace_setup.events; -1 for none of them.
 */
int formats_event(const struct trace_formats *f, const struct trace_setup *setup,
		  const void *data, size_t size);

#endif /* MSDCTL_TRACE_INT_H */
