// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIP user agent server without state (RFC 3261 section 8.2; RFC 3581).
 *
 *	request				reply
 *	OPTIONS				200
 *	REGISTER			401 with a Digest challenge
 *	REGISTER with credentials	403
 *	INVITE				404
 *	BYE, CANCEL and others that
 *	belong to a dialog		481
 *	other methods			405
 *	extensions required		420
 *	version other than SIP/2.0	505
 *	From, To, Call-ID or CSeq missing
 *	or wrong, body cut short	400
 *	ACK; no Via to answer to	none
 *
 * Replies (sipreply.c) go where the request came from: over UDP that is not
 * where RFC 3261 section 18.2.2 has them go when neither rport was asked for
 * nor the port of sent-by used.
 *
 * Over TCP a request ends behind its body. When the two together are longer
 * than MSD_FLOW_BYTES, the body is not waited for, since its bytes could not be
 * counted (core/flow.c).
 */
#include <linux/kernel.h>
#include "../core/flow.h"
#include "sip.h"

#define START_LINE_MAX 1024
/* Content-Length above this is nonsense. */
#define CONTENT_MAX 0x01000000

/* Methods of IANA's registry, in the order of the table below. */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN("OPTIONS "),
	MSD_PATTERN("REGISTER "),
	MSD_PATTERN("INVITE "),
	MSD_PATTERN("ACK "),
	MSD_PATTERN("BYE "),
	MSD_PATTERN("CANCEL "),
	MSD_PATTERN("INFO "),
	MSD_PATTERN("MESSAGE "),
	MSD_PATTERN("NOTIFY "),
	MSD_PATTERN("PRACK "),
	MSD_PATTERN("PUBLISH "),
	MSD_PATTERN("REFER "),
	MSD_PATTERN("SUBSCRIBE "),
	MSD_PATTERN("UPDATE "),
};

/* Status a method draws; 0: none. */
static const u16 method_status[ARRAY_SIZE(patterns)] = {
	200, 401, 404, 0, 481, 481, 481, 405, 481, 481, 405, 405, 405, 481,
};

/**
 * struct field_name - names of a header field
 * @name: in full; case does not count
 * @compact: short form (RFC 3261 section 7.3.3), or 0
 */
struct field_name {
	const char *name;
	char compact;
};

static const struct field_name field_names[MSD_SIP_NFIELDS] = {
	[MSD_SIP_VIA] = { "Via", 'v' },
	[MSD_SIP_FROM] = { "From", 'f' },
	[MSD_SIP_TO] = { "To", 't' },
	[MSD_SIP_CALL_ID] = { "Call-ID", 'i' },
	[MSD_SIP_CSEQ] = { "CSeq", 0 },
	[MSD_SIP_CONTENT_LENGTH] = { "Content-Length", 'l' },
	[MSD_SIP_REQUIRE] = { "Require", 0 },
	[MSD_SIP_AUTHORIZATION] = { "Authorization", 0 },
};

void msd_sip_trim(struct msd_view *v)
{
	while (v->len && msd_sip_blank(*v->p))
		msd_skip(v, 1);
	while (v->len && msd_sip_blank(v->p[v->len - 1]))
		v->len--;
}

bool msd_sip_is(const struct msd_view *v, const char *word)
{
	return v->len == strlen(word) &&
	       !strncasecmp((const char *)v->p, word, v->len);
}

struct msd_view msd_sip_until(struct msd_view *in, u8 sep)
{
	int at = msd_find(in, sep);
	struct msd_view part = msd_sub(in, at < 0 ? in->len : (u32)at);

	if (at >= 0)
		msd_skip(in, 1);
	return part;
}

