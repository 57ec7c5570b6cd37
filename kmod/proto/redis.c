// SPDX-License-Identifier: GPL-2.0-only
/*
 * Redis server without data (redis.io, "Redis serialization protocol").
 *
 *	command				reply
 *	PING				+PONG, or the argument
 *	INFO				a short server section
 *	AUTH				-ERR, no password is set
 *	CONFIG GET			empty array
 *	CONFIG, SELECT, CLIENT, SET,
 *	  FLUSHALL, FLUSHDB, SAVE	+OK
 *	GET				no such key
 *	COMMAND, KEYS, DBSIZE		nothing
 *	QUIT				+OK, end
 *	any other			-ERR unknown command
 *
 * Commands come as an array of bulk strings, or inline: words on a line that
 * begins with one of the commands above. The first command of a segment draws
 * a reply; commands sent behind it before the reply was read do not.
 */
#include <linux/kernel.h>
#include "proto.h"

/* Arguments we look at; an array may have more. */
#define ARGS 3
#define ARGS_MAX 1024
#define BULK_MAX 65536
#define INLINE_MAX 1024
/* How much of an unknown command is quoted. */
#define QUOTE_MAX 128

#define VERSION "5.0.14"

/**
 * struct command - a command and its first arguments
 * @n: number of words
 * @arg: the first ARGS of them
 */
struct command {
	u32 n;
	struct msd_view arg[ARGS];
};

/* What matches in any case: bit 5 of a letter does not count. */
#define NOCASE4 "\xdf\xdf\xdf\xdf"
#define NOCASE6 NOCASE4 "\xdf\xdf"

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("*"),
	MSD_PATTERN_MASK("PING", NOCASE4),
	MSD_PATTERN_MASK("INFO", NOCASE4),
	MSD_PATTERN_MASK("AUTH ", NOCASE4 "\xff"),
	MSD_PATTERN_MASK("QUIT", NOCASE4),
	MSD_PATTERN_MASK("CONFIG ", NOCASE6 "\xff"),
	MSD_PATTERN_MASK("SELECT ", NOCASE6 "\xff"),
};

static bool is_word(const struct msd_view *v, const char *word)
{
	u32 i;

	for (i = 0; i < v->len && word[i]; i++)
		if ((v->p[i] & 0xdf) != word[i])
			return false;
	return i == v->len && !word[i];
}

/* A number and CR LF; -1: more bytes are needed, -2: not a number. */
static int get_number(struct msd_view *in)
{
	u32 val = 0, digits = 0;
	u8 c;

	while ((c = msd_get8(in)) >= '0' && c <= '9' && digits++ < 6)
		val = val * 10 + c - '0';
	if (c == '\r')
		c = msd_get8(in);
	if (!msd_view_ok(in))
		return -1;
	return c == '\n' && digits ? (int)val : -2;
}

/* "$5", CR LF, five bytes, CR LF. */
static enum msd_ask get_bulk(struct msd_view *in, struct msd_view *arg)
{
	u8 type = msd_get8(in);
	int len;

	if (!msd_view_ok(in))
		return MSD_ASK_MORE;
	if (type != '$')
		return MSD_ASK_NOT_MINE;
	len = get_number(in);
	if (len == -1)
		return MSD_ASK_MORE;
	if (len < 0 || len > BULK_MAX)
		return MSD_ASK_NOT_MINE;
	*arg = msd_sub(in, len);
	msd_skip(in, 2);
	return msd_view_ok(in) ? MSD_ASK_ANSWER : MSD_ASK_MORE;
}

static enum msd_ask get_array(struct msd_view *in, struct command *c)
{
	struct msd_view arg;
	enum msd_ask ask;
	int n, i;

	msd_skip(in, 1);
	n = get_number(in);
	if (n == -1)
		return MSD_ASK_MORE;
	if (n < 0 || n > ARGS_MAX)
		return MSD_ASK_NOT_MINE;
	for (i = 0; i < n; i++) {
		ask = get_bulk(in, &arg);
		if (ask != MSD_ASK_ANSWER)
			return ask;
		if (i < ARGS)
			c->arg[i] = arg;
	}
	c->n = n;
	return n ? MSD_ASK_ANSWER : MSD_ASK_SILENT;
}

