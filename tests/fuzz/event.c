// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: a frame as the kernel's events tell it, printed in every
 * format and written to a capture file. Whatever the frame holds, all fits, no
 * byte reaches a terminal that is not printable, JSON is JSON, and the blocks
 * of the file add up.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/pcapng.h"
#include "../../tools/record.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

/**
 * struct input - bytes to take from
 * @p: the next one
 * @len: how many are left
 */
struct input {
	const __u8 *p;
	size_t len;
};

/* Zeros when too few are left. */
static void take(struct input *in, void *to, size_t n)
{
	size_t have = n < in->len ? n : in->len;

	memset(to, 0, n);
	memcpy(to, in->p, have);
	in->p += have;
	in->len -= have;
}

/* The fixed part as it comes, and pointers that mean something. */
static void fill(struct record *r, struct input *in, char *dev,
		 char *responder)
{
	__u8 lens[2];

	take(in, r, sizeof(*r));
	take(in, dev, 15);
	take(in, responder, 15);
	take(in, lens, sizeof(lens));
	r->own_mac = lens[1] & 1 ? r->smac : NULL;
	r->dev = dev;
	r->responder = responder;
	r->options_len = lens[0] % (RECORD_OPTIONS_MAX + 1);
	if (r->options_len > in->len)
		r->options_len = in->len;
	r->options = in->p;
	in->p += r->options_len;
	in->len -= r->options_len;
	r->payload = in->p;
	r->payload_held = in->len < RECORD_PAYLOAD_MAX ? in->len :
							 RECORD_PAYLOAD_MAX;
}

static void check_text(const struct text *t)
{
	size_t i;

	if (t->over || (t->len && t->buf[t->len - 1] != '\n'))
		abort();
	for (i = 0; i < t->len; i++) {
		char c = t->buf[i];

		if (c != '\n' && c != '\t' && (c < ' ' || c > '~'))
			abort();
	}
}

static void print_all(const struct record *r)
{
	static char buf[RECORD_TEXT + 1];
	struct text t = { .buf = buf, .size = RECORD_TEXT };
	struct json_object *obj;

	log_record(&t, LOG_CONSOLE, r);
	check_text(&t);
	t.len = 0;
	log_record(&t, LOG_LOGFMT, r);
	check_text(&t);
	t.len = 0;
	event_json(&t, r);
	check_text(&t);
	buf[t.len] = '\0';
	obj = json_tokener_parse(buf);
	if (!json_object_is_type(obj, json_type_object) ||
	    memchr(buf, '\n', t.len) != buf + t.len - 1)
		abort();
	json_object_put(obj);
}

/* A block tells its length at both ends. */
static void check_block(const struct pcapng_block *block)
{
	__u32 head, tail;

	if (block->len < 12 || block->len > sizeof(block->data))
		abort();
	memcpy(&head, block->data + 4, 4);
	memcpy(&tail, block->data + block->len - 4, 4);
	if (head != block->len || tail != head || head % 4)
		abort();
}

static void capture(const struct record *r)
{
	struct pcapng_frame frame = {
		.time = r->time, .data = r->payload, .len = r->payload_held,
		.orig_len = r->payload_len, .vlan_proto = r->vlan_proto,
		.vlan_tci = r->vlan_tci, .outbound = r->family & 1,
		.verdict = PCAPNG_DROP, .id = r->seq, .comment = r->responder,
	};
	struct pcapng_block block;

	if (frame.orig_len < frame.len)
		frame.orig_len = frame.len;
	pcapng_section(&block, r->dev, r->responder);
	check_block(&block);
	pcapng_interface(&block, r->dev);
	check_block(&block);
	pcapng_packet(&block, &frame);
	check_block(&block);
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct input in = { data, size };
	char dev[16] = "", responder[16] = "";
	struct record r;

	fill(&r, &in, dev, responder);
	print_all(&r);
	capture(&r);
	return 0;
}
