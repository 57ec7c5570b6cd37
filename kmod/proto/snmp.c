// SPDX-License-Identifier: GPL-2.0-only
/*
 * SNMP agent with the system group of SNMPv2-MIB as Net-SNMP 5.9 on Debian has
 * it (RFC 1157, RFC 1901, RFC 3416, RFC 3418), for the community "public". Any
 * other draws nothing: an agent that takes every community is none.
 *
 * A reply is never larger than the request. A request names values and leaves
 * two bytes for each (NULL); what our shorter encoding of lengths saves is all
 * there is besides. So an object has its value when that fits, and else
 *
 *	sysDescr			is "Linux", or empty: two bytes
 *	sysContact, sysName,
 *	sysLocation			are empty
 *	sysObjectID, sysUpTime,
 *	sysServices, sysORLastChange	are not there
 *
 *	request			version 1	version 2c
 *	Get, not there		noSuchName	noSuchObject, noSuchInstance
 *	GetNext, no successor	noSuchName	endOfMibView
 *	GetBulk			-		as GetNext, one repetition
 *	Set			noSuchName	noAccess
 *
 * A successor is the next object that fits with its name. Sizes are numbers in a
 * table, and values are made when they are written: the work is a small factor
 * of the bytes. Version 3 is met with silence, since the report that discovery
 * wants is larger than its request; so are responses, traps and informs.
 */
#include <linux/kernel.h>
#include "snmp.h"

#define SEQUENCE 0x30

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

#define COMMUNITY "public"

/* More variables than this have an index of two bytes. */
#define VARS_MAX 127

/* 1.3.6.1.2.1.1.N.0: the objects of the system group; N is the seventh. */
#define NAME_LEN 8
#define NAME_ARC 6
static const u8 system_name[NAME_LEN] = "\x2b\x06\x01\x02\x01\x01\x00";

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
 * @least: bytes of the bindings, when all values are empty
 * @room: largest list of bindings a reply may have
 */
struct message {
	u8 version;
	u8 type;
	struct msd_view community;
	struct msd_view id;
	s32 par[2];
	struct msd_view list;
	u32 size;
	u32 least;
	u32 room;
};

/**
 * struct binding - a name and a value of the reply
 * @name: object identifier
 * @obj: object whose value it is; 0: none, and @tag says why
 * @tag: type of the value
 * @len: its length
 * @room: where a successor's name is put together
 */
