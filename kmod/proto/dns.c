// SPDX-License-Identifier: GPL-2.0-only
/*
 * DNS (RFC 1034, 1035, 6891): an authoritative server on which every name has
 * one address, the one that was asked, and heads a zone of its own. Where the
 * RFCs leave a choice, we say what BIND 9.18 says.
 *
 *   request                             reply
 *   A IN over IPv4, AAAA IN over IPv6   the address the query was sent to
 *   ANY IN                              likewise (RFC 8482)
 *   SOA IN                              SOA
 *   AXFR, IXFR IN                       REFUSED
 *   any other type IN                   NOERROR without records; SOA (RFC 2308)
 *   version.bind and its like, CH       TXT
 *   other name or class                 REFUSED
 *   type that no question can have      FORMERR, NOTIMP
 *   NOTIFY, UPDATE                      NOTAUTH
 *   other opcode                        NOTIMP
 *   EDNS version above 0                BADVERS
 *   TSIG                                NOTAUTH, BADKEY (RFC 8945)
 *   two OPT, more questions than we
 *   take, records that do not parse     FORMERR with question
 *   a question that does not parse      FORMERR
 *   anything else, responses, NBNS,
 *   mDNS and LLMNR included             silence
 *
 * A message counts as DNS when all of it parses and nothing is left (dnsmsg.c):
 * the patterns leave so much open that little less tells it from other
 * payloads.
 *
 * Sources of UDP can be forged, so there a reply is at most UDP_MOST times as
 * long as its request, and what goes beyond is left out: first the SOA of a
 * negative answer, which a resolver can do without (RFC 2308 section 2.2), then
 * all records, with TC set. TCP carries everything.
 */
#include <linux/kernel.h>
#include "dns.h"

#define TTL		3600
#define TTL_SOA		86400
/* Our own UDP payload size: fits an IPv6 packet of the least MTU. */
#define EDNS_SIZE	1232

/* 45 bytes for 17: AAAA of the root, the shortest question there is. */
#define UDP_MOST(len)	((len) * 45 / 17)

/* A record's name, type, class, TTL and length; a whole SOA. */
#define RECORD_LEN	12
#define SOA_LEN		35

#define BADKEY		17
/* Over TCP. */
#define LENGTH_MAX	4095

static const char * const authors[] = {
	"Evan Hunt", "Michael Graff", "Francis Dupont", "David Lawrence",
	"Mark Andrews", "Danny Mayer", "Andreas Gustafsson", "Scott Mann",
	"Jeremy C. Reed", "Michael Sawyer", "Brian Wellington", "James Brister",
	"Bob Halley", "Witold Krecicki", "Ben Cottrell", "JINMEI Tatuya",
	"Curtis Blackburn", "Matt Nelson", "John H. DuBois III", NULL
};

static const char * const version[] = { "9.18.28-1~deb12u2-Debian", NULL };
static const char * const host[] = { "ns1", NULL };

/* Server identification (RFC 4892); texts end with NULL, names in wire form with their root. */
static const struct chaos {
	const char *name;
	u8 len;
	const char * const *texts;
} chaos[] = {
#define CHAOS(n, t) { .name = (n), .len = sizeof(n), .texts = (t) }
	CHAOS("\7version\4bind", version),
	CHAOS("\x8hostname\4bind", host),
	CHAOS("\7authors\4bind", authors),
	CHAOS("\2id\6server", host),
#undef CHAOS
};

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

/* The entry of a name in class CH, or NULL. */
static const struct chaos *find_chaos(const struct msd_dns_question *q)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(chaos); i++)
		if (name_is(&q->name, chaos[i].name, chaos[i].len))
			return &chaos[i];
	return NULL;
}

