// SPDX-License-Identifier: GPL-2.0-only
/* Redis: the commands of version 5.0.14 and what they draw. See redis.c. */
#include <linux/kernel.h>
#include "redis.h"

#define OK "+OK\r\n"
#define NIL "$-1\r\n"
#define NONE "*0\r\n"
#define ZERO ":0\r\n"
#define ONE ":1\r\n"

#define NO_MODULE \
	"-ERR Error unloading module: no such module with that name\r\n"

#define DATABASES 16
#define QUOTE_MAX 128
#define COMMANDS ":200\r\n"

/**
 * struct known - a command the server has
 * @word: its name
 * @words: number of words it takes; negative: at least as many
 * @reply: what it draws; NULL: see special()
 */
struct known {
	const char *word;
	int words;
	const char *reply;
};

static const struct known known[] = {
	{ "PING", -1, NULL }, { "INFO", -1, NULL }, { "CONFIG", -2, NULL },
	{ "CLIENT", -2, NULL }, { "MODULE", -2, NULL }, { "EVAL", -3, NULL },
	{ "SELECT", 2, NULL }, { "ECHO", 2, NULL }, { "TIME", 1, NULL },
	{ "LASTSAVE", 1, NULL }, { "COMMAND", -1, NULL }, { "QUIT", -1, NULL },
	{ "AUTH", 2, "-ERR Client sent AUTH, but no password is set\r\n" },
	{ "GET", 2, NIL }, { "SET", -3, OK }, { "SETNX", 3, ONE },
	{ "SETEX", 4, OK }, { "MSET", -3, OK }, { "DEL", -2, ZERO },
	{ "EXISTS", -2, ZERO }, { "KEYS", 2, NONE }, { "DBSIZE", 1, ZERO },
	{ "SCAN", -2, "*2\r\n$1\r\n0\r\n*0\r\n" }, { "TYPE", 2, "+none\r\n" },
	{ "TTL", 2, ":-2\r\n" }, { "EXPIRE", 3, ZERO }, { "INCR", 2, ONE },
	{ "HSET", -4, ONE }, { "HGET", 3, NIL }, { "HGETALL", 2, NONE },
	{ "LPUSH", -3, ONE }, { "RPUSH", -3, ONE }, { "LRANGE", 4, NONE },
	{ "SADD", -3, ONE }, { "SMEMBERS", 2, NONE }, { "ZADD", -4, ONE },
	{ "RANDOMKEY", 1, NIL }, { "RENAME", 3, "-ERR no such key\r\n" },
	{ "FLUSHALL", -1, OK }, { "FLUSHDB", -1, OK }, { "SAVE", 1, OK },
	{ "BGSAVE", -1, "+Background saving started\r\n" },
	{ "BGREWRITEAOF", 1,
	  "+Background append only file rewriting started\r\n" },
	{ "SLAVEOF", 3, OK }, { "REPLICAOF", 3, OK }, { "REPLCONF", -1, OK },
	{ "ROLE", 1, "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n" },
	{ "MONITOR", 1, OK }, { "MULTI", 1, OK }, { "SLOWLOG", -2, NONE },
	{ "EXEC", 1, "-ERR EXEC without MULTI\r\n" }, { "PUBLISH", 3, ZERO },
	{ "CLUSTER", -2, "-ERR This instance has cluster support disabled\r\n" },
	{ "EVALSHA", -3, "-NOSCRIPT No matching script. Please use EVAL.\r\n" },
};

/**
 * struct setting - what CONFIG GET tells
 * @name: its name
 * @value: its value
 */
struct setting {
	const char *name;
	const char *value;
};

static const struct setting settings[] = {
	{ "dbfilename", "dump.rdb" }, { "requirepass", "" },
	{ "masterauth", "" }, { "logfile", "/var/log/redis/redis-server.log" },
	{ "maxmemory", "0" }, { "timeout", "0" }, { "databases", "16" },
	{ "port", "6379" }, { "maxclients", "10000" },
	{ "protected-mode", "no" }, { "appendonly", "no" },
	{ "slave-read-only", "yes" }, { "rdbcompression", "yes" },
	{ "stop-writes-on-bgsave-error", "yes" },
	{ "save", "900 1 300 10 60 10000" }, { "dir", "/var/lib/redis" },
	{ "bind", "0.0.0.0" },
};

