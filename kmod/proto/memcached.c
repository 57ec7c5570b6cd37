// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcached that forgets at once (memcached, doc/protocol.txt and
 * doc/protocol-binary.txt). TCP only: over UDP it was the worst amplifier ever.
 *
 *	text				binary		reply
 *	version				0x0b		version
 *	stats				0x10		statistics
 *	get, gets			0x00, 0x09	a miss
 *	set, add			0x01, 0x02	stored
 *	replace, append, prepend			not stored
 *	cas, delete, incr, decr, touch	0x03 to 0x06	not found
 *	flush_all, verbosity		0x08		done
 *	quit behind another		0x07 quit	none, end
 *	other lines			others		error
 *
 * A first line of text is taken only when its words are those of a command of
 * memcached; what follows it in the segment is memcached's anyhow.
 */
#include <linux/kernel.h>
#include "keyed.h"

#define VERSION "1.6.18"
#define TEXT_MAX 2048
#define ITEM_MAX (1024 * 1024)
#define KEY_MAX 250
#define WORDS 8
/* Commands of one segment that are replied to. */
#define COMMANDS_MAX 64
#define SALT_UP 0x6d656d63

#define MAGIC_REQUEST 0x80
#define MAGIC_REPLY 0x81
#define HEADER_LEN 24
#define BODY_MAX (1024 * 1024)

#define OP_GET 0x00
#define OP_SET 0x01
#define OP_ADD 0x02
#define OP_REPLACE 0x03
#define OP_DELETE 0x04
#define OP_INCREMENT 0x05
#define OP_DECREMENT 0x06
#define OP_QUIT 0x07
#define OP_FLUSH 0x08
#define OP_GETQ 0x09
#define OP_NOOP 0x0a
#define OP_VERSION 0x0b
#define OP_STAT 0x10

#define STATUS_MISS 0x0001
#define STATUS_UNKNOWN 0x0081

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("version"),
	MSD_PATTERN("stats"),
	MSD_PATTERN("get "),
	MSD_PATTERN("gets "),
	MSD_PATTERN("set "),
	MSD_PATTERN("add "),
	MSD_PATTERN("cas "),
	MSD_PATTERN("replace "),
	MSD_PATTERN("append "),
	MSD_PATTERN("prepend "),
	MSD_PATTERN("delete "),
	MSD_PATTERN("incr "),
	MSD_PATTERN("decr "),
	MSD_PATTERN("touch "),
	MSD_PATTERN("flush_all"),
	MSD_PATTERN("verbosity "),
	MSD_PATTERN_MASK("\x80\0\0\0\0\0\0\0", "\xff\0\0\0\0\xff\xff\xff"),
};

/**
 * struct statistic - one line of the statistics
 * @name: its name
 * @value: its value; NULL: made on demand
 */
struct statistic {
	const char *name;
	const char *value;
};

static const struct statistic stats[] = {
	{ "pid", NULL }, { "uptime", NULL }, { "time", NULL },
	{ "version", VERSION },
	{ "libevent", "2.1.12-stable" },
	{ "pointer_size", "64" },
	{ "max_connections", "1024" },
	{ "curr_connections", "2" },
	{ "total_connections", "4" },
	{ "rejected_connections", "0" },
	{ "connection_structures", "3" },
	{ "cmd_get", "0" }, { "cmd_set", "0" }, { "cmd_flush", "0" },
	{ "cmd_touch", "0" },
	{ "get_hits", "0" }, { "get_misses", "0" },
	{ "delete_misses", "0" }, { "delete_hits", "0" },
	{ "bytes_read", "7" },
	{ "bytes_written", "0" },
	{ "limit_maxbytes", "67108864" },
	{ "accepting_conns", "1" },
	{ "threads", "4" },
	{ "bytes", "0" },
	{ "curr_items", "0" }, { "total_items", "0" }, { "evictions", "0" },
};

/* Value of a statistic in @text. */
static struct msd_view value(const struct msd_request *rq, u32 i, u8 *text,
			     u32 size)
{
	struct msd_buf b = msd_buf(text, size);

	if (stats[i].value)
		return msd_view(stats[i].value, strlen(stats[i].value));
	if (i == 0)
		msd_put_dec(&b, 300 + msd_keyed(rq, SALT_UP) % 700, 1);
	else if (i == 1)
		msd_put_dec(&b, msd_uptime(rq, SALT_UP), 1);
	else
		msd_put_dec(&b, rq->ctx->now, 1);
	return msd_view(text, b.len);
}

