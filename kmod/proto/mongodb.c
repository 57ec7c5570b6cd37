// SPDX-License-Identifier: GPL-2.0-only
/*
 * MongoDB server that wants its clients to log in (MongoDB documentation,
 * "Wire Protocol"; bsonspec.org).
 *
 *	size	message, all numbers little-endian
 *	4	length of all
 *	4	request id
 *	4	id of the request this replies to; 0 or -1 in a request
 *	4	opcode
 *
 *	OP_MSG		flags, sections (one document, or a sequence of them),
 *			CRC-32C if the flags say so, which is not verified
 *	OP_QUERY	flags, name of a collection, two numbers, one document
 *			or two
 *
 *	command				reply
 *	hello, isMaster			a standalone server, version 4.4
 *	ping, endSessions		ok
 *	buildInfo			version
 *	saslStart, saslContinue,
 *	authenticate			AuthenticationFailed
 *	any other that a server has	Unauthorized
 *	any other			CommandNotFound
 *	query of a collection		Unauthorized, flagged as a failure
 *
 * OP_MSG is replied to by OP_MSG and OP_QUERY by OP_REPLY. A message that says
 * that more will come wants no reply, and replies get none: what OP_MSG replies
 * to may be request 0, so documents of ours begin with "ok", which is no
 * command. Other opcodes are history. A message above MESSAGE_MAX is refused.
 */
#include <linux/kernel.h>
#include "../core/flow.h"
#include "proto.h"

/* What can be kept whole while it arrives; a command is shorter by far. */
#define MESSAGE_MAX MSD_FLOW_BYTES

#define HEADER_LEN 16
#define OP_REPLY 1
#define OP_QUERY 2004
#define OP_MSG 2013

/* Flags of OP_MSG; unknown ones among the lower 16 forbid the message. */
#define CHECKSUM_PRESENT 0x00000001
#define MORE_TO_COME 0x00000002
#define MUST_KNOW 0x0000fffc
#define CHECKSUM_LEN 4

#define SECTION_BODY 0
#define SECTION_SEQUENCE 1

/* Flags of OP_REPLY */
#define QUERY_FAILURE 2
#define AWAIT_CAPABLE 8

#define BSON_DOUBLE 0x01
#define BSON_STRING 0x02
#define BSON_ARRAY 0x04
#define BSON_BOOL 0x08
#define BSON_DATE 0x09
#define BSON_INT32 0x10
#define BSON_MIN 5

#define DOUBLE_ONE 0x3ff0000000000000ULL

#define CODE_UNAUTHORIZED 13
#define CODE_AUTH_FAILED 18
#define CODE_NOT_FOUND 59

#define VERSION "4.4.29"
#define MAX_WIRE_VERSION 9

/* How much of a name is quoted. */
#define QUOTE_MAX 64

/* Length below 4096, any ids, one of two opcodes. */
#define ANY_LEN_IDS "\0\0\0\0\0\0\0\0\0\0\0\0"
#define LEN_IDS_MASK "\0\xf0\xff\xff\0\0\0\0\0\0\0\0"

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK(ANY_LEN_IDS "\xd4\x07\0\0",
			 LEN_IDS_MASK "\xff\xff\xff\xff"),
	MSD_PATTERN_MASK(ANY_LEN_IDS "\xdd\x07\0\0",
			 LEN_IDS_MASK "\xff\xff\xff\xff"),
};

/**
 * struct command - a request
 * @id: request id
 * @msg: it is OP_MSG
 * @silent: it wants no reply
 * @query: it is a query of a collection, not a command
 * @db: OP_QUERY: name of the database
 * @type: type of the first element
 * @name: name of the first element, which is the command's
 * @value: first element's value, and what follows
 */
struct command {
	u32 id;
	bool msg;
	bool silent;
	bool query;
	struct msd_view db;
	u8 type;
	struct msd_view name;
	struct msd_view value;
};

static bool is(const struct command *c, const char *name)
{
	return c->name.len == strlen(name) &&
	       !memcmp(c->name.p, name, c->name.len);
}

/* Take a string and its NUL. */
static struct msd_view take_cstring(struct msd_view *v)
{
	int nul = msd_find(v, 0);
	struct msd_view s = msd_sub(v, nul < 0 ? v->len + 1 : (u32)nul);

	msd_skip(v, 1);
	return s;
}

/* Take a document without its length and its closing NUL. */
static struct msd_view take_document(struct msd_view *v)
{
	u32 len = msd_get_le32(v);
	struct msd_view doc = msd_sub(v, len < BSON_MIN ? v->len + 1 : len - 4);

	if (msd_view_ok(&doc) && doc.p[--doc.len])
		msd_skip(v, v->len + 1);
	return doc;
}

/* The first element of a document names the command. */
static bool take_command(struct msd_view doc, struct command *c)
{
	c->type = msd_get8(&doc);
	c->name = take_cstring(&doc);
	c->value = doc;
	return msd_view_ok(&doc) && c->name.len;
}

