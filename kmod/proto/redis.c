// SPDX-License-Identifier: GPL-2.0-only
/*
 * Redis server without data (redis.io, "Redis serialization protocol"), as
 * version 5.0.14 words things.
 *
 * Commands come as an array of bulk strings, or inline: words on a line that
 * begins with a command that other protocols do not have. All commands of a
 * segment are replied to. A command nobody has draws its arguments back, one
 * with too few or too many says so, a broken array ends the connection, and
 * what a browser would send (POST, Host:) ends it without a word.
 *
 * The commands, how many words they take and what they draw stand in
 * rediscmd.c.
 */
#include <linux/kernel.h>
#include "redis.h"

#define ARGS_MAX (1024 * 1024)
#define INLINE_MAX 1024
/* How much of an unknown command and of its arguments is quoted. */
#define QUOTE_MAX 128
/* Commands of one segment that are replied to. */
#define COMMANDS_MAX 64
/* A request that is longer is not waited for when something can be said. */
#define WAIT_MAX 2048

/* What matches in any case: bit 5 of a letter does not count. */
#define NC3 "\xdf\xdf\xdf"
#define NC4 NC3 "\xdf"
#define NC5 NC4 "\xdf"
#define NC6 NC5 "\xdf"
#define NC7 NC6 "\xdf"
#define NC8 NC7 "\xdf"

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("*"),
	MSD_PATTERN_MASK("PING", NC4),
	MSD_PATTERN_MASK("INFO", NC4),
	MSD_PATTERN_MASK("AUTH ", NC4 "\xff"),
	MSD_PATTERN_MASK("QUIT", NC4),
	MSD_PATTERN_MASK("SAVE", NC4),
	MSD_PATTERN_MASK("ROLE", NC4),
	MSD_PATTERN_MASK("KEYS ", NC4 "\xff"),
	MSD_PATTERN_MASK("EVAL ", NC4 "\xff"),
	MSD_PATTERN_MASK("SET ", NC3 "\xff"),
	MSD_PATTERN_MASK("DBSIZE", NC6),
	MSD_PATTERN_MASK("BGSAVE", NC6),
	MSD_PATTERN_MASK("CLIENT ", NC6 "\xff"),
	MSD_PATTERN_MASK("CONFIG ", NC6 "\xff"),
	MSD_PATTERN_MASK("MODULE ", NC6 "\xff"),
	MSD_PATTERN_MASK("SELECT ", NC6 "\xff"),
	MSD_PATTERN_MASK("SLAVEOF ", NC7 "\xff"),
	MSD_PATTERN_MASK("FLUSHALL", NC8),
	MSD_PATTERN_MASK("FLUSHDB", NC7),
	MSD_PATTERN_MASK("REPLICAOF ", NC8 "\xdf\xff"),
};

bool msd_redis_is(const struct msd_view *v, const char *word)
{
	u32 i;

	for (i = 0; i < v->len && word[i]; i++) {
		u8 c = v->p[i];

		if ((c >= 'a' && c <= 'z' ? c - 0x20 : c) != word[i])
			return false;
	}
	return i == v->len && !word[i];
}

void msd_redis_put_bulk(struct msd_buf *out, const void *p, u32 len)
{
	msd_put8(out, '$');
	msd_put_dec(out, len, 1);
	msd_put_lit(out, "\r\n");
	msd_put_bytes(out, p, len);
	msd_put_lit(out, "\r\n");
}

void msd_redis_put_text(struct msd_buf *out, struct msd_view v, u32 most)
{
	msd_trim(&v, most);
	while (v.len && *v.p) {
		u8 c = msd_get8(&v);

		msd_put8(out, c == '\r' || c == '\n' ? ' ' : c);
	}
}

void msd_redis_put_unknown(struct msd_buf *out, const struct msd_redis_command *c)
{
	u32 i, start;

	msd_put_lit(out, "-ERR unknown command `");
	msd_redis_put_text(out, c->arg[0], QUOTE_MAX);
	msd_put_lit(out, "`, with args beginning with: ");
	start = out->len;
	for (i = 1; i < c->n && i < MSD_REDIS_ARGS &&
	     out->len - start < QUOTE_MAX; i++) {
		msd_put8(out, '`');
		msd_redis_put_text(out, c->arg[i], QUOTE_MAX - (out->len - 1 - start));
		msd_put_lit(out, "`, ");
	}
	msd_put_lit(out, "\r\n");
}