static void put_stats_text(const struct msd_request *rq, struct msd_buf *out)
{
	u8 text[16];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(stats); i++) {
		struct msd_view v = value(rq, i, text, sizeof(text));

		msd_put_lit(out, "STAT ");
		msd_put_str(out, stats[i].name);
		msd_put8(out, ' ');
		msd_put_bytes(out, v.p, v.len);
		msd_put_lit(out, "\r\n");
	}
	msd_put_lit(out, "END\r\n");
}

/**
 * struct line - the words of a line
 * @n: how many there are
 * @word: the first of them
 */
struct line {
	u32 n;
	struct msd_view word[WORDS];
};

static struct line split(struct msd_view v)
{
	struct line l = { 0 };

	while (v.len) {
		int blank = msd_find(&v, ' ');
		struct msd_view word = msd_sub(&v, blank < 0 ? v.len :
							       (u32)blank);

		if (blank >= 0)
			msd_skip(&v, 1);
		if (!word.len)
			continue;
		if (l.n < WORDS)
			l.word[l.n] = word;
		l.n++;
	}
	return l;
}

static bool is(const struct line *l, u32 i, const char *word)
{
	u32 n = strlen(word);

	return i < l->n && i < WORDS && l->word[i].len == n &&
	       !memcmp(l->word[i].p, word, n);
}

static bool is_key(const struct msd_view *v)
{
	return v->len <= KEY_MAX;
}

/* A decimal number of at most ten digits; times may be negative. */
static bool number(struct msd_view v, u32 *val)
{
	bool ok;

	if (v.len > 1 && *v.p == '-')
		msd_skip(&v, 1);
	ok = v.len && v.len <= 10;
	for (*val = 0; ok && v.len;) {
		u8 c = msd_get8(&v);

		ok = c >= '0' && c <= '9';
		*val = *val * 10 + c - '0';
	}
	return ok;
}

/**
 * struct verb - a command in text
 * @name: its name
 * @least: number of words, at least
 * @most: likewise, at most; noreply is one of them
 * @data: it is followed by a block of data
 * @reply: what it draws; NULL: statistics
 */
struct verb {
	const char *name;
	u8 least;
	u8 most;
	bool data;
	const char *reply;
};

static const struct verb verbs[] = {
	{ "version", 1, 1, false, "VERSION " VERSION "\r\n" },
	{ "stats", 1, 3, false, NULL },
	{ "get", 2, 255, false, "END\r\n" },
	{ "gets", 2, 255, false, "END\r\n" },
	{ "set", 5, 6, true, "STORED\r\n" },
	{ "add", 5, 6, true, "STORED\r\n" },
	{ "replace", 5, 6, true, "NOT_STORED\r\n" },
	{ "append", 5, 6, true, "NOT_STORED\r\n" },
	{ "prepend", 5, 6, true, "NOT_STORED\r\n" },
	{ "cas", 6, 7, true, "NOT_FOUND\r\n" },
	{ "delete", 2, 4, false, "NOT_FOUND\r\n" },
	{ "incr", 3, 4, false, "NOT_FOUND\r\n" },
	{ "decr", 3, 4, false, "NOT_FOUND\r\n" },
	{ "touch", 3, 4, false, "NOT_FOUND\r\n" },
	{ "flush_all", 1, 3, false, "OK\r\n" },
	{ "verbosity", 2, 3, false, "OK\r\n" },
};

static const struct verb *find(const struct line *l)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (l->n && *l->word[0].p == *verbs[i].name &&
		    is(l, 0, verbs[i].name))
			return &verbs[i];
	return NULL;
}

/* Flags, expiry and size of what is to be stored are numbers. */
static bool storage_ok(const struct line *l, u32 *size)
{
	u32 flags, expiry;

	return is_key(&l->word[1]) && number(l->word[2], &flags) &&
	       number(l->word[3], &expiry) && number(l->word[4], size) &&
	       *l->word[4].p != '-';
}