struct binding {
	struct msd_view name;
	u8 obj;
	u8 tag;
	u8 len;
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

/* Take an MSD_SNMP_INTEGER of up to 32 bits; @raw: its bytes as they are. */
static s32 take_int(struct msd_view *v, struct msd_view *raw)
{
	struct msd_view body = take(v, MSD_SNMP_INTEGER);
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
	struct msd_view name = take(&pair, MSD_SNMP_OBJECT_ID);

	msd_skip(&pair, 1);
	msd_skip(&pair, take_length(&pair));
	if (!msd_view_ok(&pair) || pair.len || !name.len ||
	    name.p[name.len - 1] & 0x80)
		fail(list);
	return name;
}

/* Number of bindings a request is answered with: GetBulk may leave some out. */
static u32 count(const struct message *m)
{
	if (m->type != GET_BULK || m->par[1] > 0)
		return VARS_MAX;
	return m->par[0] < 0 ? 0 : m->par[0];
}

/*
 * Look at all bindings; @m->least: bytes of those that are answered when each
 * has a value of two bytes.
 */
static bool list_ok(struct message *m)
{
	struct msd_view list = m->list;
	u32 n = 0, answered = count(m);

	while (list.len && n < VARS_MAX) {
		u32 len = msd_snmp_sized(take_binding(&list).len) + 2;

		m->least += n++ < answered ? msd_snmp_sized(len) : 0;
	}
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
	m->community = take(&all, MSD_SNMP_OCTET_STRING);
	m->type = all.len ? *all.p : 0;
	pdu = take(&all, m->type);
	if (!msd_view_ok(&all) || all.len || in.len || raw.len != 1 ||
	    m->version > VERSION_2C)
		return MSD_ASK_NOT_MINE;
	if (!type_ok(m) || m->community.len != sizeof(COMMUNITY) - 1 ||
	    memcmp(m->community.p, COMMUNITY, sizeof(COMMUNITY) - 1))
		return MSD_ASK_SILENT;
	take_int(&pdu, &m->id);
	m->par[0] = take_int(&pdu, &raw);
	m->par[1] = take_int(&pdu, &raw);
	m->list = take(&pdu, SEQUENCE);
	if (!msd_view_ok(&pdu) || pdu.len || !list_ok(m))
		return MSD_ASK_NOT_MINE;
	return MSD_ASK_ANSWER;
}

static void put_value(struct msd_buf *out, u8 tag, const void *p, u32 len)
{
	msd_snmp_head(out, tag, len);
	msd_put_bytes(out, p, len);
}

static u32 pdu_len(const struct message *m, u32 list)
{
	return msd_snmp_sized(m->id.len) + 3 + 3 + msd_snmp_sized(list);
}

static u32 body_len(const struct message *m, u32 list)
{
	return 3 + msd_snmp_sized(m->community.len) + msd_snmp_sized(pdu_len(m, list));
}

/* The longest list that fits: a longer one takes a byte more, or two. */
static u32 room(const struct message *m)
{
	u32 least = msd_snmp_sized(body_len(m, 0)), list;

	if (least > m->size)
		return 0;
	for (list = m->size - least; list; list--)
		if (msd_snmp_sized(body_len(m, list)) <= m->size)
			break;
	return list;
}

static u32 binding_size(const struct binding *b)
{
	return msd_snmp_sized(msd_snmp_sized(b->name.len) + msd_snmp_sized(b->len));
}

static void put_binding(struct msd_buf *out, const struct binding *b,
			const struct msd_snmp_own *own)
{
	msd_snmp_head(out, SEQUENCE, msd_snmp_sized(b->name.len) + msd_snmp_sized(b->len));
	put_value(out, MSD_SNMP_OBJECT_ID, b->name.p, b->name.len);
	msd_snmp_value(out, own, b->obj, b->tag, b->len);
}

/*
 * Give @b the value of an object, or less of it, if the reply fits then;
 * @others: bytes of all other bindings.
 */
static bool give(struct binding *b, const struct msd_snmp_own *own, u8 obj,
		 const struct message *m, u32 others)
{
	u32 form;

	b->obj = obj;
	for (form = 0; msd_snmp_form(own, obj, form, &b->tag, &b->len); form++)
		if (others + binding_size(b) <= m->room)
			return true;
	return false;
}

static void give_none(struct binding *b, u8 why)
{
	b->obj = 0;
	b->tag = why;
	b->len = 0;
}

/* Which object of the system group is it, whatever its instance? 0: none. */
static u8 object_of(const struct msd_view *name)
{
	u8 obj;

	if (name->len <= NAME_ARC || memcmp(name->p, system_name, NAME_ARC))
		return 0;
	obj = name->p[NAME_ARC];
	return obj >= MSD_SYS_DESCR && obj <= MSD_SYS_LAST ? obj : 0;
}

/* Get: false when it is an error in version 1. */
static bool get(struct binding *b, const struct msd_snmp_own *own,
		const struct message *m, u32 others)
{
	u8 obj = object_of(&b->name);
	bool instance = obj && b->name.len == NAME_LEN && !b->name.p[NAME_LEN - 1];

	if (instance && give(b, own, obj, m, others))
		return true;
	give_none(b, obj ? NO_SUCH_INSTANCE : NO_SUCH_OBJECT);
	return m->version != VERSION_1;
}

/* The first object whose instance comes behind @name; 0: none does. */
static u8 first_behind(const struct msd_view *name)
{
	u32 n = name->len < NAME_ARC ? name->len : NAME_ARC;
	int diff = memcmp(name->p, system_name, n);
	u8 obj;

	if (diff > 0)
		return 0;
	if (diff || name->len <= NAME_ARC || !name->p[NAME_ARC])
		return MSD_SYS_DESCR;
	/* N is followed by N.0, and that by the next. */
	obj = name->p[NAME_ARC];
	if (name->len > NAME_ARC + 1 && obj <= MSD_SYS_LAST)
		obj++;
	return obj <= MSD_SYS_LAST ? obj : 0;
}

static bool get_next(struct binding *b, const struct msd_snmp_own *own,
		     const struct message *m, u32 others)
{
	struct msd_view asked = b->name;
	u8 obj = first_behind(&asked);

	memcpy(b->room, system_name, NAME_LEN);
	b->name = msd_view(b->room, NAME_LEN);
	give_none(b, END_OF_MIB_VIEW);
	if (others + binding_size(b) > m->room)
		obj = 0;
	for (; obj && obj <= MSD_SYS_LAST; obj++) {
		b->room[NAME_ARC] = obj;
		if (give(b, own, obj, m, others))
			return true;
	}
	b->name = asked;
	give_none(b, END_OF_MIB_VIEW);
	return m->version != VERSION_1;
}

/*
 * Decide on each binding in turn, and write it unless @out is NULL. Done twice,
 * since the bytes in front of the bindings say how long they are.
 */
static struct reply walk(const struct msd_snmp_own *own, const struct message *m,
			 struct msd_buf *out)
{
	struct reply r = { .list = m->least };
	struct msd_view list = m->list;
	u32 n = count(m), i;