#define NUMBER_MAX 32

/* Has the line of a number come to its end, or grown too long for one? */
static bool line_over(struct msd_view v)
{
	u32 n;

	for (n = 0; n < NUMBER_MAX && v.len; n++)
		if (msd_get8(&v) == '\n')
			return true;
	return n == NUMBER_MAX;
}

/* A number and CR LF; -1: more bytes are needed, -2: not a number. */
static int get_number(struct msd_view *in)
{
	u32 val = 0, digits = 0;
	bool minus = in->len && *in->p == '-';
	u8 c;

	if (minus)
		msd_skip(in, 1);
	while ((c = msd_get8(in)) >= '0' && c <= '9' && digits++ < 7)
		val = val * 10 + c - '0';
	if (c == '\r')
		c = msd_get8(in);
	if (!msd_view_ok(in))
		return -1;
	if (c != '\n' || !digits)
		return c == '\n' || line_over(*in) ? -2 : -1;
	return minus ? 0 : (int)val;
}

/* A protocol error ends the connection. */
static enum msd_ask broken(struct msd_request *rq, struct msd_buf *out,
			   const char *why)
{
	msd_put_lit(out, "-ERR Protocol error: ");
	msd_put_str(out, why);
	msd_put_lit(out, "\r\n");
	rq->close = true;
	return MSD_ASK_ANSWER;
}

static enum msd_ask no_bulk(struct msd_request *rq, struct msd_buf *out, u8 got)
{
	char why[] = "expected '$', got ' '";

	why[sizeof(why) - 3] = got == '\r' || got == '\n' ? ' ' : got;
	return broken(rq, out, why);
}

/*
 * "$5", CR LF, five bytes, CR LF. MSD_ASK_SILENT: it stands in @arg;
 * MSD_ASK_ANSWER: it was broken, and the error is written.
 */
static enum msd_ask get_bulk(struct msd_request *rq, struct msd_view *in,
			     struct msd_view *arg, struct msd_buf *out)
{
	bool minus;
	u8 type = msd_get8(in);
	int len;

	rq->need = 0;
	rq->until = MSD_UNTIL_ANY;
	if (!msd_view_ok(in))
		return MSD_ASK_MORE;
	if (type != '$')
		return no_bulk(rq, out, type);
	rq->until = MSD_UNTIL_LINE;
	minus = in->len && *in->p == '-';
	len = get_number(in);
	if (len == -1)
		return MSD_ASK_MORE;
	if (minus || len < 0)
		return broken(rq, out, "invalid bulk length");
	rq->until = MSD_UNTIL_ANY;
	rq->need = rq->in.len - in->len + len + 2;
	*arg = msd_sub(in, len);
	msd_skip(in, 2);
	return msd_view_ok(in) ? MSD_ASK_SILENT : MSD_ASK_MORE;
}

/* As get_bulk(); with @c->n 0 there is nothing to do. */
static enum msd_ask get_array(struct msd_request *rq, struct msd_view *in,
			      struct msd_redis_command *c, struct msd_buf *out)
{
	bool first = in->p == rq->in.p;
	struct msd_view arg;
	enum msd_ask ask;
	int n, i;

	rq->until = MSD_UNTIL_LINE;
	msd_skip(in, 1);
	n = get_number(in);
	if (n == -1)
		return MSD_ASK_MORE;
	/* A first line that no client would send may be anybody's. */
	if (n == -2 && first)
		return MSD_ASK_NOT_MINE;
	if (n < 0 || n > ARGS_MAX)
		return broken(rq, out, "invalid multibulk length");
	for (i = 0; i < n; i++) {
		ask = get_bulk(rq, in, &arg, out);
		if (ask != MSD_ASK_SILENT)
			return ask;
		if (i < MSD_REDIS_ARGS)
			c->arg[i] = arg;
	}
	c->n = n;
	return MSD_ASK_SILENT;
}

