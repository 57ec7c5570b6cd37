// SPDX-License-Identifier: GPL-2.0-only
/*
 * DNS (RFC 1034, 1035, 6891): an authoritative server on which every name has
 * one address, the one that was asked.
 *
 *   question                            answer
 *   A IN over IPv4, AAAA IN over IPv6   the address the query was sent to
 *   AXFR, IXFR IN                       REFUSED
 *   any other type IN                   NOERROR without records
 *   version.bind and its like, CH       TXT
 *   other name or class                 REFUSED
 *   opcode other than QUERY             NOTIMP
 *   EDNS version above 0                BADVERS
 *   more questions than we take         FORMERR
 *   anything else, responses included   silence
 *
 * A message counts as DNS only when all of it parses and nothing is left: the
 * patterns leave so much open that nothing less tells it from other payloads.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "proto.h"

#define TYPE_A		1
#define TYPE_TXT	16
#define TYPE_AAAA	28
#define TYPE_OPT	41
#define TYPE_IXFR	251
#define TYPE_AXFR	252
#define TYPE_ANY	255

#define CLASS_IN	1
#define CLASS_CH	3

#define FLAG_QR		0x8000
#define FLAG_OPCODE	0x7800
#define FLAG_AA		0x0400
#define FLAG_TC		0x0200
#define FLAG_RD		0x0100
#define FLAG_RA		0x0080
#define FLAG_Z		0x0040
#define FLAG_CD		0x0010
#define FLAG_RCODE	0x000f
/* What a request never has. */
#define FLAG_NOT_ASKED	(FLAG_QR | FLAG_AA | FLAG_TC | FLAG_RA | FLAG_Z | FLAG_RCODE)

#define RCODE_FORMERR	1
#define RCODE_NOTIMP	4
#define RCODE_REFUSED	5
#define RCODE_BADVERS	16

#define HEADER_LEN	12
#define LABEL_MAX	63
#define NAME_MAX_LEN	255
#define TTL		3600
/* Our own UDP payload size: fits an IPv6 packet of the least MTU. */
#define EDNS_SIZE	1232
#define EDNS_DO		0x8000

/*
 * Bounds of one query. Several questions are answered for the sake of tests
 * that ask three; a reply stays below 512 bytes, so nothing is ever truncated:
 * header, questions, as many AAAA records behind a name pointer, OPT.
 */
#define QUESTIONS_MAX	4
#define QUESTIONS_BYTES	(512 - HEADER_LEN - QUESTIONS_MAX * 28 - 11)

/*
 * struct question - one question
 * @name: its name in wire form, valid and without pointers
 * @at: offset of the name in the message, for the pointer in the answer
 */
struct question {
	struct msd_view name;
	u16 at;
	u16 type;
	u16 class;
};

/*
 * struct query - a message that parsed
 * @section: the question section as it came
 * @nq: entries in it; only the first QUESTIONS_MAX are in @q
 * @edns: there is an OPT record, with the three fields below
 */
struct query {
	u16 id;
	u16 flags;
	u16 nq;
	u16 nextra;
	struct msd_view section;
	struct question q[QUESTIONS_MAX];
	bool edns;
	u8 version;
	bool want_dnssec;
};

/* Server identification (RFC 4892); names in wire form with their root. */
static const struct {
	const char *name;
	u8 len;
	const char *text;
} chaos[] = {
#define CHAOS(n, t) { .name = (n), .len = sizeof(n), .text = (t) }
	CHAOS("\7version\4bind", "9.18.28-1~deb12u2-Debian"),
	CHAOS("\7version\6server", "9.18.28-1~deb12u2-Debian"),
	CHAOS("\x8hostname\4bind", "ns1"),
	CHAOS("\2id\6server", "ns1"),
#undef CHAOS
};

static bool get_header(struct msd_view *v, struct query *q)
{
	u32 others;

	q->id = msd_get_be16(v);
	q->flags = msd_get_be16(v);
	q->nq = msd_get_be16(v);
	others = msd_get_be32(v);
	q->nextra = msd_get_be16(v);
	if (!msd_view_ok(v) || q->flags & FLAG_NOT_ASKED)
		return false;
	/* Twelve zero bytes are no question; other opcodes need none. */
	if (!q->nq && !(q->flags & FLAG_OPCODE))
		return false;
	return !others && q->nextra <= 1;
}

