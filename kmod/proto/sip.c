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
 *	unknown methods			501
 *	extensions required		420
 *	version other than SIP/2.0	505
 *	CSeq or Content-Length wrong,
 *	body cut short			400
 *	ACK; From, To, Call-ID or CSeq
 *	missing; no Via to answer to	none
 *	over UDP so short that a reply
 *	would be much longer		none
 *
 * Replies (sipreply.c) go where the request came from: over UDP that is not
 * where RFC 3261 section 18.2.2 has them go when neither rport was asked for
 * nor the port of sent-by used.
 *
 * Over TCP a request ends behind its body. When the two together are longer
 * than MSD_FLOW_BYTES, the body is not waited for, since its bytes could not be
 * counted (core/flow.c). Line ends before a request are skipped there (RFC 3261
 * section 7.5); alone they are a keepalive, which we leave unanswered, as who
 * has not offered RFC 5626 does.
 *
 * Header fields are found in one pass.
 */
#include <linux/kernel.h>
#include "../core/flow.h"
#include "sip.h"

#define START_LINE_MAX 1024
#define METHOD_MAX 32
/* Bytes of keepalives that are kept before a request. */
#define LEAD_MAX 32
/* Content-Length above this is nonsense. */
#define CONTENT_MAX 0x01000000

/**
 * struct method - a method of IANA's registry
 * @name: what it is called
 * @status: what it draws; 0: none
 */
struct method {
	const char *name;
	u16 status;
};

static const struct method methods[] = {
	{ "OPTIONS", 200 },
	{ "REGISTER", 401 },
	{ "INVITE", 404 },
	{ "ACK", 0 },
	{ "BYE", 481 },
	{ "CANCEL", 481 },
	{ "INFO", 481 },
	{ "MESSAGE", 405 },
	{ "NOTIFY", 481 },
	{ "PRACK", 481 },
	{ "PUBLISH", 405 },
	{ "REFER", 405 },
	{ "SUBSCRIBE", 405 },
	{ "UPDATE", 481 },
};

/*
 * A method that is known, or one of 2 to 15 upper-case letters and a SIP URI;
 * and line ends in front of whatever comes.
 */
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
	MSD_PATTERN("\r\n"),
	MSD_PATTERN_MASK("@@ SIP",
			 "\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@ SIP",
			 "\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0"
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
	MSD_PATTERN_MASK("@@@@@@@@@@@@@@@ SIP",
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xe0"
			 "\xe0\xe0\xe0\xe0\xe0\xe0\xe0\xff\xdf\xdf\xdf"),
};

/**
 * struct field_name - names of a header field
 * @name: in full; case does not count
 * @len: its length
 * @compact: short form (RFC 3261 section 7.3.3), or 0
 */
struct field_name {
	const char *name;
	u8 len;
	char compact;
};