static const struct known *find(const struct msd_redis_command *c)
{
	u8 first = c->arg[0].len ? *c->arg[0].p & 0xdf : 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (*known[i].word == first &&
		    msd_redis_is(&c->arg[0], known[i].word))
			return &known[i];
	return NULL;
}

static bool count_ok(const struct known *k, const struct msd_redis_command *c)
{
	int n = c->n;

	return k->words > 0 ? n == k->words : n >= -k->words;
}

static bool among(const struct msd_view *v, const char *const *words, u32 n)
{
	while (n)
		if (msd_redis_is(v, words[--n]))
			return true;
	return false;
}

/* Digits only, and few enough for a number. */
static bool number(struct msd_view v, u32 *val)
{
	bool ok = v.len && v.len < 9;

	for (*val = 0; ok && v.len;) {
		u8 c = msd_get8(&v);

		ok = c >= '0' && c <= '9';
		*val = *val * 10 + c - '0';
	}
	return ok;
}

static bool is_section(const struct msd_view *v)
{
	static const char *const names[] = {
		"ALL", "DEFAULT", "SERVER", "CLIENTS", "MEMORY", "PERSISTENCE",
		"STATS", "REPLICATION", "CPU", "COMMANDSTATS", "CLUSTER",
		"KEYSPACE",
	};

	return among(v, names, ARRAY_SIZE(names));
}

/* What AUTH takes in FTP, SMTP and POP3. */
static bool is_mechanism(const struct msd_view *v)
{
	static const char *const names[] = {
		"TLS", "TLS-C", "TLS-P", "SSL", "LOGIN", "PLAIN", "CRAM-MD5",
		"DIGEST-MD5", "NTLM", "GSSAPI", "GSS-SPNEGO", "KERBEROS_V4",
		"EXTERNAL", "ANONYMOUS", "XOAUTH", "XOAUTH2", "OAUTHBEARER",
		"SCRAM-SHA-1", "SCRAM-SHA-256", "APOP", "MSN",
	};

	return among(v, names, ARRAY_SIZE(names));
}

static bool is_option(const struct msd_view *v)
{
	static const char *const names[] = { "EX", "PX", "NX", "XX" };

	return among(v, names, ARRAY_SIZE(names));
}

static bool has_subcommand(const struct msd_redis_command *c)
{
	static const char *const names[] = {
		"GET", "SET", "LIST", "LOAD", "UNLOAD", "RESETSTAT", "REWRITE",
		"HELP", "SETNAME", "GETNAME", "KILL", "ID", "PAUSE", "REPLY",
	};

	return among(&c->arg[1], names, ARRAY_SIZE(names));
}

bool msd_redis_inline(const struct msd_redis_command *c)
{
	const struct known *k = c->n ? find(c) : NULL;
	const struct msd_view *w = c->arg;
	u32 val;

	if (!k || !count_ok(k, c))
		return false;
	if (msd_redis_is(w, "INFO"))
		return c->n == 1 || (c->n == 2 && is_section(w + 1));
	if (msd_redis_is(w, "AUTH"))
		return !is_mechanism(w + 1);
	if (msd_redis_is(w, "SELECT"))
		return number(w[1], &val);
	if (msd_redis_is(w, "CONFIG") || msd_redis_is(w, "CLIENT") ||
	    msd_redis_is(w, "MODULE"))
		return has_subcommand(c);
	if (msd_redis_is(w, "FLUSHALL") || msd_redis_is(w, "FLUSHDB"))
		return c->n == 1 || (c->n == 2 && msd_redis_is(w + 1, "ASYNC"));
	if (msd_redis_is(w, "PING"))
		return c->n <= 2;
	if (msd_redis_is(w, "QUIT"))
		return c->n == 1;
	/* With numbers behind the key it is memcached's. */
	if (msd_redis_is(w, "SET"))
		return c->n == 3 || is_option(w + 3);
	return true;
}

static void put_lower(struct msd_buf *out, const char *s)
{
	for (; *s; s++)
		msd_put8(out, *s >= 'A' && *s <= 'Z' ? *s + 0x20 : *s);
}

static void put_wrong_number(struct msd_buf *out, const char *word)
{
	msd_put_lit(out, "-ERR wrong number of arguments for '");
	put_lower(out, word);
	msd_put_lit(out, "' command\r\n");
}

