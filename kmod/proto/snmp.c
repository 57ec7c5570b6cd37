// SPDX-License-Identifier: GPL-2.0-only
/*
 * SNMP agent with the system group of SNMPv2-MIB, for any community (RFC 1157,
 * RFC 1901, RFC 3416, RFC 3418).
 *
 * A reply is never larger than the request. A request names values and leaves
 * two bytes for each (NULL); what our shorter encoding of lengths saves is all
 * there is besides. So an object has its value when that fits, and else
 *
 *	strings (sysDescr, sysContact,
 *	sysName, sysLocation)		are empty: two bytes
 *	sysObjectID, sysUpTime,
 *	sysServices			are not there
 *
 *	request			version 1	version 2c
 *	Get, not there		noSuchName	noSuchObject, noSuchInstance
 *	GetNext, no successor	noSuchName	endOfMibView
 *	GetBulk			-		as GetNext, one repetition
 *	Set			noSuchName	noAccess
 *
 * A successor is the next object that fits with its name. Version 3 is met with
 * silence, since the report that discovery wants is larger than its request;
 * so are responses, traps and informs.
 */
#include <linux/kernel.h>
#include "proto.h"

#define INTEGER 0x02
#define OCTET_STRING 0x04
#define OBJECT_ID 0x06
#define SEQUENCE 0x30
#define TIME_TICKS 0x43

#define GET 0xa0
#define GET_NEXT 0xa1
#define RESPONSE 0xa2
#define SET 0xa3
#define GET_BULK 0xa5

#define NO_SUCH_OBJECT 0x80
#define NO_SUCH_INSTANCE 0x81
#define END_OF_MIB_VIEW 0x82

#define NO_SUCH_NAME 2
#define NO_ACCESS 6

#define VERSION_1 0
#define VERSION_2C 1
#define VERSION_3 3

/* More variables than this have an index of two bytes. */
#define VARS_MAX 127

/* Set our uses of the key apart from others'. */
#define TWEAK_NAME 0x736e6d7000
#define TWEAK_UPTIME 0x736e6d7001

/* 1.3.6.1.2.1.1.N.0: the objects of the system group; N is the seventh. */
#define NAME_LEN 8
#define NAME_ARC 6
static const u8 system_name[NAME_LEN] = "\x2b\x06\x01\x02\x01\x01\x00";

enum object {
	SYS_DESCR = 1,
	SYS_OBJECT_ID,
	SYS_UP_TIME,
	SYS_CONTACT,
	SYS_NAME,
	SYS_LOCATION,
	SYS_SERVICES,
};

/* SEQUENCE, one byte of type; length in one, two, three or five. */
static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK("\x30\0\x02\x01\0", "\xff\x80\xff\xff\xfc"),
	MSD_PATTERN_MASK("\x30\x81\0\x02\x01\0", "\xff\xff\0\xff\xff\xfc"),
	MSD_PATTERN_MASK("\x30\x82\0\0\x02\x01\0", "\xff\xff\0\0\xff\xff\xfc"),
	MSD_PATTERN_MASK("\x30\x84\0\0\0\0\x02\x01\0", "\xff\xff\0\0\0\0\xff\xff\xfc"),
};

/**
 * struct message - a request
 * @version: VERSION_1 or VERSION_2C
 * @type: of the PDU
 * @community: echoed
 * @id: request id, echoed
 * @par: error status and index, or non-repeaters and max-repetitions
 * @list: variable bindings
 * @size: of the whole request
 */
struct message {
	u8 version;
	u8 type;
	struct msd_view community;
	struct msd_view id;
	s32 par[2];
	struct msd_view list;
	u32 size;
};

/**
 * struct binding - a name and a value of the reply
 * @name: object identifier
 * @tag: type of the value
 * @len: its length
 * @val: the value
 * @room: where a successor's name is put together
 */
struct binding {
	struct msd_view name;
	u8 tag;
	u8 len;
	u8 val[12];
	u8 room[NAME_LEN];
};

/**
 * struct reply - what has been decided of it
 * @list: bytes of all variable bindings
 * @status: error status
 * @index: error index
 */