static const struct field_name field_names[MSD_SIP_NFIELDS] = {
#define NAME(s, c) { .name = (s), .len = sizeof(s) - 1, .compact = (c) }
	[MSD_SIP_VIA] = NAME("via", 'v'),
	[MSD_SIP_FROM] = NAME("from", 'f'),
	[MSD_SIP_TO] = NAME("to", 't'),
	[MSD_SIP_CALL_ID] = NAME("call-id", 'i'),
	[MSD_SIP_CSEQ] = NAME("cseq", 0),
	[MSD_SIP_CONTENT_LENGTH] = NAME("content-length", 'l'),
	[MSD_SIP_REQUIRE] = NAME("require", 0),
	[MSD_SIP_AUTHORIZATION] = NAME("authorization", 0),
#undef NAME
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

/* The value behind a name of @len bytes, blanks and a colon; p is NULL: none. */
static struct msd_view value_behind(struct msd_view field, u32 len)
{
	msd_skip(&field, len);
	while (field.len && msd_sip_blank(*field.p))
		msd_skip(&field, 1);
	if (msd_get8(&field) != ':')
		return (struct msd_view){ 0 };
	msd_sip_trim(&field);
	return field;
}

/* Which field is it? Only names that begin as it does are compared. */
static enum msd_sip_field split(struct msd_view field, struct msd_view *value)
{
	u8 first = *field.p | 0x20;
	u32 i;

	for (i = 0; i < MSD_SIP_NFIELDS; i++) {
		const struct field_name *f = &field_names[i];

		value->p = NULL;
		if (first == f->name[0] && field.len > f->len &&
		    !strncasecmp((const char *)field.p, f->name, f->len))
			*value = value_behind(field, f->len);
		if (!value->p && first == f->compact)
			*value = value_behind(field, 1);
		if (value->p)
			return i;
	}
	return MSD_SIP_NFIELDS;
}

/*
 * Take a field with the lines it continues on (RFC 3261 section 7.3.1); false
 * when the line behind it has not begun.
 */
static bool take_field(struct msd_view *in, struct msd_view *field)
{
	*field = *in;
	do {
		int at = msd_find(in, '\n');

		if (at < 0)
			return false;
		msd_skip(in, at + 1);
	} while (in->len && (*in->p == ' ' || *in->p == '\t'));
	msd_trim(field, in->p - field->p);
	return in->len;
}

static bool is_digit(u8 c)
{
	return c >= '0' && c <= '9';
}

/* Take a decimal number below 2^31; false when there is none or it is larger. */
static bool take_number(struct msd_view *v, u32 *val)
{
	u32 digits = 0;

	for (*val = 0; v->len && is_digit(*v->p); digits++) {
		u32 digit = msd_get8(v) - '0';

		if (*val > (S32_MAX - digit) / 10)
			return false;
		*val = *val * 10 + digit;
	}
	return digits;
}

static bool is_token(u8 c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) ||
	       (c > ' ' && c < 0x7f && strchr("-.!%*_+`'~", c));
}

/* Take the method: not ours when it is none, even before the line ends. */
static enum msd_ask take_method(struct msd_view *in, struct msd_view *method)
{
	u32 n = 0;

	while (n < in->len && n < METHOD_MAX && is_token(in->p[n]))
		n++;
	if (n == in->len && n < METHOD_MAX)
		return MSD_ASK_MORE;
	*method = msd_sub(in, n);
	return n && msd_get8(in) == ' ' ? MSD_ASK_ANSWER : MSD_ASK_NOT_MINE;
}

static u32 find_method(const struct msd_view *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(methods); i++)
		if (name->len == strlen(methods[i].name) &&
		    !memcmp(name->p, methods[i].name, name->len))
			break;
	return i;
}

/* The request line: "sip:nm SIP/2.0" is left of it. */
static bool take_start(struct msd_view line, struct msd_sip_request *q)
{
	struct msd_view version;
	u32 at = line.len;

	q->method = find_method(&q->name);
	if (q->method == ARRAY_SIZE(methods) &&
	    (line.len < 4 || strncasecmp((const char *)line.p, "sip", 3)))
		return false;
	while (at && line.p[at - 1] != ' ')
		at--;
	version = msd_view(line.p + at, line.len - at);
	q->version = msd_sip_is(&version, "SIP/2.0");
	return version.len > 4 && !strncasecmp((const char *)version.p, "SIP/", 4);
}

static void note_field(struct msd_sip_request *q, struct msd_view field)
{
	struct msd_view value;
	enum msd_sip_field f = split(field, &value);

	if (f == MSD_SIP_NFIELDS)
		return;
	if (!q->value[f].p)
		q->value[f] = value;
	if (f == MSD_SIP_VIA && q->nvias++ < MSD_SIP_VIAS) {
		q->via[q->nvias - 1].at = value.p - q->base;
		q->via[q->nvias - 1].len = value.len;
	}
}