/* One word of a line; false when there is none. */
static bool take_word(struct msd_view *line, struct msd_view *word)
{
	int blank;

	while (line->len && *line->p == ' ')
		msd_skip(line, 1);
	if (!line->len)
		return false;
	blank = msd_find(line, ' ');
	*word = msd_sub(line, blank < 0 ? line->len : (u32)blank);
	return true;
}

static enum msd_ask get_inline(struct msd_view *in, struct command *c)
{
	int lf = msd_find(in, '\n');
	struct msd_view line, word;

	if (lf < 0)
		return in->len > INLINE_MAX ? MSD_ASK_NOT_MINE : MSD_ASK_MORE;
	line = msd_sub(in, lf);
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	for (c->n = 0; take_word(&line, &word); c->n++)
		if (c->n < ARGS)
			c->arg[c->n] = word;
	return MSD_ASK_ANSWER;
}

static void put_bulk(struct msd_buf *out, const void *p, u32 len)
{
	msd_put8(out, '$');
	msd_put_dec(out, len, 1);
	msd_put_lit(out, "\r\n");
	msd_put_bytes(out, p, len);
	msd_put_lit(out, "\r\n");
}

static void put_info(struct msd_buf *out)
{
	static const char info[] =
		"# Server\r\n"
		"redis_version:" VERSION "\r\n"
		"redis_mode:standalone\r\n"
		"os:Linux 5.10.0-28-amd64 x86_64\r\n"
		"arch_bits:64\r\n"
		"tcp_port:6379\r\n";

	put_bulk(out, info, sizeof(info) - 1);
}

/* A command nobody knows, quoted as far as it can be printed. */
static void put_unknown(struct msd_buf *out, struct msd_view word)
{
	msd_put_lit(out, "-ERR unknown command `");
	msd_trim(&word, QUOTE_MAX);
	while (word.len) {
		u8 c = msd_get8(&word);

		msd_put8(out, c >= ' ' && c < 0x7f ? c : '?');
	}
	msd_put_lit(out, "`, with args beginning with: \r\n");
}

static void put_pong(struct msd_buf *out, const struct command *c)
{
	if (c->n > 1 && c->arg[1].len <= QUOTE_MAX)
		put_bulk(out, c->arg[1].p, c->arg[1].len);
	else
		msd_put_lit(out, "+PONG\r\n");
}

/**
 * struct fixed - a command with a reply that never changes
 * @word: the command
 * @reply: the reply
 */
struct fixed {
	const char *word;
	const char *reply;
};

static const struct fixed fixed[] = {
	{ "AUTH", "-ERR Client sent AUTH, but no password is set\r\n" },
	{ "GET", "$-1\r\n" },
	{ "COMMAND", "*0\r\n" },
	{ "KEYS", "*0\r\n" },
	{ "DBSIZE", ":0\r\n" },
	{ "CONFIG", "+OK\r\n" },
	{ "SELECT", "+OK\r\n" },
	{ "CLIENT", "+OK\r\n" },
	{ "SET", "+OK\r\n" },
	{ "FLUSHALL", "+OK\r\n" },
	{ "FLUSHDB", "+OK\r\n" },
	{ "SAVE", "+OK\r\n" },
	{ "QUIT", "+OK\r\n" },
};

static void put_reply(struct msd_buf *out, const struct command *c)
{
	const struct msd_view *word = &c->arg[0];
	u32 i;

	if (is_word(word, "PING"))
		return put_pong(out, c);
	if (is_word(word, "INFO"))
		return put_info(out);
	if (is_word(word, "CONFIG") && c->n > 1 && is_word(&c->arg[1], "GET"))
		return msd_put_lit(out, "*0\r\n");
	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		if (is_word(word, fixed[i].word))
			return msd_put_str(out, fixed[i].reply);
	put_unknown(out, *word);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	struct command c = {};
	bool array = *in.p == '*';
	enum msd_ask ask = array ? get_array(&in, &c) : get_inline(&in, &c);

	if (ask != MSD_ASK_ANSWER)
		return ask;
	put_reply(out, &c);
	rq->close = is_word(&c.arg[0], "QUIT");
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_redis = {
	.name = "redis",
	.source = "Redis serialization protocol (RESP2)",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