/* Why a question is not answered, or 0. */
static u8 refusal(const struct msd_dns_question *q)
{
	switch (q->type) {
	case MSD_DNS_OPT:
	case MSD_DNS_TKEY:
	case MSD_DNS_TSIG:
		return MSD_DNS_FORMERR;
	case MSD_DNS_MAILB:
	case MSD_DNS_MAILA:
		return MSD_DNS_NOTIMP;
	case MSD_DNS_AXFR:
	case MSD_DNS_IXFR:
		return MSD_DNS_REFUSED;
	}
	if (q->class == MSD_DNS_CH)
		return find_chaos(q) ? 0 : MSD_DNS_REFUSED;
	return q->class == MSD_DNS_IN ? 0 : MSD_DNS_REFUSED;
}

/* Why a query is refused as a whole, or 0. */
static u8 query_objection(const struct msd_dns_query *q)
{
	u16 i;

	if (!q->nq || q->nq > MSD_DNS_QUESTIONS ||
	    q->section.len > MSD_DNS_QUESTION_BYTES)
		return MSD_DNS_FORMERR;
	for (i = 0; i < q->nq; i++) {
		u8 rcode = refusal(&q->q[i]);

		if (rcode)
			return rcode;
	}
	return 0;
}

static u8 objection(const struct msd_dns_query *q)
{
	if (q->broken)
		return MSD_DNS_FORMERR;
	if (q->edns && q->version)
		return MSD_DNS_BADVERS;
	if (q->tsig.name.p)
		return MSD_DNS_NOTAUTH;
	switch (q->flags & MSD_DNS_OPCODE) {
	case MSD_DNS_QUERY:
		return query_objection(q);
	case MSD_DNS_NOTIFY:
	case MSD_DNS_UPDATE:
		return q->nq == 1 ? MSD_DNS_NOTAUTH : MSD_DNS_FORMERR;
	}
	return MSD_DNS_NOTIMP;
}

static void put_head(struct msd_buf *out, const struct msd_dns_question *q,
		     u16 type, u32 ttl, u16 len)
{
	msd_put_be16(out, 0xc000 | q->at);
	msd_put_be16(out, type);
	msd_put_be16(out, q->class);
	msd_put_be32(out, ttl);
	msd_put_be16(out, len);
}

/* As in the empty zones of BIND: "@ SOA @ . 0 28800 7200 604800 86400". */
static void put_soa(struct msd_buf *out, const struct msd_dns_question *q)
{
	put_head(out, q, MSD_DNS_SOA, TTL_SOA, SOA_LEN - RECORD_LEN);
	msd_put_be16(out, 0xc000 | q->at);
	msd_put8(out, 0);
	msd_put_be32(out, 0);
	msd_put_be32(out, 28800);
	msd_put_be32(out, 7200);
	msd_put_be32(out, 604800);
	msd_put_be32(out, 86400);
}

/* Which record of class IN a question draws; 0: none. */
static u16 internet_type(const struct msd_dns_question *q, const struct msd_flow *flow)
{
	u16 own = flow->family == 6 ? MSD_DNS_AAAA : MSD_DNS_A;

	if (q->type == MSD_DNS_ANY)
		return own;
	return q->type == MSD_DNS_SOA || q->type == own ? q->type : 0;
}

/* The texts a question of class CH draws; NULL: none. */
static const struct chaos *chaos_texts(const struct msd_dns_question *q)
{
	return q->type == MSD_DNS_TXT || q->type == MSD_DNS_ANY ?
	       find_chaos(q) : NULL;
}

static u32 chaos_len(const struct chaos *c)
{
	u32 sum = 0, i;

	for (i = 0; c && c->texts[i]; i++)
		sum += RECORD_LEN + 1 + strlen(c->texts[i]);
	return sum;
}

/* Bytes of all records of a query. */
static u32 records_len(const struct msd_dns_query *q, const struct msd_flow *flow)
{
	u32 sum = 0;
	u16 i;

	for (i = 0; i < q->nq; i++) {
		if (q->q[i].class == MSD_DNS_CH) {
			sum += chaos_len(chaos_texts(&q->q[i]));
			continue;
		}
		switch (internet_type(&q->q[i], flow)) {
		case MSD_DNS_SOA:
			sum += SOA_LEN;
			break;
		case MSD_DNS_A:
			sum += RECORD_LEN + 4;
			break;
		case MSD_DNS_AAAA:
			sum += RECORD_LEN + 16;
			break;
		}
	}
	return sum;
}

