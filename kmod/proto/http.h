/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the HTTP responder share: the request as it is judged.
 */
#ifndef MSD_HTTP_H
#define MSD_HTTP_H

#include "proto.h"

/**
 * struct msd_http_req - what decides about the reply
 * @status: of the reply; 0: not HTTP
 * @at_once: the reply does not wait for the end of the fields
 * @fault: of a field line; the status is for it
 * @oversize: the fault is that it is too long
 * @get: method is GET or HEAD
 * @head: method is HEAD: the reply has no content
 * @http10: HTTP/1.0: the connection ends unless asked to stay
 * @close: field "Connection: close"
 * @alive: field "Connection: keep-alive"
 * @chunked: field "Transfer-Encoding: chunked"
 * @hosts: number of Host fields
 * @lengths: number of Content-Length fields
 * @fields: number of fields
 * @target: of the request line
 */
struct msd_http_req {
	u16 status;
	bool at_once;
	bool fault;
	bool oversize;
	bool get;
	bool head;
	bool http10;
	bool close;
	bool alive;
	bool chunked;
	u32 hosts;
	u32 lengths;
	u32 fields;
	struct msd_view target;
};

/* Longest line, as nginx takes them unless told otherwise. */
#define MSD_HTTP_LINE_MAX 8192

/* http.c */

/**
 * msd_http_line() - take one line without its end
 * @in: what is left of the request
 * @line: out: the line, without LF and the CR before it
 *
 * Return: false when its end has not arrived.
 */
bool msd_http_line(struct msd_view *in, struct msd_view *line);

/* Do the first @n bytes at @p read @s in any case? */
static inline bool msd_http_reads(const u8 *p, const char *s, u32 n)
{
	return !strncasecmp((const char *)p, s, n);
}

/* httpfield.c */

/**
 * msd_http_fields() - judge the field lines of a request
 * @in: what follows the request line
 * @sure: bytes of it between which none is missing
 * @h: the request; its status becomes that of the first fault
 *
 * One pass: a line is looked at for its end, its name and its bad bytes, and
 * nothing is looked up per byte.
 *
 * Return: MSD_ASK_ANSWER at the blank line, else MSD_ASK_MORE.
 */
enum msd_ask msd_http_fields(struct msd_view in, u32 sure, struct msd_http_req *h);

/* httppage.c */

/**
 * msd_http_persists() - does the connection outlive the reply?
 * @h: the request (RFC 9112 section 9.3)
 */
bool msd_http_persists(const struct msd_http_req *h);

/**
 * msd_http_reply() - write the reply
 * @h: the request as it was judged
 * @rq: the request as it came
 * @out: receives it
 */
void msd_http_reply(const struct msd_http_req *h, const struct msd_request *rq,
		    struct msd_buf *out);

#endif /* MSD_HTTP_H */
