// SPDX-License-Identifier: GPL-2.0-only
/*
 * HTTP/1.x server that wants a password for everything (RFC 9110, RFC 9112,
 * RFC 7617).
 *
 * A request is complete at the blank line behind its header fields and draws
 * one reply; what follows the blank line (a body, another request) is dropped.
 * Lines end in CR LF or a bare LF, and empty lines before the request line are
 * skipped (RFC 9112 section 2.2). The next request on the connection is a
 * request like the first.
 *
 *	request line				reply
 *	METHOD SP target SP HTTP/1.x		401, asks for Basic credentials
 *	same, HTTP/0.x or HTTP/2.x and up	505
 *	several words, or a version that is
 *	no HTTP/DIGIT.DIGIT			400
 *	no version, target begins with "/"	400, at once: HTTP/0.9 has no
 *						blank line
 *	another protocol's version, such as
 *	SIP/2.0 or RTSP/1.0; anything else	not ours
 *
 * All but 401 end the connection. Field lines are not judged, save that a NUL
 * anywhere draws 400: the middle of a long request may be missing (core/flow.c
 * keeps its two ends), so that two lines can run into one. For the same reason
 * a Host field is not insisted on.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/time.h>
#include "proto.h"

/* Every method of IANA's registry, and any request behind an empty line. */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN("GET "),
	MSD_PATTERN("HEAD "),
	MSD_PATTERN("POST "),
	MSD_PATTERN("PUT "),
	MSD_PATTERN("DELETE "),
	MSD_PATTERN("CONNECT "),
	MSD_PATTERN("OPTIONS "),
	MSD_PATTERN("TRACE "),
	MSD_PATTERN("PATCH "),
	MSD_PATTERN("ACL "),
	MSD_PATTERN("BASELINE-CONTROL "),
	MSD_PATTERN("BIND "),
	MSD_PATTERN("CHECKIN "),
	MSD_PATTERN("CHECKOUT "),
	MSD_PATTERN("COPY "),
	MSD_PATTERN("LABEL "),
	MSD_PATTERN("LINK "),
	MSD_PATTERN("LOCK "),
	MSD_PATTERN("MERGE "),
	MSD_PATTERN("MKACTIVITY "),
	MSD_PATTERN("MKCALENDAR "),
	MSD_PATTERN("MKCOL "),
	MSD_PATTERN("MKREDIRECTREF "),
	MSD_PATTERN("MKWORKSPACE "),
	MSD_PATTERN("MOVE "),
	MSD_PATTERN("ORDERPATCH "),
	MSD_PATTERN("PRI "),
	MSD_PATTERN("PROPFIND "),
	MSD_PATTERN("PROPPATCH "),
	MSD_PATTERN("QUERY "),
	MSD_PATTERN("REBIND "),
	MSD_PATTERN("REPORT "),
	MSD_PATTERN("SEARCH "),
	MSD_PATTERN("UNBIND "),
	MSD_PATTERN("UNCHECKOUT "),
	MSD_PATTERN("UNLINK "),
	MSD_PATTERN("UNLOCK "),
	MSD_PATTERN("UPDATE "),
	MSD_PATTERN("UPDATEREDIRECTREF "),
	MSD_PATTERN("VERSION-CONTROL "),
	MSD_PATTERN("* "),
	MSD_PATTERN("\r\n"),
	MSD_PATTERN("\n"),
};

/* Methods stand before the two empty lines in the table. */
#define NMETHODS (ARRAY_SIZE(patterns) - 2)

/* Empty lines accepted before a request line. */
#define EMPTY_MAX 4

/**
 * struct http_request - what decides about the reply
 * @status: of the reply; 0: not HTTP
 * @simple: no header fields follow
 * @head: method is HEAD: the reply has no content
 * @http10: HTTP/1.0: the connection ends unless asked to stay
 * @close: field "Connection: close"
 * @alive: field "Connection: keep-alive"
 */
struct http_request {
	u16 status;
	bool simple;
	bool head;
	bool http10;
	bool close;
	bool alive;
};

/**
 * struct http_error - reason and explanation of a status
 * @status: status code
 * @reason: of the status line, title and heading
 * @text: one sentence
 */
struct http_error {
	u16 status;
	const char *reason;
	const char *text;
};

static const struct http_error errors[] = {
	{ 401, "Unauthorized", "Please log in to see this page." },
	{ 400, "Bad Request", "This request makes no sense here." },
	{ 505, "HTTP Version Not Supported", "Please use HTTP/1.1." },
};