/* Each returns the number of records. */
static u16 put_chaos(struct msd_buf *out, const struct msd_dns_question *q)
{
	const struct chaos *c = chaos_texts(q);
	u32 i;

	for (i = 0; c && c->texts[i]; i++) {
		u32 len = strlen(c->texts[i]);

		put_head(out, q, MSD_DNS_TXT, 0, 1 + len);
		msd_put8(out, len);
		msd_put_bytes(out, c->texts[i], len);
	}
	return i;
}

static u16 put_internet(struct msd_buf *out, const struct msd_dns_question *q,
			const struct msd_flow *flow)
{
	u16 type = internet_type(q, flow), len = flow->family == 6 ? 16 : 4;

	if (!type)
		return 0;
	if (type == MSD_DNS_SOA) {
		put_soa(out, q);
		return 1;
	}
	put_head(out, q, type, TTL, len);
	msd_put_bytes(out, &flow->daddr, len);
	return 1;
}

static u16 put_records(struct msd_buf *out, const struct msd_dns_query *q,
		       const struct msd_flow *flow)
{
	u16 i, n = 0;

	for (i = 0; i < q->nq; i++)
		n += q->q[i].class == MSD_DNS_CH ?
			put_chaos(out, &q->q[i]) :
			put_internet(out, &q->q[i], flow);
	return n;
}

static void put_opt(struct msd_buf *out, const struct msd_dns_query *q, u8 rcode)
{
	msd_put8(out, 0);
	msd_put_be16(out, MSD_DNS_OPT);
	msd_put_be16(out, EDNS_SIZE);
	msd_put8(out, rcode >> 4);
	msd_put8(out, 0);
	msd_put_be16(out, q->want_dnssec ? MSD_DNS_DO : 0);
	msd_put_be16(out, 0);
}

/* RFC 8945 section 5.3.2: unsigned, the key is not known. */
static void put_tsig(struct msd_buf *out, const struct msd_dns_tsig *t, u64 now)
{
	msd_put_bytes(out, t->name.p, t->name.len);
	msd_put_be16(out, MSD_DNS_TSIG);
	msd_put_be16(out, MSD_DNS_CLASS_ANY);
	msd_put_be32(out, 0);
	msd_put_be16(out, t->algorithm.len + 16);
	msd_put_bytes(out, t->algorithm.p, t->algorithm.len);
	msd_put_be16(out, now >> 32);
	msd_put_be32(out, now);
	msd_put_be16(out, t->fudge);
	msd_put_be16(out, 0);
	msd_put_be16(out, t->id);
	msd_put_be16(out, BADKEY);
	msd_put_be16(out, 0);
}

/**
 * struct counts - records of a reply by section
 * @answer: in the answer section
 * @authority: in the authority section
 * @truncated: some were left out
 */
struct counts {
	u16 answer;
	u16 authority;
	bool truncated;
};

/* The records of a query that is answered, in at most @room bytes. */
static struct counts put_sections(struct msd_buf *out, const struct msd_request *rq,
				  const struct msd_dns_query *q, u32 room)
{
	struct counts n = { 0 };

	n.truncated = records_len(q, rq->flow) > room;
	if (!n.truncated)
		n.answer = put_records(out, q, rq->flow);
	if (n.answer || n.truncated || q->nq != 1 || room < SOA_LEN)
		return n;
	put_soa(out, &q->q[0]);
	n.authority = 1;
	return n;
}

/* Is the question section sent back? */
static bool echoes(const struct msd_dns_query *q, u8 rcode)
{
	return q->nq && q->nq <= MSD_DNS_QUESTIONS && q->section.len &&
	       (rcode != MSD_DNS_FORMERR || q->nq == 1);
}

