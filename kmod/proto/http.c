// SPDX-License-Identifier: GPL-2.0-only
/*
 * HTTP/1.x server that wants a password for nearly everything (RFC 9110,
 * RFC 9112, RFC 7617), and says so as nginx 1.22.1 does.
 *
 * A request is complete at the blank line behind its header fields and draws
 * one reply; what follows the blank line (a body, another request) is dropped.
 * Lines end in CR LF or a bare LF, and empty lines before the request line are
 * skipped (RFC 9112 section 2.2). The next request on the connection is a
 * request like the first.
 *
 *	request line				reply
 *	METHOD SP target SP HTTP/1.x		401, asks for Basic credentials;
 *						a few targets have a page
 *	same, TRACE or CONNECT			405
 *	same, HTTP/2.x and up			505
 *	same, a method in other letters, a
 *	target that is none or climbs out of
 *	the root, a version that is none	400
 *	GET and its like, alone or with a
 *	target that begins with "/"		400
 *	same, version of RTSP, SIP or ICAP;
 *	anything else				not ours
 *
 * Any token may be a method: it is the version at the end of the line that
 * makes sure of HTTP. All but 401, and the pages, end the connection. A fault
 * of the request line is told at its end, one of a field line (httpfield.c) at
 * the blank line. Over UDP, where sources can be forged, only 401 is said.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "../core/flow.h"
#include "http.h"

/* Letters and what stands beside them; the rest is for http_answer(). */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\x40", "\xc0"),
	MSD_PATTERN("* "),
	MSD_PATTERN("\r\n"),
	MSD_PATTERN("\n"),
};

/* Longest method; the registry's longest has 17 letters. */
#define METHOD_MAX 32

/* Methods that mean HTTP even where the line is no request. */
static const char *const well_known[] = {
	"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE",
	"CONNECT",
};

/* Who else has request lines of this form. */
static const char *const others[] = { "RTSP/", "SIP/", "ICAP/" };

bool msd_http_line(struct msd_view *in, struct msd_view *line)
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

/* Skip empty lines; the last may be half there. */
static void skip_empty(struct msd_view *in)
{
	while (msd_starts(in, "\r\n", 2) || msd_starts(in, "\n", 1))
		msd_skip(in, *in->p == '\r' ? 2 : 1);
}

