/* SPDX-License-Identifier: GPL-2.0-only */
/* From a record of the reader to struct record. */
#ifndef MSDCTL_RECORD_TRACE_H
#define MSDCTL_RECORD_TRACE_H

#include "filter.h"
#include "record.h"
#include "trace.h"

/**
 * record_trace_open() - read the events msd_answer and msd_drop
 * @buffer_kb: size of the buffer of each CPU
 * @filter: what the kernel leaves out as far as it can
 * @err: why not
 *
 * Return: the reader, or NULL.
 */
struct trace *record_trace_open(unsigned int buffer_kb,
				const struct filter *filter, struct err *err);

/**
 * record_from_trace() - take the fields of an event
 * @r: out; its pointers are into @rec
 * @rec: a record of such a reader
 */
void record_from_trace(struct record *r, const struct trace_record *rec);

#endif /* MSDCTL_RECORD_TRACE_H */