/* One word of a line, in quotes or not; false when there is none. */
static bool take_word(struct msd_view *line, struct msd_view *word)
{
	int end;
	u8 quote;

	while (line->len && *line->p == ' ')
		msd_skip(line, 1);
	if (!line->len)
		return false;
	quote = *line->p == '"' || *line->p == '\'' ? *line->p : ' ';
	if (quote != ' ')
		msd_skip(line, 1);
	end = msd_find(line, quote);
	*word = msd_sub(line, end < 0 ? line->len : (u32)end);
	if (quote == ' ' || end >= 0)
		msd_skip(line, line->len ? 1 : 0);
	else
		word->bad = true;
	return true;
}

/* SIP, HTTP and RTSP have a version at the end of their first line. */
static bool others_line(const struct msd_view *line)
{
	static const char *const ends[] = {
		" SIP/2.0", " HTTP/1.0", " HTTP/1.1", " RTSP/1.0",
	};
	u32 i, j, n;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		n = strlen(ends[i]);
		if (line->len < n)
			continue;
		for (j = 0; j < n; j++) {
			u8 c = line->p[line->len - n + j];

			if ((c >= 'a' && c <= 'z' ? c - 0x20 : c) != ends[i][j])
				break;
		}
		if (j == n)
			return true;
	}
	return false;
}

static enum msd_ask get_inline(struct msd_request *rq, struct msd_view *in,
			       struct msd_redis_command *c, struct msd_buf *out)
{
	int lf = msd_find(in, '\n');
	bool first = in->p == rq->in.p, unbalanced = false;
	struct msd_view line, word;

	rq->need = 0;
	rq->until = MSD_UNTIL_LINE;
	if (lf < 0)
		return in->len > INLINE_MAX ? MSD_ASK_NOT_MINE : MSD_ASK_MORE;
	line = msd_sub(in, lf);
	msd_skip(in, 1);
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	if (first && others_line(&line))
		return MSD_ASK_NOT_MINE;
	for (c->n = 0; take_word(&line, &word); c->n++) {
		unbalanced |= word.bad;
		if (c->n < MSD_REDIS_ARGS)
			c->arg[c->n] = word;
	}
	if (first && !msd_redis_inline(c))
		return MSD_ASK_NOT_MINE;
	return unbalanced ? broken(rq, out, "unbalanced quotes in request") :
			    MSD_ASK_SILENT;
}

/* Take one command and write its reply, if it has one. */
static enum msd_ask command(struct msd_request *rq, struct msd_view *in,
			    struct msd_buf *out)
{
	struct msd_redis_command c = {};
	enum msd_ask ask = *in->p == '*' ? get_array(rq, in, &c, out) :
					   get_inline(rq, in, &c, out);

	if (ask != MSD_ASK_SILENT || !c.n)
		return ask;
	if (msd_redis_is(&c.arg[0], "POST") || msd_redis_is(&c.arg[0], "HOST:")) {
		rq->close = true;
		return MSD_ASK_SILENT;
	}
	msd_redis_reply(rq, &c, out);
	return MSD_ASK_ANSWER;
}

/* All commands of the segment. What has no room any more goes unanswered. */
static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u32 start = out->len, n = 0;
	struct msd_buf fits;
	enum msd_ask ask;

	do {
		fits = *out;
		ask = command(rq, &in, out);
		n += ask == MSD_ASK_ANSWER;
	} while ((ask == MSD_ASK_ANSWER || ask == MSD_ASK_SILENT) && in.len &&
		 !rq->close && !out->over && n < COMMANDS_MAX);
	if (out->over && fits.len > start)
		*out = fits;
	/* What was replied to does not wait for the rest for ever. */
	if (n)
		rq->need = min_t(u32, rq->need, WAIT_MAX + 1);
	if (n && (ask == MSD_ASK_SILENT ||
		  (ask == MSD_ASK_MORE && rq->in.len > WAIT_MAX)))
		return MSD_ASK_ANSWER;
	return ask;
}

const struct msd_responder msd_redis = {
	.name = "redis",
	.source = "Redis serialization protocol (RESP2)",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