/* Labels only: nothing stands before a question that it could point to. */
static struct msd_view get_name(struct msd_view *v)
{
	struct msd_view name = *v;
	u32 total = 0;
	u8 n;

	do {
		n = msd_get8(v);
		total += n + 1;
		msd_skip(v, n);
		if (n > LABEL_MAX || total > NAME_MAX_LEN)
			v->bad = true;
	} while (n && msd_view_ok(v));
	msd_trim(&name, total);
	return name;
}

static bool get_questions(struct msd_view *v, struct query *q)
{
	u32 whole = v->len;
	u16 i;

	q->section = *v;
	for (i = 0; i < q->nq && msd_view_ok(v); i++) {
		struct question one = { .at = HEADER_LEN + whole - v->len };

		one.name = get_name(v);
		one.type = msd_get_be16(v);
		one.class = msd_get_be16(v);
		if (i < QUESTIONS_MAX)
			q->q[i] = one;
	}
	if (!msd_view_ok(v))
		return false;
	msd_trim(&q->section, whole - v->len);
	return true;
}

/* The OPT record of RFC 6891; any other additional record is not ours. */
static bool get_opt(struct msd_view *v, struct query *q)
{
	struct msd_view options;
	u8 root = msd_get8(v);
	u16 type = msd_get_be16(v);

	msd_skip(v, 2);		/* the client's payload size: we stay below 512 */
	msd_skip(v, 1);		/* extended RCODE */
	q->version = msd_get8(v);
	q->want_dnssec = msd_get_be16(v) & EDNS_DO;
	options = msd_sub(v, msd_get_be16(v));
	while (options.len) {
		msd_skip(&options, 2);
		msd_skip(&options, msd_get_be16(&options));
	}
	q->edns = true;
	return !root && type == TYPE_OPT && msd_view_ok(v) && msd_view_ok(&options);
}

static bool get_query(struct msd_view v, struct query *q)
{
	if (!get_header(&v, q) || !get_questions(&v, q))
		return false;
	if (q->nextra && !get_opt(&v, q))
		return false;
	/* masscan sends a NUL too many. */
	return !v.len || (v.len == 1 && !*v.p);
}

static void put_head(struct msd_buf *out, const struct question *q, u16 type,
		     u32 ttl, u16 len)
{
	msd_put_be16(out, 0xc000 | q->at);
	msd_put_be16(out, type);
	msd_put_be16(out, q->class);
	msd_put_be32(out, ttl);
	msd_put_be16(out, len);
}

/* Names compare without regard to case; a label's length is below 'A'. */
static bool name_is(const struct msd_view *name, const char *want, u8 len)
{
	u32 i;

	if (name->len != len)
		return false;
	for (i = 0; i < len; i++) {
		u8 c = name->p[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != (u8)want[i])
			return false;
	}
	return true;
}

/* The text of a name in class CH, or NULL. */
static const char *chaos_text(const struct question *q)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(chaos); i++)
		if (name_is(&q->name, chaos[i].name, chaos[i].len))
			return chaos[i].text;
	return NULL;
}

static bool refused(const struct question *q)
{
	if (q->class == CLASS_CH)
		return !chaos_text(q);
	return q->class != CLASS_IN || q->type == TYPE_AXFR || q->type == TYPE_IXFR;
}

/* Each returns the number of records. */
static u16 put_chaos(struct msd_buf *out, const struct question *q)
{
	const char *text = chaos_text(q);
	u32 len = strlen(text);

	if (q->type != TYPE_TXT && q->type != TYPE_ANY)
		return 0;
	put_head(out, q, TYPE_TXT, 0, 1 + len);
	msd_put8(out, len);
	msd_put_bytes(out, text, len);
	return 1;
}

static u16 put_address(struct msd_buf *out, const struct question *q,
		       const struct msd_flow *flow)
{
	bool six = flow->family == 6;
	u16 len = six ? 16 : 4;

	if (q->type != (six ? TYPE_AAAA : TYPE_A))
		return 0;
	put_head(out, q, q->type, TTL, len);
	msd_put_bytes(out, &flow->daddr, len);
	return 1;
}