static bool skip_sequence(struct msd_view *v)
{
	u32 len = msd_get_le32(v);
	struct msd_view seq = msd_sub(v, len < 4 ? v->len + 1 : len - 4);

	take_cstring(&seq);
	while (seq.len)
		take_document(&seq);
	return msd_view_ok(&seq) && msd_view_ok(v);
}

/* Sections: one body, and any number of sequences. */
static bool take_sections(struct msd_view v, struct command *c)
{
	bool body = false;

	while (v.len) {
		u8 kind = msd_get8(&v);

		if (kind == SECTION_SEQUENCE) {
			if (!skip_sequence(&v))
				return false;
			continue;
		}
		if (kind != SECTION_BODY || body ||
		    !take_command(take_document(&v), c))
			return false;
		body = true;
	}
	return body && msd_view_ok(&v);
}

static bool take_msg(struct msd_view v, struct command *c)
{
	u32 flags = msd_get_le32(&v);

	c->msg = true;
	c->silent = flags & MORE_TO_COME;
	if (flags & MUST_KNOW)
		return false;
	if (flags & CHECKSUM_PRESENT) {
		if (v.len < CHECKSUM_LEN)
			return false;
		v.len -= CHECKSUM_LEN;
	}
	return take_sections(v, c);
}

static bool take_query(struct msd_view v, struct command *c)
{
	struct msd_view name, doc;
	int dot;

	msd_skip(&v, 4);
	name = take_cstring(&v);
	dot = msd_find(&name, '.');
	if (dot < 1)
		return false;
	c->db = msd_sub(&name, dot);
	c->query = name.len != 5 || !msd_starts(&name, ".$cmd", 5);
	msd_skip(&v, 8);
	doc = take_document(&v);
	if (v.len)
		take_document(&v);
	if (!msd_view_ok(&v) || v.len)
		return false;
	return c->query || take_command(doc, c);
}

static enum msd_ask take_message(struct msd_request *rq, struct command *c)
{
	struct msd_view in = rq->in, body;
	u32 len = msd_get_le32(&in), to, opcode;

	c->id = msd_get_le32(&in);
	to = msd_get_le32(&in);
	opcode = msd_get_le32(&in);
	if (len < HEADER_LEN || len > MESSAGE_MAX)
		return MSD_ASK_NOT_MINE;
	rq->need = len;
	body = msd_sub(&in, len - HEADER_LEN);
	if (!msd_view_ok(&body))
		return MSD_ASK_MORE;
	if (!(opcode == OP_MSG ? take_msg(body, c) : take_query(body, c)))
		return MSD_ASK_NOT_MINE;
	if (c->silent || (to && to != U32_MAX) || is(c, "ok"))
		return MSD_ASK_SILENT;
	return MSD_ASK_ANSWER;
}

/* An element of the document being written: type and name. */
static void put_key(struct msd_buf *out, u8 type, const char *key)
{
	msd_put8(out, type);
	msd_put_bytes(out, key, strlen(key) + 1);
}

static void put_int(struct msd_buf *out, const char *key, u32 val)
{
	put_key(out, BSON_INT32, key);
	msd_put_le32(out, val);
}

static void put_bool(struct msd_buf *out, const char *key, bool val)
{
	put_key(out, BSON_BOOL, key);
	msd_put8(out, val);
}

static void put_string(struct msd_buf *out, const char *key, const char *val)
{
	put_key(out, BSON_STRING, key);
	msd_put_le32(out, strlen(val) + 1);
	msd_put_bytes(out, val, strlen(val) + 1);
}

static void put_ok(struct msd_buf *out, bool ok)
{
	put_key(out, BSON_DOUBLE, "ok");
	msd_put_le64(out, ok ? DOUBLE_ONE : 0);
}

/* Documents begin with their length, which is known at their end. */
static u32 begin(struct msd_buf *out)
{
	msd_put_le32(out, 0);
	return out->len - 4;
}

static void end(struct msd_buf *out, u32 start)
{
	msd_put8(out, 0);
	msd_patch_le32(out, start, out->len - start);
}

static void put_hello(struct msd_buf *out, const struct msd_request *rq, bool old)
{
	put_ok(out, true);
	put_bool(out, old ? "ismaster" : "isWritablePrimary", true);
	put_bool(out, "helloOk", true);
	put_int(out, "maxBsonObjectSize", 16777216);
	put_int(out, "maxMessageSizeBytes", 48000000);
	put_int(out, "maxWriteBatchSize", 100000);
	put_key(out, BSON_DATE, "localTime");
	msd_put_le64(out, (msd_now_fine(rq->ctx) >> 16) * 1000 >> 16);
	put_int(out, "logicalSessionTimeoutMinutes", 30);
	put_int(out, "minWireVersion", 0);
	put_int(out, "maxWireVersion", MAX_WIRE_VERSION);
	put_bool(out, "readOnly", false);
}

static void put_build_info(struct msd_buf *out)
{
	u32 array;

	put_ok(out, true);
	put_string(out, "version", VERSION);
	put_key(out, BSON_ARRAY, "versionArray");
	array = begin(out);
	put_int(out, "0", 4);
	put_int(out, "1", 4);
	put_int(out, "2", 29);
	put_int(out, "3", 0);
	end(out, array);
	put_int(out, "bits", 64);
	put_bool(out, "debug", false);
	put_int(out, "maxBsonObjectSize", 16777216);
}