static bool noreply(const struct line *l)
{
	return l->n > 1 && is(l, l->n - 1, "noreply");
}

/* Is a first line certainly a command of memcached? */
static bool certain(const struct verb *v, const struct line *l)
{
	struct msd_view last;
	u32 val;

	if (!v || l->n < v->least || l->n > v->most)
		return false;
	if (v->data)
		return storage_ok(l, &val);
	last = l->word[min_t(u32, l->n, WORDS) - 1];
	/* HTTP, SIP and RTSP end their first lines in a version. */
	if (last.len > 4 && msd_find(&last, '/') >= 0 && last.p[last.len - 2] == '.')
		return false;
	if (is(l, 0, "incr") || is(l, 0, "decr") || is(l, 0, "touch"))
		return number(l->word[2], &val);
	if (is(l, 0, "verbosity"))
		return number(l->word[1], &val);
	return true;
}

static void put_line(const struct msd_request *rq, const struct verb *v,
		     const struct line *l, struct msd_buf *out)
{
	u32 i;

	if (noreply(l))
		return;
	for (i = 1; !v->data && i < l->n && i < WORDS; i++)
		if (!is_key(&l->word[i]))
			return msd_put_lit(out, "CLIENT_ERROR bad command line format\r\n");
	if (v->reply)
		msd_put_str(out, v->reply);
	else if (l->n == 1)
		put_stats_text(rq, out);
	else if (is(l, 1, "items") || is(l, 1, "sizes") || is(l, 1, "conns"))
		msd_put_lit(out, "END\r\n");
	else if (is(l, 1, "slabs"))
		msd_put_lit(out, "STAT active_slabs 0\r\nSTAT total_malloced 0\r\nEND\r\n");
	else
		msd_put_lit(out, "ERROR\r\n");
}

/* The block of data behind a storage command, and its CR LF. */
static enum msd_ask store(struct msd_request *rq, struct msd_view *in,
			  const struct verb *v, const struct line *l,
			  struct msd_buf *out)
{
	u32 size;

	if (!storage_ok(l, &size)) {
		msd_put_lit(out, "CLIENT_ERROR bad command line format\r\n");
		return MSD_ASK_ANSWER;
	}
	if (size > ITEM_MAX) {
		msd_put_lit(out, "SERVER_ERROR object too large for cache\r\n");
		msd_skip(in, in->len);
		return MSD_ASK_ANSWER;
	}
	rq->need = rq->in.len - in->len + size + 2;
	if (in->len < size + 2)
		return MSD_ASK_MORE;
	msd_skip(in, size);
	if (!msd_starts(in, "\r\n", 2)) {
		msd_skip(in, 2);
		msd_put_lit(out, "CLIENT_ERROR bad data chunk\r\n");
		return MSD_ASK_ANSWER;
	}
	msd_skip(in, 2);
	if (!noreply(l))
		msd_put_str(out, v->reply);
	return MSD_ASK_ANSWER;
}

/* One command; @first: nothing of the segment was ours before it. */
static enum msd_ask line(struct msd_request *rq, struct msd_view *in,
			 bool first, struct msd_buf *out)
{
	int lf = msd_find(in, '\n');
	const struct verb *v;
	struct msd_view text;
	struct line l;

	rq->until = lf < 0 ? MSD_UNTIL_LINE : MSD_UNTIL_ANY;
	if (lf < 0)
		return in->len > TEXT_MAX ? MSD_ASK_NOT_MINE : MSD_ASK_MORE;
	text = msd_sub(in, lf);
	msd_skip(in, 1);
	if (text.len && text.p[text.len - 1] == '\r')
		text.len--;
	l = split(text);
	v = find(&l);
	if (first && !certain(v, &l))
		return MSD_ASK_NOT_MINE;
	if (is(&l, 0, "quit") || is(&l, 0, "GET") || is(&l, 0, "POST")) {
		rq->close = true;
		return MSD_ASK_SILENT;
	}
	if (v && v->data && l.n >= v->least)
		return store(rq, in, v, &l, out);
	if (!v || l.n < v->least || l.n > v->most)
		msd_put_lit(out, "ERROR\r\n");
	else
		put_line(rq, v, &l, out);
	return MSD_ASK_ANSWER;
}