static u16 put_records(struct msd_buf *out, const struct query *q,
		       const struct msd_flow *flow)
{
	u16 i, n = 0;

	for (i = 0; i < q->nq; i++)
		n += q->q[i].class == CLASS_CH ? put_chaos(out, &q->q[i]) :
						 put_address(out, &q->q[i], flow);
	return n;
}

/* Why a query is refused as a whole, or 0. */
static u8 objection(const struct query *q)
{
	u16 i;

	if (q->flags & FLAG_OPCODE)
		return RCODE_NOTIMP;
	if (q->nq > QUESTIONS_MAX || q->section.len > QUESTIONS_BYTES)
		return RCODE_FORMERR;
	if (q->edns && q->version)
		return RCODE_BADVERS;
	for (i = 0; i < q->nq; i++)
		if (refused(&q->q[i]))
			return RCODE_REFUSED;
	return 0;
}

static void put_opt(struct msd_buf *out, const struct query *q, u8 rcode)
{
	msd_put8(out, 0);
	msd_put_be16(out, TYPE_OPT);
	msd_put_be16(out, EDNS_SIZE);
	msd_put8(out, rcode >> 4);
	msd_put8(out, 0);
	msd_put_be16(out, q->want_dnssec ? EDNS_DO : 0);
	msd_put_be16(out, 0);
}

static void put_reply(const struct msd_request *rq, const struct query *q,
		      struct msd_buf *out)
{
	u8 rcode = objection(q);
	bool echo = rcode != RCODE_NOTIMP && rcode != RCODE_FORMERR;
	u32 start = out->len;
	u16 n = 0, flags;

	msd_put_be16(out, q->id);
	msd_put_be16(out, 0);
	msd_put_be16(out, echo ? q->nq : 0);
	msd_put_be32(out, 0);
	msd_put_be16(out, q->edns);
	if (echo)
		msd_put_bytes(out, q->section.p, q->section.len);
	if (!rcode)
		n = put_records(out, q, rq->flow);
	if (q->edns)
		put_opt(out, q, rcode);

	flags = FLAG_QR | (q->flags & (FLAG_OPCODE | FLAG_RD | FLAG_CD));
	flags |= (rcode & FLAG_RCODE) | (rcode ? 0 : FLAG_AA);
	msd_patch_be16(out, start + 2, flags);
	msd_patch_be16(out, start + 6, n);
}

static enum msd_ask answer_udp(struct msd_request *rq, struct msd_buf *out)
{
	struct query q = {};

	if (!get_query(rq->in, &q))
		return MSD_ASK_NOT_MINE;
	put_reply(rq, &q, out);
	return MSD_ASK_ANSWER;
}

/*
 * RFC 7766: a length of two bytes before each message. One is answered at a
 * time; what a client sends behind it before it has the answer is lost.
 */
static enum msd_ask answer_tcp(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_view v = rq->in;
	u16 len = msd_get_be16(&v);
	u32 start = out->len;
	struct query q = {};

	if (v.len < HEADER_LEN)
		return MSD_ASK_MORE;
	if (v.len < len) {
		struct msd_view head = v;

		return get_header(&head, &q) ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
	}
	if (!get_query(msd_sub(&v, len), &q))
		return MSD_ASK_NOT_MINE;
	msd_put_be16(out, 0);
	put_reply(rq, &q, out);
	msd_patch_be16(out, start, out->len - start - 2);
	return MSD_ASK_ANSWER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	return rq->transport == MSD_TCP ? answer_tcp(rq, out) : answer_udp(rq, out);
}

/*
 * A header with the bits of a request, up to seven questions, no answer and no
 * authority record, at most one additional record; over TCP behind a length
 * below 4096.
 */
#define HEAD "\0\0\0\0\0\0\0\0\0\0\0\0"
#define HEAD_MASK "\x00\x00\xc6\xcf\xff\xf8\xff\xff\xff\xff\xff\xfe"

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK(HEAD, HEAD_MASK),
	MSD_PATTERN_MASK("\0\0" HEAD, "\xf0\x00" HEAD_MASK),
};

const struct msd_responder msd_dns = {
	.name = "dns",
	.source = "RFC 1035, RFC 6891, RFC 7766",
	.transports = MSD_TCP | MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