static void put_subcommand_error(struct msd_buf *out, const char *word,
				 struct msd_view sub)
{
	msd_put_lit(out, "-ERR Unknown subcommand or wrong number of arguments for '");
	msd_redis_put_text(out, sub, QUOTE_MAX);
	msd_put_lit(out, "'. Try ");
	msd_put_str(out, word);
	msd_put_lit(out, " HELP.\r\n");
}

static void put_number(struct msd_buf *out, u32 val, u32 width)
{
	u8 digits[10];
	struct msd_buf b = msd_buf(digits, sizeof(digits));

	msd_put_dec(&b, val, width);
	msd_redis_put_bulk(out, digits, b.len);
}

static void put_integer(struct msd_buf *out, u32 val)
{
	msd_put8(out, ':');
	msd_put_dec(out, val, 1);
	msd_put_lit(out, "\r\n");
}

static void put_time(struct msd_buf *out, const struct msd_request *rq)
{
	u64 now = msd_now_fine(rq->ctx);

	msd_put_lit(out, "*2\r\n");
	put_number(out, now >> 32, 1);
	put_number(out, (now & U32_MAX) * 1000000 >> 32, 1);
}

/* Name in any case, or "*". */
static bool setting_is(const struct setting *s, const struct msd_view *v)
{
	u32 i, n = strlen(s->name);

	if (v->len == 1 && *v->p == '*')
		return true;
	if (v->len != n)
		return false;
	for (i = 0; i < n; i++)
		if ((v->p[i] >= 'A' && v->p[i] <= 'Z' ? v->p[i] + 0x20 :
							 v->p[i]) != s->name[i])
			return false;
	return true;
}

static u32 count_settings(const struct msd_view *name)
{
	u32 i, n = 0;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		n += setting_is(&settings[i], name);
	return n;
}

static void put_settings(struct msd_buf *out, const struct msd_view *name)
{
	const struct setting *s = settings;
	u32 i;

	msd_put8(out, '*');
	msd_put_dec(out, 2 * count_settings(name), 1);
	msd_put_lit(out, "\r\n");
	for (i = 0; i < ARRAY_SIZE(settings); i++, s++) {
		if (!setting_is(s, name))
			continue;
		msd_redis_put_bulk(out, s->name, strlen(s->name));
		msd_redis_put_bulk(out, s->value, strlen(s->value));
	}
}

static void put_config(struct msd_buf *out, const struct msd_redis_command *c)
{
	const struct msd_view *sub = &c->arg[1];

	if (msd_redis_is(sub, "GET") && c->n == 3)
		return put_settings(out, &c->arg[2]);
	if (msd_redis_is(sub, "SET") && c->n == 4) {
		if (count_settings(&c->arg[2]))
			return msd_put_lit(out, OK);
		msd_put_lit(out, "-ERR Unsupported CONFIG parameter: ");
		msd_redis_put_text(out, c->arg[2], QUOTE_MAX);
		return msd_put_lit(out, "\r\n");
	}
	if ((msd_redis_is(sub, "RESETSTAT") || msd_redis_is(sub, "REWRITE")) &&
	    c->n == 2)
		return msd_put_lit(out, OK);
	put_subcommand_error(out, "CONFIG", *sub);
}

static void put_clients(struct msd_buf *out, const struct msd_request *rq)
{
	static const char *const rest[] = {
		" fd=8 name= age=0 idle=0 flags=N db=0 sub=0 psub=0 multi=-1",
		" qbuf=26 qbuf-free=32742 obl=0 oll=0 omem=0 events=r cmd=client\n",
	};
	u8 line[256];
	struct msd_buf b = msd_buf(line, sizeof(line));

	msd_put_lit(&b, "id=4 addr=");
	msd_put_addr(&b, rq->flow->family, &rq->flow->saddr);
	msd_put8(&b, ':');
	msd_put_dec(&b, ntohs(rq->flow->sport), 1);
	msd_put_str(&b, rest[0]);
	msd_put_str(&b, rest[1]);
	msd_redis_put_bulk(out, line, b.len);
}

static void put_client(struct msd_buf *out, const struct msd_request *rq,
		       const struct msd_redis_command *c)
{
	const struct msd_view *sub = &c->arg[1];

	if (msd_redis_is(sub, "LIST") && c->n == 2)
		return put_clients(out, rq);
	if (msd_redis_is(sub, "SETNAME") && c->n == 3)
		return msd_put_lit(out, OK);
	if (msd_redis_is(sub, "GETNAME") && c->n == 2)
		return msd_put_lit(out, NIL);
	if (msd_redis_is(sub, "ID") && c->n == 2)
		return msd_put_lit(out, ":4\r\n");
	put_subcommand_error(out, "CLIENT", *sub);
}

