// SPDX-License-Identifier: GPL-2.0-only
/*
 * Field lines of an HTTP request, judged as nginx 1.22.1 judges them.
 *
 *	line					status
 *	a name with a blank or control byte,
 *	or none; NUL or a lone CR in the value	400
 *	HTTP/1.1 without Host (but see below),
 *	two of them, one that is no host	400
 *	Content-Length twice, or no number;
 *	with Transfer-Encoding			400
 *	Transfer-Encoding other than chunked	501
 *	line of more than 8 KB			400
 *
 * A request without any field is not asked for its Host: masscanned's own
 * tests send such, and want the 401. The middle of a long request may be
 * missing, so that two lines can run into one: behind it nothing but a NUL is
 * held against the client.
 */
#include <linux/kernel.h>
#include "http.h"

/* Byte by byte, for names and hosts: blanks, controls and DEL. */
static bool is_bad(u8 c)
{
	return c <= ' ' || c == 0x7f;
}

/* Take the name of a field, with its colon if there is one. */
static struct msd_view take_name(struct msd_view *line)
{
	u32 n = 0;

	while (n < line->len && line->p[n] != ':' && !is_bad(line->p[n]))
		n++;
	return msd_sub(line, n);
}

static bool is_name(const struct msd_view *name, const char *want)
{
	return name->len == strlen(want) &&
	       msd_http_reads(name->p, want, name->len);
}

static void trim_blanks(struct msd_view *v)
{
	while (v->len && (*v->p == ' ' || *v->p == '\t'))
		msd_skip(v, 1);
	while (v->len && (v->p[v->len - 1] == ' ' || v->p[v->len - 1] == '\t'))
		v->len--;
}

/* Does @v hold @s in any case? The first letter of @s occurs in it once. */
static bool holds(struct msd_view v, const char *s)
{
	u32 n = strlen(s);

	for (; v.len >= n; msd_skip(&v, 1))
		if ((*v.p | 0x20) == *s && msd_http_reads(v.p, s, n))
			return true;
	return false;
}

static bool host_valid(const struct msd_view *host)
{
	u32 i;

	for (i = 0; i < host->len; i++)
		if (is_bad(host->p[i]) || host->p[i] == '/' ||
		    (i && host->p[i] == '.' && host->p[i - 1] == '.'))
			return false;
	return host->len && *host->p != ':';
}

static bool is_number(const struct msd_view *v)
{
	u32 i;

	for (i = 0; i < v->len; i++)
		if (v->p[i] < '0' || v->p[i] > '9')
			return false;
	return v->len;
}

/* Fields that decide something; returns the status they deserve. */
static u16 field_status(const struct msd_view *name, const struct msd_view *value,
			struct msd_http_req *h)
{
	if (is_name(name, "Host"))
		return h->hosts++ || !host_valid(value) ? 400 : h->status;
	if (is_name(name, "Content-Length"))
		return h->lengths++ || !is_number(value) ? 400 : h->status;
	if (is_name(name, "Transfer-Encoding")) {
		h->chunked = is_name(value, "chunked");
		return h->chunked ? h->status : 501;
	}
	if (is_name(name, "Connection")) {
		h->close |= holds(*value, "close");
		h->alive |= holds(*value, "keep-alive");
	}
	return h->status;
}

/* @sure: nothing is missing before the end of this line. */
static u16 judge_field(struct msd_view line, bool sure, struct msd_http_req *h)
{
	bool nul = msd_find(&line, '\0') >= 0;
	struct msd_view name = take_name(&line);
	bool colon = msd_starts(&line, ":", 1);
	u16 status;

	if (nul || (sure && (!name.len || (line.len && !colon) ||
			     msd_find(&line, '\r') >= 0)))
		return 400;
	if (colon)
		msd_skip(&line, 1);
	trim_blanks(&line);
	h->fields++;
	status = field_status(&name, &line, h);
	return sure ? status : h->status;
}

/* At the blank line: what lacks, and what does not go together. */
static u16 judge_all(const struct msd_http_req *h)
{
	if (!h->http10 && h->fields && !h->hosts)
		return 400;
	return h->chunked && h->lengths ? 400 : h->status;
}

/* A line of the fields; the first fault decides. */
static void take_field(struct msd_view line, bool sure, struct msd_http_req *h)
{
	bool oversize = line.len > MSD_HTTP_LINE_MAX;
	u16 status = oversize ? 400 : judge_field(line, sure, h);

	if (h->fault || status == h->status)
		return;
	h->fault = true;
	h->status = status;
	h->oversize = oversize;
}

enum msd_ask msd_http_fields(struct msd_view in, u32 sure, struct msd_http_req *h)
{
	const u8 *start = in.p;
	struct msd_view line;

	while (msd_http_line(&in, &line)) {
		bool whole = in.p - start <= sure;

		if (line.len) {
			take_field(line, whole, h);
			continue;
		}
		if (whole && !h->fault)
			h->status = judge_all(h);
		return MSD_ASK_ANSWER;
	}
	return MSD_ASK_MORE;
}