/* Take one line without its end; false when its end has not arrived. */
static bool take_line(struct msd_view *in, struct msd_view *line)
{
	if (msd_find(in, '\n') < 0)
		return false;
	*line = msd_sip_until(in, '\n');
	if (line->len && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

struct msd_view msd_sip_take(struct msd_view *in)
{
	struct msd_view all = *in, line;

	while (take_line(in, &line))
		if (!in->len || (*in->p != ' ' && *in->p != '\t'))
			break;
	msd_trim(&all, in->p - all.p);
	return all;
}

enum msd_sip_field msd_sip_split(struct msd_view field, struct msd_view *value)
{
	struct msd_view name = msd_sip_until(&field, ':');
	u32 i;

	msd_sip_trim(&name);
	msd_sip_trim(&field);
	*value = field;
	for (i = 0; i < MSD_SIP_NFIELDS; i++) {
		const struct field_name *f = &field_names[i];

		if (msd_sip_is(&name, f->name) ||
		    (f->compact && name.len == 1 &&
		     (*name.p | 0x20) == f->compact))
			return i;
	}
	return MSD_SIP_NFIELDS;
}

static bool is_digit(u8 c)
{
	return c >= '0' && c <= '9';
}

/* Take a decimal number; false when there is none or it is too large. */
static bool take_number(struct msd_view *v, u32 *val)
{
	u32 digits = 0;

	for (*val = 0; v->len && is_digit(*v->p); digits++) {
		if (*val > (S32_MAX - 9) / 10)
			return false;
		*val = *val * 10 + msd_get8(v) - '0';
	}
	return digits;
}

/* The request line, of which the automaton has seen the method. */
static bool take_start(struct msd_view line, struct msd_sip_request *q)
{
	struct msd_view version;
	u32 at = line.len;

	while (!msd_starts(&line, patterns[q->method].bytes,
			   patterns[q->method].len))
		if (++q->method == ARRAY_SIZE(patterns))
			return false;
	while (line.p[at - 1] != ' ')
		at--;
	version = msd_view(line.p + at, line.len - at);
	q->version = msd_sip_is(&version, "SIP/2.0");
	return version.len > 4 && !strncasecmp((const char *)version.p, "SIP/", 4);
}

/* Take header fields up to the blank line; false when it has not arrived. */
static bool take_fields(struct msd_view *in, struct msd_sip_request *q)
{
	struct msd_view line, value, rest = *in;

	q->fields = *in;
	while (take_line(&rest, &line)) {
		enum msd_sip_field f;

		if (!line.len) {
			msd_trim(&q->fields, in->p - q->fields.p);
			*in = rest;
			return true;
		}
		f = msd_sip_split(msd_sip_take(in), &value);
		rest = *in;
		if (f < MSD_SIP_NFIELDS && !q->value[f].p)
			q->value[f] = value;
	}
	return false;
}

static void measure_body(struct msd_view in, u8 transport, struct msd_sip_request *q)
{
	struct msd_view value = q->value[MSD_SIP_CONTENT_LENGTH];

	q->body = in;
	q->content = transport == MSD_UDP ? in.len : 0;
	if (!value.p)
		return;
	q->told = take_number(&value, &q->content) && !value.len &&
		  q->content <= CONTENT_MAX;
	if (!q->told)
		q->content = 0;
}

static enum msd_ask take_request(const struct msd_request *rq,
				 struct msd_sip_request *q)
{
	struct msd_view in = rq->in, line;

	if (!take_line(&in, &line))
		return in.len < START_LINE_MAX ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
	if (!take_start(line, q))
		return MSD_ASK_NOT_MINE;
	if (!take_fields(&in, q))
		return MSD_ASK_MORE;
	measure_body(in, rq->transport, q);
	if (rq->transport == MSD_TCP && in.len < q->content &&
	    rq->in.len - in.len + q->content <= MSD_FLOW_BYTES)
		return MSD_ASK_MORE;
	return MSD_ASK_ANSWER;
}

/* "314159 INVITE": does it name the method? */
static bool cseq_ok(struct msd_view v, const struct msd_pattern *method)
{
	u32 seq;

	if (!take_number(&v, &seq) || !v.len || !msd_sip_blank(*v.p))
		return false;
	msd_sip_trim(&v);
	return v.len == method->len - 1u && msd_starts(&v, method->bytes, v.len);
}

static bool fields_ok(const struct msd_sip_request *q)
{
	const struct msd_view *v = q->value;

	return v[MSD_SIP_FROM].len && v[MSD_SIP_TO].len &&
	       v[MSD_SIP_CALL_ID].len &&
	       cseq_ok(v[MSD_SIP_CSEQ], &patterns[q->method]) &&
	       (q->told || !v[MSD_SIP_CONTENT_LENGTH].p);
}

static u16 choose_status(const struct msd_request *rq,
			 const struct msd_sip_request *q)
{
	u16 status = method_status[q->method];

	if (!status)
		return 0;
	if (!q->version)
		return 505;
	if (!fields_ok(q) ||
	    (rq->transport == MSD_UDP && q->body.len < q->content))
		return 400;
	if (q->value[MSD_SIP_REQUIRE].p)
		return 420;
	return status == 401 && q->value[MSD_SIP_AUTHORIZATION].p ? 403 : status;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_sip_request q = { 0 };
	enum msd_ask ask = take_request(rq, &q);
	u16 status;

	if (ask != MSD_ASK_ANSWER)
		return ask;
	status = choose_status(rq, &q);
	if (!status || !msd_sip_via_ok(&q))
		return MSD_ASK_SILENT;
	msd_sip_reply(out, rq, &q, status);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_sip = {
	.name = "sip",
	.source = "RFC 3261, RFC 3581",
	.transports = MSD_TCP | MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
