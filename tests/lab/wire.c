// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames between the lab's host side and guest side; contract in wire.h
 */
#include "wire.h"

#include <string.h>

static size_t length(const uint8_t *head)
{
	return head[1] | head[2] << 8;
}

size_t lab_head(uint8_t *p, enum lab_type type, size_t len)
{
	p[0] = type;
	p[1] = len & 0xff;
	p[2] = len >> 8;
	return LAB_HEAD + len;
}

static size_t wanted(const struct lab_parser *ps)
{
	if (ps->have < LAB_HEAD)
		return LAB_HEAD;
	return LAB_HEAD + length(ps->buf);
}

enum lab_type lab_frame(struct lab_parser *ps, const uint8_t **p, size_t *len)
{
	size_t take;

	if (ps->have >= LAB_HEAD && ps->have == wanted(ps))
		ps->have = 0;
	while (*len) {
		if (!ps->have && !**p) {
			take = 1;
		} else {
			take = wanted(ps) - ps->have;
			take = take < *len ? take : *len;
			memcpy(ps->buf + ps->have, *p, take);
			ps->have += take;
		}
		*p += take;
		*len -= take;
		if (ps->have >= LAB_HEAD && length(ps->buf) > LAB_FRAME_MAX)
			ps->have = 0;
		if (ps->have >= LAB_HEAD && ps->have == wanted(ps))
			return ps->buf[0];
	}
	return LAB_PAD;
}

const uint8_t *lab_payload(const struct lab_parser *ps, size_t *len)
{
	*len = length(ps->buf);
	return ps->buf + LAB_HEAD;
}