/* A name, as far as it can be printed. */
static void put_quoted(struct msd_buf *out, struct msd_view name)
{
	msd_trim(&name, QUOTE_MAX);
	while (name.len) {
		u8 c = msd_get8(&name);

		msd_put8(out, c >= ' ' && c < 0x7f ? c : '?');
	}
}

/* What servers say: OP_MSG clients are new enough to know that they may log in. */
static void put_unauthorized(struct msd_buf *out, const struct command *c)
{
	struct msd_view value = c->value;

	if (c->msg) {
		msd_put_lit(out, "command ");
		put_quoted(out, c->name);
		msd_put_lit(out, " requires authentication");
		return;
	}
	msd_put_lit(out, "not authorized on ");
	put_quoted(out, c->db);
	if (c->query) {
		msd_put_lit(out, " to execute query");
		return;
	}
	msd_put_lit(out, " to execute command { ");
	put_quoted(out, c->name);
	if (c->type == BSON_DOUBLE && msd_get_le64(&value) == DOUBLE_ONE)
		msd_put_lit(out, ": 1.0 }");
	else
		msd_put_lit(out, ": 1 }");
}

static void put_message(struct msd_buf *out, const struct command *c, u32 code)
{
	switch (code) {
	case CODE_UNAUTHORIZED:
		return put_unauthorized(out, c);
	case CODE_AUTH_FAILED:
		return msd_put_lit(out, "Authentication failed.");
	default:
		msd_put_lit(out, "no such command: '");
		put_quoted(out, c->name);
		msd_put8(out, '\'');
	}
}

static const char *code_name(u32 code)
{
	return code == CODE_UNAUTHORIZED ? "Unauthorized" :
	       code == CODE_AUTH_FAILED ? "AuthenticationFailed" :
					  "CommandNotFound";
}

static void put_error(struct msd_buf *out, const struct command *c, u32 code)
{
	u32 text;

	put_ok(out, false);
	put_key(out, BSON_STRING, c->query ? "$err" : "errmsg");
	text = begin(out);
	put_message(out, c, code);
	msd_put8(out, 0);
	msd_patch_le32(out, text, out->len - text - 4);
	put_int(out, "code", code);
	put_string(out, "codeName", code_name(code));
}

/* Commands that a server has and lets nobody use before logging in. */
static const char *const guarded[] = {
	"aggregate", "collStats", "collstats", "connPoolStats", "count",
	"create", "createIndexes", "currentOp", "dbStats", "dbstats", "delete",
	"distinct", "drop", "dropDatabase", "explain", "find", "findAndModify",
	"fsync", "getCmdLineOpts", "getLog", "getMore", "getParameter",
	"hostInfo", "insert", "killCursors", "killOp", "listCollections",
	"listCommands", "listDatabases", "listIndexes", "replSetGetStatus",
	"rolesInfo", "serverStatus", "setParameter", "shutdown", "top",
	"update", "usersInfo", "validate",
};

static const char *const login[] = {
	"authenticate", "saslContinue", "saslStart",
};

static bool among(const struct command *c, const char *const *names, u32 n)
{
	while (n)
		if (is(c, names[--n]))
			return true;
	return false;
}

static void put_result(struct msd_buf *out, const struct msd_request *rq,
		       const struct command *c)
{
	if (c->query)
		put_error(out, c, CODE_UNAUTHORIZED);
	else if (is(c, "hello"))
		put_hello(out, rq, false);
	else if (is(c, "isMaster") || is(c, "ismaster"))
		put_hello(out, rq, true);
	else if (is(c, "ping") || is(c, "endSessions"))
		put_ok(out, true);
	else if (is(c, "buildInfo") || is(c, "buildinfo"))
		put_build_info(out);
	else if (among(c, login, ARRAY_SIZE(login)))
		put_error(out, c, CODE_AUTH_FAILED);
	else if (among(c, guarded, ARRAY_SIZE(guarded)))
		put_error(out, c, CODE_UNAUTHORIZED);
	else
		put_error(out, c, CODE_NOT_FOUND);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct command c = { 0 };
	enum msd_ask ask = take_message(rq, &c);
	u32 start = out->len, doc;

	if (ask != MSD_ASK_ANSWER)
		return ask;
	msd_put_le32(out, 0);
	msd_put_le32(out, c.id + 1);
	msd_put_le32(out, c.id);
	msd_put_le32(out, c.msg ? OP_MSG : OP_REPLY);
	if (c.msg) {
		msd_put_le32(out, 0);
		msd_put8(out, SECTION_BODY);
	} else {
		msd_put_le32(out, c.query ? QUERY_FAILURE : AWAIT_CAPABLE);
		msd_put_zero(out, 12);
		msd_put_le32(out, 1);
	}
	doc = begin(out);
	put_result(out, rq, &c);
	end(out, doc);
	msd_patch_le32(out, start, out->len - start);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_mongodb = {
	.name = "mongodb",
	.source = "MongoDB wire protocol, OP_MSG and OP_QUERY",
	.transports = MSD_TCP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