struct reply {
	u32 list;
	u8 status;
	u8 index;
};

static void fail(struct msd_view *v)
{
	msd_skip(v, v->len + 1);
}

/* Take a length as X.690 section 8.1.3 has it, in at most four bytes. */
static u32 take_length(struct msd_view *v)
{
	u32 len = msd_get8(v), n;

	if (len < 0x80)
		return len;
	n = len & 0x7f;
	if (!n || n > 4)
		fail(v);
	for (len = 0; n && msd_view_ok(v); n--)
		len = len << 8 | msd_get8(v);
	return len;
}

/* Take a value of type @tag; @v turns bad when it is another. */
static struct msd_view take(struct msd_view *v, u8 tag)
{
	if (msd_get8(v) != tag)
		fail(v);
	return msd_sub(v, take_length(v));
}

/* Take an INTEGER of up to 32 bits; @raw: its bytes as they are. */
static s32 take_int(struct msd_view *v, struct msd_view *raw)
{
	struct msd_view body = take(v, INTEGER);
	u32 val;

	*raw = body;
	if (!body.len || body.len > 4)
		fail(v);
	val = body.len && *body.p & 0x80 ? U32_MAX : 0;
	while (body.len)
		val = val << 8 | msd_get8(&body);
	return val;
}

/* Take one variable binding; the list turns bad when it is malformed. */
static struct msd_view take_binding(struct msd_view *list)
{
	struct msd_view pair = take(list, SEQUENCE);
	struct msd_view name = take(&pair, OBJECT_ID);

	msd_skip(&pair, 1);
	msd_skip(&pair, take_length(&pair));
	if (!msd_view_ok(&pair) || pair.len || !name.len ||
	    name.p[name.len - 1] & 0x80)
		fail(list);
	return name;
}

static bool list_ok(struct msd_view list)
{
	u32 n = 0;

	while (list.len && n++ < VARS_MAX)
		take_binding(&list);
	return msd_view_ok(&list) && !list.len;
}

static bool type_ok(const struct message *m)
{
	return m->type == GET || m->type == GET_NEXT || m->type == SET ||
	       (m->type == GET_BULK && m->version == VERSION_2C);
}

/* Take a request; silent when it is a message that draws no reply. */
static enum msd_ask take_message(struct msd_view in, struct message *m)
{
	struct msd_view all = take(&in, SEQUENCE), pdu, raw;

	m->version = take_int(&all, &raw);
	if (m->version == VERSION_3 && msd_view_ok(&all) && !in.len)
		return MSD_ASK_SILENT;
	m->community = take(&all, OCTET_STRING);
	m->type = all.len ? *all.p : 0;
	pdu = take(&all, m->type);
	if (!msd_view_ok(&all) || all.len || in.len || raw.len != 1 ||
	    m->version > VERSION_2C)
		return MSD_ASK_NOT_MINE;
	if (!type_ok(m))
		return MSD_ASK_SILENT;
	take_int(&pdu, &m->id);
	m->par[0] = take_int(&pdu, &raw);
	m->par[1] = take_int(&pdu, &raw);
	m->list = take(&pdu, SEQUENCE);
	if (!msd_view_ok(&pdu) || pdu.len || !list_ok(m->list))
		return MSD_ASK_NOT_MINE;
	return MSD_ASK_ANSWER;
}

/* Size of a value of @len bytes with its type and length. */
static u32 sized(u32 len)
{
	return len + (len < 0x80 ? 2 : len < 0x100 ? 3 : 4);
}

static void put_head(struct msd_buf *out, u8 tag, u32 len)
{
	u32 width = sized(len) - len - 1;

	msd_put8(out, tag);
	if (width > 1)
		msd_put8(out, 0x80 + width - 1);
	if (width > 2)
		msd_put8(out, len >> 8);
	msd_put8(out, len);
}

static void put_value(struct msd_buf *out, u8 tag, const void *p, u32 len)
{
	put_head(out, tag, len);
	msd_put_bytes(out, p, len);
}

static u32 pdu_len(const struct message *m, u32 list)
{
	return sized(m->id.len) + 3 + 3 + sized(list);
}