	for (i = 0; i < n && list.len; i++) {
		struct binding b = { .name = take_binding(&list) };
		bool ok;

		r.list -= binding_size(&b);
		ok = m->type == GET ? get(&b, own, m, r.list) :
				      get_next(&b, own, m, r.list);
		if (!ok)
			return (struct reply){ 0, NO_SUCH_NAME, i + 1 };
		r.list += binding_size(&b);
		if (out)
			put_binding(out, &b, own);
	}
	return r;
}

/* With an error the bindings are those of the request. */
static void put_reply(const struct msd_snmp_own *own, const struct message *m,
		      struct msd_buf *out)
{
	struct reply r = { 0, m->version == VERSION_1 ? NO_SUCH_NAME : NO_ACCESS, 1 };

	if (m->type != SET || !m->list.len)
		r = walk(own, m, NULL);
	if (r.status)
		r.list = m->list.len;
	msd_snmp_head(out, SEQUENCE, body_len(m, r.list));
	put_value(out, MSD_SNMP_INTEGER, &m->version, 1);
	put_value(out, MSD_SNMP_OCTET_STRING, m->community.p, m->community.len);
	msd_snmp_head(out, RESPONSE, pdu_len(m, r.list));
	put_value(out, MSD_SNMP_INTEGER, m->id.p, m->id.len);
	put_value(out, MSD_SNMP_INTEGER, &r.status, 1);
	put_value(out, MSD_SNMP_INTEGER, &r.index, 1);
	msd_snmp_head(out, SEQUENCE, r.list);
	if (r.status)
		msd_put_bytes(out, m->list.p, m->list.len);
	else
		walk(own, m, out);
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	struct message m = { .size = rq->in.len };
	enum msd_ask ask = take_message(rq->in, &m);

	struct msd_snmp_own own;

	if (ask != MSD_ASK_ANSWER)
		return ask;
	m.room = room(&m);
	msd_snmp_make(&own, rq);
	put_reply(&own, &m, out);
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_snmp = {
	.name = "snmp",
	.source = "RFC 1157, RFC 3416, RFC 3418",
	.transports = MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
