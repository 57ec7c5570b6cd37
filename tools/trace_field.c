// SPDX-License-Identifier: GPL-2.0-only
/* Fields of records, by name as the kernel's format files have them. */
#include <stdlib.h>
#include <string.h>
#include "trace_int.h"

#define SYSTEM "kmasscanned"

/*
 * Of a format file only the fields are wanted. What says how to print them is
 * long, and would take longer to understand than all the rest.
 */
static struct tep_event *parse_event(struct tep_handle *tep, const char *name)
{
	static const char print[] = "print fmt:", nothing[] = " \"\"\n";
	struct tep_event *event = NULL;
	char *text, *at;
	int size;

	text = tracefs_event_file_read(NULL, SYSTEM, name, "format", &size);
	at = text ? strstr(text, print) : NULL;
	if (at && strlen(at) >= sizeof(print) + sizeof(nothing)) {
		strcpy(at + strlen(print), nothing);
		if (!tep_parse_event(tep, text, strlen(text), SYSTEM))
			event = tep_find_event_by_name(tep, SYSTEM, name);
	}
	free(text);
	return event;
}

static int load_event(struct trace_formats *f, const struct trace_setup *setup,
		      unsigned int e, struct err *err)
{
	struct tep_event *event = parse_event(f->tep, setup->events[e]);
	unsigned int i;

	if (!event)
		return err_set(err, "the loaded module has no event %s",
			       setup->events[e]);
	f->id[e] = event->id;
	for (i = 0; i < TRACE_FIELDS_MAX && setup->fields[i]; i++)
		f->field[e][i] = tep_find_field(event, setup->fields[i]);
	return 0;
}

int formats_load(struct trace_formats *f, const struct trace_setup *setup,
		 struct err *err)
{
	unsigned int e;

	formats_free(f);
	f->tep = tep_alloc();
	if (!f->tep)
		return err_set(err, "out of memory");
	tep_set_file_bigendian(f->tep, tep_is_bigendian());
	tep_set_long_size(f->tep, sizeof(long));
	for (e = 0; e < TRACE_EVENTS_MAX && setup->events[e]; e++)
		if (load_event(f, setup, e, err))
			return -1;
	return 0;
}

void formats_free(struct trace_formats *f)
{
	tep_free(f->tep);
	memset(f, 0, sizeof(*f));
}

int formats_event(const struct trace_formats *f, const struct trace_setup *setup,
		  const void *data, size_t size)
{
	struct tep_record rec = { .data = (void *)data, .size = size };
	unsigned int e;
	int id;

	if (size < sizeof(__u16))
		return -1;
	id = tep_data_type(f->tep, &rec);
	for (e = 0; e < TRACE_EVENTS_MAX && setup->events[e]; e++)
		if (f->id[e] == id)
			return e;
	return -1;
}

__u64 trace_uint(const struct trace_record *rec, unsigned int field)
{
	struct tep_format_field *f = rec->fields[field];
	unsigned long long val;

	if (!f || (size_t)f->offset + f->size > rec->size ||
	    tep_read_number_field(f, rec->data, &val))
		return 0;
	return val;
}

/* A dynamic array is told by a word: its length above, its offset below. */
const void *trace_bytes(const struct trace_record *rec, unsigned int field,
			size_t *len)
{
	struct tep_format_field *f = rec->fields[field];
	size_t at, n;

	*len = 0;
	if (!f || (size_t)f->offset + f->size > rec->size)
		return NULL;
	at = f->offset;
	n = f->size;
	if (f->flags & TEP_FIELD_IS_DYNAMIC) {
		__u32 word = tep_read_number(f->event->tep, rec->data + at, n);

		at = word & 0xffff;
		n = word >> 16;
		if (f->flags & TEP_FIELD_IS_RELATIVE)
			at += f->offset + f->size;
	}
	if (at > rec->size || n > rec->size - at)
		return NULL;
	*len = n;
	return rec->data + at;
}

const char *trace_str(const struct trace_record *rec, unsigned int field)
{
	size_t len;
	const char *text = trace_bytes(rec, field, &len);

	return text && memchr(text, '\0', len) ? text : "";
}