/* Room for the content of a reply. */
#define CONTENT_MAX 256

/* Take one line without its end; false when its end has not arrived. */
static bool take_line(struct msd_view *in, struct msd_view *line)
{
	int lf = msd_find(in, '\n');

	if (lf < 0)
		return false;
	*line = msd_sub(in, lf);
	msd_skip(in, 1);
	if (line->len && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* Take the bytes before the next @sep, and @sep itself if there is one. */
static struct msd_view take_until(struct msd_view *in, u8 sep)
{
	int at = msd_find(in, sep);
	struct msd_view part = msd_sub(in, at < 0 ? in->len : at);

	if (at >= 0)
		msd_skip(in, 1);
	return part;
}

/* Skip empty lines, a few; the last may be half there. */
static void skip_empty(struct msd_view *in)
{
	u32 i;

	for (i = 0; i < EMPTY_MAX; i++) {
		if (msd_starts(in, "\r\n", 2))
			msd_skip(in, 2);
		else if (msd_starts(in, "\n", 1))
			msd_skip(in, 1);
	}
}

/*
 * Does @in begin with a method and a space? MORE when it could yet. For
 * requests behind an empty line, where the automaton has not looked.
 */
static enum msd_ask method_ahead(const struct msd_view *in)
{
	enum msd_ask ask = MSD_ASK_NOT_MINE;
	u32 i;

	if (!in->len || (in->len == 1 && *in->p == '\r'))
		return MSD_ASK_MORE;
	for (i = 0; i < NMETHODS; i++) {
		const struct msd_pattern *m = &patterns[i];

		if (msd_starts(in, m->bytes, m->len))
			return MSD_ASK_ANSWER;
		if (in->len < m->len && !memcmp(in->p, m->bytes, in->len))
			ask = MSD_ASK_MORE;
	}
	return ask;
}

/* Do the @n bytes at @p read @s in any case? */
static bool reads(const u8 *p, const char *s, u32 n)
{
	return !strncasecmp((const char *)p, s, n);
}

static bool is_digit(u8 c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(u8 c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Status for a version that begins with HTTP/ in some case. */
static u16 version_status(const struct msd_view *version)
{
	const u8 *p = version->p;

	if (version->len != 8 || !msd_starts(version, "HTTP/", 5) ||
	    !is_digit(p[5]) || p[6] != '.' || !is_digit(p[7]))
		return 400;
	return p[5] == '1' ? 401 : 505;
}

/* Is this word the version of another protocol: letters, slash, digit? */
static bool other_version(const struct msd_view *word)
{
	int slash = msd_find(word, '/');

	return slash > 0 && slash + 1 < word->len && is_alpha(word->p[0]) &&
	       is_digit(word->p[slash + 1]);
}

/* Cut the last word off a line, and the space before it. */
static struct msd_view cut_word(struct msd_view *line)
{
	struct msd_view word;
	u32 at = line->len;

	while (at && line->p[at - 1] != ' ')
		at--;
	word = msd_view(line->p + at, line->len - at);
	msd_trim(line, at ? at - 1 : 0);
	return word;
}

/* May a request target have these bytes? Any but delimiters and NUL. */
static bool target_valid(const struct msd_view *target)
{
	return target->len && msd_find(target, ' ') < 0 &&
	       msd_find(target, '\r') < 0 && msd_find(target, '\0') < 0;
}

static void judge_request_line(struct msd_view line, struct http_request *rq)
{
	struct msd_view method = take_until(&line, ' ');
	bool slash = msd_starts(&line, "/", 1);
	struct msd_view version = cut_word(&line);

	rq->head = method.len == 4 && msd_starts(&method, "HEAD", 4);
	if (version.len >= 5 && reads(version.p, "HTTP/", 5)) {
		rq->status = target_valid(&line) ? version_status(&version) :
						   400;
		rq->http10 = version.p[version.len - 1] == '0';
	} else if (slash && !other_version(&version)) {
		rq->status = 400;
		rq->simple = true;
	}
}

static bool is_token(struct msd_view v, const char *token)
{
	while (v.len && (*v.p == ' ' || *v.p == '\t'))
		msd_skip(&v, 1);
	while (v.len && (v.p[v.len - 1] == ' ' || v.p[v.len - 1] == '\t'))
		v.len--;
	return v.len == strlen(token) && reads(v.p, token, v.len);
}

static void judge_field(struct msd_view line, struct http_request *rq)
{
	struct msd_view name;

	if (msd_find(&line, '\0') >= 0)
		rq->status = 400;
	name = take_until(&line, ':');
	if (!is_token(name, "Connection"))
		return;
	while (line.len) {
		struct msd_view option = take_until(&line, ',');

		rq->close |= is_token(option, "close");
		rq->alive |= is_token(option, "keep-alive");
	}
}

/* Judge a request from its method to its blank line. */
static enum msd_ask judge(struct msd_view in, struct http_request *rq)
{
	struct msd_view line;

	if (!take_line(&in, &line))
		return MSD_ASK_MORE;
	judge_request_line(line, rq);
	if (!rq->status)
		return MSD_ASK_NOT_MINE;
	if (rq->simple)
		return MSD_ASK_ANSWER;
	while (take_line(&in, &line)) {
		if (!line.len)
			return MSD_ASK_ANSWER;
		judge_field(line, rq);
	}
	return MSD_ASK_MORE;
}

/* Does the connection outlive the reply (RFC 9112 section 9.3)? */
static bool persists(const struct http_request *rq)
{
	return rq->status == 401 && !rq->close && (!rq->http10 || rq->alive);
}

/* Date and time as in "Mon, 23 Nov 2026 00:00:00 GMT" (RFC 9110 5.6.7). */
static void put_date(struct msd_buf *out, u64 now)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;

	time64_to_tm(now, 0, &tm);
	msd_put_bytes(out, days + 3 * tm.tm_wday, 3);
	msd_put_lit(out, ", ");
	msd_put_dec(out, tm.tm_mday, 2);
	msd_put8(out, ' ');
	msd_put_bytes(out, months + 3 * tm.tm_mon, 3);
	msd_put8(out, ' ');
	msd_put_dec(out, tm.tm_year + 1900, 4);
	msd_put8(out, ' ');
	msd_put_dec(out, tm.tm_hour, 2);
	msd_put8(out, ':');
	msd_put_dec(out, tm.tm_min, 2);
	msd_put8(out, ':');
	msd_put_dec(out, tm.tm_sec, 2);
	msd_put_lit(out, " GMT");
}

static void put_status(struct msd_buf *out, const struct http_error *err)
{
	msd_put_dec(out, err->status, 3);
	msd_put8(out, ' ');
	msd_put_str(out, err->reason);
}

static void put_content(struct msd_buf *out, const struct http_error *err)
{
	msd_put_lit(out, "<!DOCTYPE html>\n<title>");
	put_status(out, err);
	msd_put_lit(out, "</title>\n<h1>");
	msd_put_str(out, err->reason);
	msd_put_lit(out, "</h1>\n<p>");
	msd_put_str(out, err->text);
	msd_put_lit(out, "</p>\n");
}

static void put_header(struct msd_buf *out, const struct http_error *err, u64 now,
		       u32 length, bool keep)
{
	msd_put_lit(out, "HTTP/1.1 ");
	put_status(out, err);
	msd_put_lit(out, "\r\nServer: nginx\r\nDate: ");
	put_date(out, now);
	msd_put_lit(out, "\r\nContent-Type: text/html\r\nContent-Length: ");
	msd_put_dec(out, length, 1);
	msd_put_lit(out, "\r\nConnection: ");
	msd_put_str(out, keep ? "keep-alive" : "close");
	if (err->status == 401)
		msd_put_lit(out, "\r\nWWW-Authenticate: Basic realm=\"Restricted\"");
	msd_put_lit(out, "\r\n\r\n");
}

static void put_reply(struct msd_buf *out, const struct http_request *rq, u64 now)
{
	const struct http_error *err = errors;
	char room[CONTENT_MAX];
	struct msd_buf body = msd_buf(room, sizeof(room));

	while (err->status != rq->status)
		err++;
	put_content(&body, err);
	put_header(out, err, now, body.len, persists(rq));
	if (!rq->head)
		msd_put_bytes(out, body.data, body.len);
}

static enum msd_ask http_answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	struct http_request req = { 0 };
	enum msd_ask ask = MSD_ASK_ANSWER;

	skip_empty(&in);
	if (in.len != rq->in.len)
		ask = method_ahead(&in);
	if (ask == MSD_ASK_ANSWER)
		ask = judge(in, &req);
	if (ask != MSD_ASK_ANSWER)
		return ask;
	put_reply(out, &req, rq->ctx->now);
	rq->close = !persists(&req);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_http = {
	.name = "http",
	.source = "RFC 9110, RFC 9112",
	.transports = MSD_TCP | MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = http_answer,
};