/* Take header fields up to the blank line; false when it has not arrived. */
static bool take_fields(struct msd_view *in, struct msd_sip_request *q)
{
	struct msd_view field;

	q->base = in->p;
	while (in->len) {
		if (msd_starts(in, "\r\n", 2)) {
			msd_skip(in, 2);
			return true;
		}
		if (*in->p == '\n') {
			msd_skip(in, 1);
			return true;
		}
		if (!take_field(in, &field))
			return false;
		note_field(q, field);
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

/* Skip line ends in front of a request: a stream's only, and not many. */
static bool skip_lead(struct msd_view *in, u8 transport)
{
	u32 lead = 0;

	while (lead < LEAD_MAX && msd_starts(in, "\r\n", 2)) {
		msd_skip(in, 2);
		lead += 2;
	}
	return lead < LEAD_MAX && (!lead || transport == MSD_TCP);
}

static enum msd_ask take_request(struct msd_request *rq,
				 struct msd_sip_request *q)
{
	struct msd_view in = rq->in, line;
	enum msd_ask ask;

	if (!skip_lead(&in, rq->transport))
		return MSD_ASK_NOT_MINE;
	if (in.len <= 1 && (!in.len || *in.p == '\r'))
		return MSD_ASK_MORE;
	ask = take_method(&in, &q->name);
	if (ask != MSD_ASK_ANSWER)
		return ask;
	rq->until = MSD_UNTIL_LINE;
	if (!take_line(&in, &line))
		return in.len < START_LINE_MAX ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
	if (!take_start(line, q))
		return MSD_ASK_NOT_MINE;
	rq->until = MSD_UNTIL_BLANK;
	if (!take_fields(&in, q))
		return MSD_ASK_MORE;
	rq->until = MSD_UNTIL_ANY;
	measure_body(in, rq->transport, q);
	rq->need = rq->in.len - in.len + q->content;
	if (rq->transport == MSD_TCP && in.len < q->content &&
	    rq->in.len - in.len + q->content <= MSD_FLOW_BYTES)
		return MSD_ASK_MORE;
	return MSD_ASK_ANSWER;
}

/* "314159 INVITE": does it name the method? */
static bool cseq_ok(struct msd_view v, const struct msd_view *method)
{
	u32 seq;

	if (!take_number(&v, &seq) || !v.len || !msd_sip_blank(*v.p))
		return false;
	msd_sip_trim(&v);
	return v.len == method->len && !memcmp(v.p, method->p, v.len);
}

/*
 * Are the fields there without which no server has anything to answer to? Both
 * Kamailio and pjsip drop what lacks one.
 */
static bool answerable(const struct msd_sip_request *q)
{
	const struct msd_view *v = q->value;

	return v[MSD_SIP_FROM].len && v[MSD_SIP_TO].len &&
	       v[MSD_SIP_CALL_ID].len && v[MSD_SIP_CSEQ].len &&
	       q->nvias <= MSD_SIP_VIAS && msd_sip_via_ok(q);
}

static bool fields_ok(const struct msd_sip_request *q)
{
	const struct msd_view *v = q->value;

	return cseq_ok(v[MSD_SIP_CSEQ], &q->name) &&
	       (q->told || !v[MSD_SIP_CONTENT_LENGTH].p);
}

static u16 choose_status(const struct msd_request *rq,
			 const struct msd_sip_request *q)
{
	u16 status = q->method < ARRAY_SIZE(methods) ?
		     methods[q->method].status : 501;

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
	u32 start = out->len;
	u16 status;

	if (ask != MSD_ASK_ANSWER)
		return ask;
	status = choose_status(rq, &q);
	if (!status || !answerable(&q))
		return MSD_ASK_SILENT;
	msd_sip_reply(out, rq, &q, status);
	if (rq->transport == MSD_UDP &&
	    out->len - start > MSD_SIP_UDP_MOST(rq->in.len))
		return MSD_ASK_SILENT;
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