static u32 body_len(const struct message *m, u32 list)
{
	return 3 + sized(m->community.len) + sized(pdu_len(m, list));
}

/* Does a reply with @list bytes of bindings fit? */
static bool fits(const struct message *m, u32 list)
{
	return sized(body_len(m, list)) <= m->size;
}

static u32 binding_size(const struct binding *b)
{
	return sized(sized(b->name.len) + sized(b->len));
}

static void put_binding(struct msd_buf *out, const struct binding *b)
{
	put_head(out, SEQUENCE, sized(b->name.len) + sized(b->len));
	put_value(out, OBJECT_ID, b->name.p, b->name.len);
	put_value(out, b->tag, b->val, b->len);
}

/* A secret number of the address that was asked. */
static u64 secret(const struct msd_request *rq, u64 tweak)
{
	const u8 *own = rq->flow->daddr.s6_addr;
	bool six = rq->flow->family == 6;

	return siphash_3u64(six ? get_unaligned_be64(own) : 0,
			    six ? get_unaligned_be64(own + 8) :
				  get_unaligned_be32(own),
			    tweak, &rq->ctx->cfg->key);
}

static void set(struct binding *b, u8 tag, const void *p, u8 len)
{
	b->tag = tag;
	b->len = len;
	memcpy(b->val, p, len);
}

/* "srv-" and four digits of the secret number. */
static void set_name(struct binding *b, const struct msd_request *rq)
{
	u16 id = secret(rq, TWEAK_NAME);
	u32 i;

	set(b, OCTET_STRING, "srv-", 4);
	for (i = 0; i < 4; i++, id <<= 4)
		b->val[b->len++] = "0123456789abcdef"[id >> 12];
}

/* Hundredths of a second, counted from a moment in the last 497 days. */
static void set_uptime(struct binding *b, const struct msd_request *rq)
{
	u32 ticks = (u32)rq->ctx->now * 100 + (u32)secret(rq, TWEAK_UPTIME);
	u8 val[5] = { 0 };
	u32 skip = 0;

	put_unaligned_be32(ticks, val + 1);
	while (skip < 4 && !val[skip] && !(val[skip + 1] & 0x80))
		skip++;
	set(b, TIME_TICKS, val + skip, sizeof(val) - skip);
}

static void set_object(struct binding *b, const struct msd_request *rq, u8 obj)
{
	switch (obj) {
	case SYS_DESCR:
		return set(b, OCTET_STRING, "Linux", 5);
	case SYS_OBJECT_ID:
		/* net-snmp's for Linux, 1.3.6.1.4.1.8072.3.2.10 */
		return set(b, OBJECT_ID, "\x2b\x06\x01\x04\x01\xbf\x08\x03\x02\x0a", 10);
	case SYS_UP_TIME:
		return set_uptime(b, rq);
	case SYS_CONTACT:
		return set(b, OCTET_STRING, "root", 4);
	case SYS_NAME:
		return set_name(b, rq);
	case SYS_LOCATION:
		return set(b, OCTET_STRING, "Unknown", 7);
	default: /* SYS_SERVICES */
		return set(b, INTEGER, "\x48", 1);
	}
}

/*
 * Give @b the value of an object, or of a string none, if the reply fits then;
 * @others: bytes of all other bindings.
 */
static bool give(struct binding *b, const struct msd_request *rq, u8 obj,
		 const struct message *m, u32 others)
{
	set_object(b, rq, obj);
	if (fits(m, others + binding_size(b)))
		return true;
	if (b->tag != OCTET_STRING)
		return false;
	b->len = 0;
	return fits(m, others + binding_size(b));
}

/* Which object of the system group is it, whatever its instance? 0: none. */
static u8 object_of(const struct msd_view *name)
{
	u8 obj;

	if (name->len <= NAME_ARC || memcmp(name->p, system_name, NAME_ARC))
		return 0;
	obj = name->p[NAME_ARC];
	return obj >= SYS_DESCR && obj <= SYS_SERVICES ? obj : 0;
}