/* All commands of the segment. What has no room any more goes unanswered. */
static enum msd_ask text(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u32 start = out->len, n = 0;
	struct msd_buf fits;
	enum msd_ask ask;

	do {
		fits = *out;
		ask = line(rq, &in, !n++, out);
	} while (ask == MSD_ASK_ANSWER && in.len && !out->over &&
		 n < COMMANDS_MAX);
	if (out->over && fits.len > start)
		*out = fits;
	/* What was replied to does not wait for the rest for ever. */
	if (out->len > start)
		rq->need = min_t(u32, rq->need, TEXT_MAX + 1);
	if (out->len > start && (ask == MSD_ASK_SILENT ||
				 (ask == MSD_ASK_MORE && rq->in.len > TEXT_MAX)))
		return MSD_ASK_ANSWER;
	return ask == MSD_ASK_ANSWER && out->len == start ? MSD_ASK_SILENT : ask;
}

static void put_packet(struct msd_buf *out, u8 op, u16 status, u32 opaque,
		       const char *key, struct msd_view val)
{
	u32 klen = strlen(key), vlen = val.len;

	msd_put8(out, MAGIC_REPLY);
	msd_put8(out, op);
	msd_put_be16(out, klen);
	msd_put_be16(out, 0);
	msd_put_be16(out, status);
	msd_put_be32(out, klen + vlen);
	msd_put_be32(out, opaque);
	msd_put_zero(out, 8);
	msd_put_bytes(out, key, klen);
	msd_put_bytes(out, val.p, vlen);
}

static void put_status(struct msd_buf *out, u8 op, u16 status, u32 opaque,
		       const char *text)
{
	put_packet(out, op, status, opaque, "", msd_view(text, strlen(text)));
}

static void put_stats_binary(const struct msd_request *rq, u32 opaque,
			     struct msd_buf *out)
{
	u8 text[16];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(stats); i++)
		put_packet(out, OP_STAT, 0, opaque, stats[i].name,
			   value(rq, i, text, sizeof(text)));
	put_status(out, OP_STAT, 0, opaque, "");
}

static enum msd_ask put_binary(struct msd_request *rq, u8 op, u32 opaque,
			       struct msd_buf *out)
{
	switch (op) {
	case OP_GETQ:
		return MSD_ASK_SILENT;
	case OP_VERSION:
		put_status(out, op, 0, opaque, VERSION);
		break;
	case OP_STAT:
		put_stats_binary(rq, opaque, out);
		break;
	case OP_QUIT:
		rq->close = true;
		fallthrough;
	case OP_NOOP:
	case OP_FLUSH:
	case OP_SET:
	case OP_ADD:
		put_status(out, op, 0, opaque, "");
		break;
	case OP_GET:
	case OP_REPLACE:
	case OP_DELETE:
	case OP_INCREMENT:
	case OP_DECREMENT:
		put_status(out, op, STATUS_MISS, opaque, "Not found");
		break;
	default:
		put_status(out, op, STATUS_UNKNOWN, opaque, "Unknown command");
	}
	return MSD_ASK_ANSWER;
}

static enum msd_ask binary(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view in = rq->in;
	u16 klen;
	u32 body, opaque;
	u8 op, extras;

	msd_skip(&in, 1);
	op = msd_get8(&in);
	klen = msd_get_be16(&in);
	extras = msd_get8(&in);
	msd_skip(&in, 3);
	body = msd_get_be32(&in);
	opaque = msd_get_be32(&in);
	msd_skip(&in, 8);
	rq->need = HEADER_LEN;
	if (!msd_view_ok(&in))
		return MSD_ASK_MORE;
	if (body > BODY_MAX || body < (u32)klen + extras)
		return MSD_ASK_NOT_MINE;
	rq->need = HEADER_LEN + body;
	if (in.len < body)
		return MSD_ASK_MORE;
	return put_binary(rq, op, opaque, out);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	return *rq->in.p == MAGIC_REQUEST ? binary(rq, out) : text(rq, out);
}

const struct msd_responder msd_memcached = {
	.name = "memcached",
	.source = "memcached protocol.txt, protocol-binary.txt",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