static void put_module(struct msd_buf *out, const struct msd_redis_command *c)
{
	const struct msd_view *sub = &c->arg[1];

	if (msd_redis_is(sub, "LIST") && c->n == 2)
		return msd_put_lit(out, NONE);
	if (msd_redis_is(sub, "LOAD") && c->n > 2)
		return msd_put_lit(out, OK);
	if (msd_redis_is(sub, "UNLOAD") && c->n == 3)
		return msd_put_lit(out, NO_MODULE);
	put_subcommand_error(out, "MODULE", *sub);
}

/* "return 1" and nothing that would have to be understood. */
static void put_eval(struct msd_buf *out, const struct msd_redis_command *c)
{
	struct msd_view script = c->arg[1];
	u32 val;

	if (!number(c->arg[2], &val))
		return msd_put_lit(out, "-ERR value is not an integer or out of range\r\n");
	if (msd_starts(&script, "return ", 7)) {
		msd_skip(&script, 7);
		if (number(script, &val))
			return put_integer(out, val);
	}
	msd_put_lit(out, NIL);
}

static void put_select(struct msd_buf *out, const struct msd_redis_command *c)
{
	u32 val;

	if (!number(c->arg[1], &val))
		msd_put_lit(out, "-ERR invalid DB index\r\n");
	else if (val >= DATABASES)
		msd_put_lit(out, "-ERR DB index is out of range\r\n");
	else
		msd_put_lit(out, OK);
}

static void put_ping(struct msd_buf *out, const struct msd_redis_command *c)
{
	if (c->n > 2)
		put_wrong_number(out, "ping");
	else if (c->n == 2)
		msd_redis_put_bulk(out, c->arg[1].p, c->arg[1].len);
	else
		msd_put_lit(out, "+PONG\r\n");
}

static void put_commands(struct msd_buf *out, const struct msd_redis_command *c)
{
	if (c->n == 1)
		msd_put_lit(out, NONE);
	else if (c->n == 2 && msd_redis_is(&c->arg[1], "COUNT"))
		msd_put_lit(out, COMMANDS);
	else
		put_subcommand_error(out, "COMMAND", c->arg[1]);
}

static void put_about(struct msd_buf *out, const struct msd_request *rq,
		      const struct msd_redis_command *c)
{
	if (c->n > 2)
		msd_put_lit(out, "-ERR syntax error\r\n");
	else
		msd_redis_put_info(rq, c->n == 2 ? c->arg[1] : msd_view("", 0), out);
}

/* Commands whose reply depends on more than their name. */
static void special(struct msd_request *rq, const struct msd_redis_command *c,
		    struct msd_buf *out)
{
	const struct msd_view *w = &c->arg[0];

	if (msd_redis_is(w, "PING"))
		put_ping(out, c);
	else if (msd_redis_is(w, "INFO"))
		put_about(out, rq, c);
	else if (msd_redis_is(w, "CONFIG"))
		put_config(out, c);
	else if (msd_redis_is(w, "CLIENT"))
		put_client(out, rq, c);
	else if (msd_redis_is(w, "MODULE"))
		put_module(out, c);
	else if (msd_redis_is(w, "EVAL"))
		put_eval(out, c);
	else if (msd_redis_is(w, "SELECT"))
		put_select(out, c);
	else if (msd_redis_is(w, "ECHO"))
		msd_redis_put_bulk(out, w[1].p, w[1].len);
	else if (msd_redis_is(w, "TIME"))
		put_time(out, rq);
	else if (msd_redis_is(w, "LASTSAVE"))
		put_integer(out, rq->ctx->now);
	else
		put_commands(out, c);
}

void msd_redis_reply(struct msd_request *rq, const struct msd_redis_command *c,
		     struct msd_buf *out)
{
	const struct known *k = find(c);

	if (!k)
		return msd_redis_put_unknown(out, c);
	if (!count_ok(k, c))
		return put_wrong_number(out, k->word);
	rq->close = msd_redis_is(&c->arg[0], "QUIT");
	if (rq->close)
		msd_put_lit(out, OK);
	else if (k->reply)
		msd_put_str(out, k->reply);
	else
		special(rq, c, out);
}