/* Get: false when it is an error in version 1. */
static bool get(struct binding *b, const struct msd_request *rq,
		const struct message *m, u32 others)
{
	u8 obj = object_of(&b->name);
	bool instance = obj && b->name.len == NAME_LEN && !b->name.p[NAME_LEN - 1];

	if (instance && give(b, rq, obj, m, others))
		return true;
	set(b, obj ? NO_SUCH_INSTANCE : NO_SUCH_OBJECT, "", 0);
	return m->version != VERSION_1;
}

/* Does @name come before the instance of @obj? Its arcs are one byte each. */
static bool precedes(const struct msd_view *name, const u8 *obj)
{
	u32 n = name->len < NAME_LEN ? name->len : NAME_LEN;
	int diff = memcmp(name->p, obj, n);

	return diff ? diff < 0 : name->len < NAME_LEN;
}

static bool get_next(struct binding *b, const struct msd_request *rq,
		     const struct message *m, u32 others)
{
	struct msd_view asked = b->name;
	u8 obj;

	memcpy(b->room, system_name, NAME_LEN);
	for (obj = SYS_DESCR; obj <= SYS_SERVICES; obj++) {
		b->room[NAME_ARC] = obj;
		b->name = msd_view(b->room, NAME_LEN);
		if (precedes(&asked, b->room) && give(b, rq, obj, m, others))
			return true;
	}
	b->name = asked;
	set(b, END_OF_MIB_VIEW, "", 0);
	return m->version != VERSION_1;
}

/* Number of bindings a request is answered with: GetBulk may leave some out. */
static u32 count(const struct message *m)
{
	if (m->type != GET_BULK || m->par[1] > 0)
		return VARS_MAX;
	return m->par[0] < 0 ? 0 : m->par[0];
}

/* Bytes of all bindings when each has a value of two bytes. */
static u32 least(const struct message *m)
{
	struct msd_view list = m->list;
	u32 n = count(m), sum = 0;

	for (; n && list.len; n--) {
		struct binding b = { .name = take_binding(&list) };

		sum += binding_size(&b);
	}
	return sum;
}

/*
 * Decide on each binding in turn, and write it unless @out is NULL. Done twice,
 * since the bytes in front of the bindings say how long they are.
 */
static struct reply walk(const struct msd_request *rq, const struct message *m,
			 struct msd_buf *out)
{
	struct reply r = { .list = least(m) };
	struct msd_view list = m->list;
	u32 n = count(m), i;

	for (i = 0; i < n && list.len; i++) {
		struct binding b = { .name = take_binding(&list) };
		bool ok;

		r.list -= binding_size(&b);
		ok = m->type == GET ? get(&b, rq, m, r.list) :
				      get_next(&b, rq, m, r.list);
		if (!ok)
			return (struct reply){ 0, NO_SUCH_NAME, i + 1 };
		r.list += binding_size(&b);
		if (out)
			put_binding(out, &b);
	}
	return r;
}

/* With an error the bindings are those of the request. */
static void put_reply(const struct msd_request *rq, const struct message *m,
		      struct msd_buf *out)
{
	struct reply r = { 0, m->version == VERSION_1 ? NO_SUCH_NAME : NO_ACCESS, 1 };

	if (m->type != SET || !m->list.len)
		r = walk(rq, m, NULL);
	if (r.status)
		r.list = m->list.len;
	put_head(out, SEQUENCE, body_len(m, r.list));
	put_value(out, INTEGER, &m->version, 1);
	put_value(out, OCTET_STRING, m->community.p, m->community.len);
	put_head(out, RESPONSE, pdu_len(m, r.list));
	put_value(out, INTEGER, m->id.p, m->id.len);
	put_value(out, INTEGER, &r.status, 1);
	put_value(out, INTEGER, &r.index, 1);
	put_head(out, SEQUENCE, r.list);
	if (r.status)
		msd_put_bytes(out, m->list.p, m->list.len);
	else
		walk(rq, m, out);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct message m = { .size = rq->in.len };
	enum msd_ask ask = take_message(rq->in, &m);

	if (ask == MSD_ASK_ANSWER)
		put_reply(rq, &m, out);
	return ask;
}

const struct msd_responder msd_snmp = {
	.name = "snmp",
	.source = "RFC 1157, RFC 3416, RFC 3418",
	.transports = MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