static void put_reply(const struct msd_request *rq, const struct msd_dns_query *q,
		      u32 asked, struct msd_buf *out)
{
	bool udp = rq->transport == MSD_UDP, tsig = q->tsig.name.p;
	u32 start = out->len, room = udp ? UDP_MOST(asked) : U32_MAX;
	u8 rcode = objection(q);
	struct counts n = { 0 };
	u16 flags;

	msd_put_be16(out, q->id);
	msd_put_be16(out, 0);
	msd_put_be16(out, echoes(q, rcode) ? q->nq : 0);
	msd_put_be32(out, 0);
	msd_put_be16(out, q->edns + tsig);
	if (echoes(q, rcode))
		msd_put_bytes(out, q->section.p, q->section.len);
	room -= out->len - start + (q->edns ? MSD_DNS_OPT_LEN : 0);
	if (!rcode)
		n = put_sections(out, rq, q, room);
	if (q->edns)
		put_opt(out, q, rcode);
	if (tsig)
		put_tsig(out, &q->tsig, rq->ctx->now);

	flags = MSD_DNS_QR | (q->flags & (MSD_DNS_OPCODE | MSD_DNS_RD | MSD_DNS_CD));
	flags |= (rcode & MSD_DNS_RCODE) | (rcode ? 0 : MSD_DNS_AA);
	msd_patch_be16(out, start + 2, flags | (n.truncated ? MSD_DNS_TC : 0));
	msd_patch_be16(out, start + 6, n.answer);
	msd_patch_be16(out, start + 8, n.authority);
}

static enum msd_ask answer_udp(struct msd_request *rq, struct msd_buf *out)
{
	struct msd_dns_query q = {};

	if (!msd_dns_parse(rq->in, rq->flow, &q))
		return MSD_ASK_NOT_MINE;
	put_reply(rq, &q, rq->in.len, out);
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
	struct msd_dns_query q = {};

	/* The pattern of a datagram matches a stream, too. */
	if (len > LENGTH_MAX)
		return MSD_ASK_NOT_MINE;
	rq->need = 2 + (v.len < MSD_DNS_HEADER ? MSD_DNS_HEADER : len);
	if (v.len < MSD_DNS_HEADER)
		return MSD_ASK_MORE;
	if (v.len < len)
		return msd_dns_begins(v) ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
	if (!msd_dns_parse(msd_sub(&v, len), rq->flow, &q))
		return MSD_ASK_NOT_MINE;
	msd_put_be16(out, 0);
	put_reply(rq, &q, len, out);
	msd_patch_be16(out, start, out->len - start - 2);
	return MSD_ASK_ANSWER;
}

static enum msd_ask answer(struct msd_request *rq, struct msd_buf *out)
{
	return rq->transport == MSD_TCP ? answer_tcp(rq, out) : answer_udp(rq, out);
}

/*
 * A header of a request with up to seven questions, fifteen answer, 63 authority
 * and seven additional records; over TCP behind a length below 4096, and of an opcode that is
 * given, since a stream of somebody else would be waited for.
 */
#define HEAD "\0\0\0\0\0\0\0\0\0\0\0\0"
#define HEAD_MASK "\x00\x00\x80\x00\xff\xf8\xff\xf0\xff\xc0\xff\xf8"
#define TCP_MASK "\x00\x00\xc2\x8f\xff\xf8\xff\xf0\xff\xc0\xff\xf8"

static const struct msd_pattern patterns[] = {
	MSD_PATTERN_MASK(HEAD, HEAD_MASK),
	MSD_PATTERN_MASK("\0\0" HEAD, "\xf0\x00" TCP_MASK),
};

const struct msd_responder msd_dns = {
	.name = "dns",
	.source = "RFC 1035, RFC 6891, RFC 7766, RFC 8906",
	.transports = MSD_TCP | MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = answer,
};