static bool is_digit(u8 c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(u8 c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* What tokens are made of (RFC 9110 section 5.6.2). */
static bool is_token(u8 c)
{
	return is_alpha(c) || is_digit(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* Take the token in front, at most one byte more than a method may have. */
static struct msd_view take_method(struct msd_view *line)
{
	u32 n = 0;

	while (n < line->len && n <= METHOD_MAX && is_token(line->p[n]))
		n++;
	return msd_sub(line, n);
}

static bool is_one_of(const struct msd_view *word, const char *const *list, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (word->len == strlen(list[i]) &&
		    msd_starts(word, list[i], word->len))
			return true;
	return false;
}

static bool is_well_known(const struct msd_view *method)
{
	return is_one_of(method, well_known, ARRAY_SIZE(well_known));
}

/* Does nginx take it for a method? */
static bool method_valid(const struct msd_view *method)
{
	u32 i;

	for (i = 0; i < method->len; i++) {
		u8 c = method->p[i];

		if ((c < 'A' || c > 'Z') && c != '_' && c != '-')
			return false;
	}
	return true;
}

static void trim_blanks(struct msd_view *v)
{
	while (v->len && *v->p == ' ')
		msd_skip(v, 1);
	while (v->len && v->p[v->len - 1] == ' ')
		v->len--;
}

static bool has_controls(const struct msd_view *v)
{
	u32 i;

	for (i = 0; i < v->len; i++)
		if (v->p[i] < ' ' || v->p[i] == 0x7f)
			return true;
	return false;
}

/* Cut the last word off a line, and the spaces before it. */
static struct msd_view cut_word(struct msd_view *line)
{
	struct msd_view word;
	u32 at = line->len;

	while (at && line->p[at - 1] != ' ')
		at--;
	word = msd_view(line->p + at, line->len - at);
	line->len = at;
	trim_blanks(line);
	return word;
}

static bool begins(const struct msd_view *word, const char *s)
{
	u32 n = strlen(s);

	return word->len >= n && msd_http_reads(word->p, s, n);
}

/* Is this word the version of another protocol? */
static bool other_version(const struct msd_view *word)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (begins(word, others[i]))
			return true;
	return false;
}

/* Status for a word that begins with HTTP/ in some case: 401, 400 or 505. */
static u16 version_status(struct msd_view word, struct msd_http_req *h)
{
	u32 minor = 0;

	if (!msd_starts(&word, "HTTP/", 5) || word.len < 6)
		return 400;
	if (word.p[5] < '1' || word.p[5] > '9')
		return 400;
	if (word.p[5] != '1' || (word.len > 6 && is_digit(word.p[6])))
		return 505;
	msd_skip(&word, 6);
	if (word.len < 2 || *word.p != '.')
		return 400;
	for (msd_skip(&word, 1); word.len; msd_skip(&word, 1)) {
		if (!is_digit(*word.p) || minor > 9)
			return 400;
		minor = 10 * minor + *word.p - '0';
	}
	h->http10 = !minor;
	return 401;
}

static int hex(u8 c)
{
	if (is_digit(c))
		return c - '0';
	return is_alpha(c) && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Take one byte of a path, decoded; -1: a "%" that says nothing. */
static int take_decoded(struct msd_view *path)
{
	u8 c = msd_get8(path);
	int high, low;

	if (c != '%')
		return c;
	if (path->len < 2)
		return -1;
	high = hex(path->p[0]);
	low = hex(path->p[1]);
	msd_skip(path, 2);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/*
 * May a path be asked for? Not one with a NUL, and not one that climbs out of
 * the root: "/a/../.." does. Empty parts and "." count for nothing.
 */
static bool path_valid(struct msd_view path)
{
	u32 depth = 0, len = 0, dots = 0;
	bool query = false;

	msd_skip(&path, 1);
	while (!query) {
		int c = '/';

		query = !path.len || *path.p == '?' || *path.p == '#';
		if (!query)
			c = take_decoded(&path);
		if (c <= 0)
			return false;
		if (c != '/') {
			len++;
			dots += c == '.';
			continue;
		}
		if (len == 2 && dots == 2) {
			if (!depth--)
				return false;
		} else if (len > dots || len > 2) {
			depth++;
		}
		len = 0;
		dots = 0;
	}
	return true;
}

/* Skip the scheme and the authority of an absolute form. */
static bool skip_origin(struct msd_view *target)
{
	if (!target->len || !is_alpha(*target->p))
		return false;
	while (target->len && (is_alpha(*target->p) || is_digit(*target->p)))
		msd_skip(target, 1);
	if (!msd_starts(target, "://", 3))
		return false;
	msd_skip(target, 3);
	while (target->len && *target->p != '/' && *target->p != '?')
		msd_skip(target, 1);
	return true;
}

static bool target_valid(struct msd_view target)
{
	if (has_controls(&target) || msd_find(&target, ' ') >= 0)
		return false;
	if (!msd_starts(&target, "/", 1) && !skip_origin(&target))
		return false;
	return !msd_starts(&target, "/", 1) || path_valid(target);
}

/* A line that ends in a version of HTTP, cut off already. */
static void judge_request(const struct msd_view *method, struct msd_view target,
			  bool blank, const struct msd_view *version,
			  struct msd_http_req *h)
{
	static const char *const refused[] = { "TRACE", "CONNECT" };
	u16 status = version_status(*version, h);

	h->head = is_one_of(method, (const char *const []){ "HEAD" }, 1);
	h->get = h->head || is_one_of(method, (const char *const []){ "GET" }, 1);
	h->target = target;
	if (!blank || !method_valid(method) || !target_valid(target))
		h->status = 400;
	else if (status == 401 && is_one_of(method, refused, 2))
		h->status = 405;
	else
		h->status = status;
	h->at_once = h->status != 401 && h->status != 405;
}

/* A line without: for a server of HTTP, or for somebody else? */
static bool is_malformed(const struct msd_view *method, struct msd_view rest,
			 const struct msd_view *last)
{
	if (!is_well_known(method))
		return false;
	if (rest.len && *rest.p != ' ' && *rest.p != '/')
		return false;
	trim_blanks(&rest);
	/* STOMP begins with that word on a line of its own. */
	if (!rest.len && method->len == 7 && msd_starts(method, "CONNECT", 7))
		return false;
	return !rest.len || (*rest.p == '/' && !other_version(last));
}

static void judge_line(struct msd_view line, struct msd_http_req *h)
{
	struct msd_view method = take_method(&line), rest = line, last;
	bool blank = rest.len && *rest.p == ' ';

	if (!method.len || method.len > METHOD_MAX)
		return;
	if (has_controls(&rest) && !is_well_known(&method))
		return;
	trim_blanks(&line);
	last = cut_word(&line);
	if (begins(&last, "HTTP/")) {
		judge_request(&method, line, blank, &last, h);
	} else if (is_malformed(&method, rest, &last)) {
		h->status = 400;
		h->at_once = true;
	}
}

/* Could a line that has no end yet become ours? */
static enum msd_ask judge_part(struct msd_view line)
{
	struct msd_view method = take_method(&line);
	bool cr = line.len && line.p[line.len - 1] == '\r';

	line.len -= cr;
	if (method.len > METHOD_MAX || (!method.len && line.len))
		return MSD_ASK_NOT_MINE;
	if (has_controls(&line) && !is_well_known(&method))
		return MSD_ASK_NOT_MINE;
	return MSD_ASK_MORE;
}

/*
 * How many bytes of a request are surely all there? Of one that ends behind
 * the first MSD_FLOW_BYTES the middle may have been lost (core/flow.c).
 */
static u32 sure_bytes(const struct msd_view *in)
{
	return in->len < MSD_FLOW_BYTES ? in->len : MSD_FLOW_BYTES - MSD_FLOW_TAIL;
}

static enum msd_ask judge(const struct msd_request *rq, struct msd_http_req *h)
{
	struct msd_view in = rq->in, line;
	u32 sure = sure_bytes(&in);

	skip_empty(&in);
	if (!msd_http_line(&in, &line)) {
		enum msd_ask ask = judge_part(in);

		/* Of a datagram nothing more will come. */
		return ask == MSD_ASK_MORE && rq->transport == MSD_UDP ?
		       MSD_ASK_NOT_MINE : ask;
	}
	judge_line(line, h);
	if (!h->status)
		return MSD_ASK_NOT_MINE;
	if (line.len > MSD_HTTP_LINE_MAX) {
		h->status = 414;
		h->at_once = true;
	}
	if (h->at_once)
		return MSD_ASK_ANSWER;
	sure -= min_t(u32, sure, in.p - rq->in.p);
	return msd_http_fields(in, sure, h);
}

static enum msd_ask http_answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_http_req h = { 0 };
	enum msd_ask ask = judge(rq, &h);

	if (ask != MSD_ASK_ANSWER) {
		rq->until = h.status ? MSD_UNTIL_BLANK : MSD_UNTIL_LINE;
		return ask;
	}
	if (rq->transport == MSD_UDP && h.status != 401)
		return MSD_ASK_NOT_MINE;
	msd_http_reply(&h, rq, out);
	rq->close = !msd_http_persists(&h);
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
