// SPDX-License-Identifier: GPL-2.0-only
/*
 * DNS messages: is it a request, and what does it ask. Everything is looked at
 * once; pointers are checked, not followed.
 *
 * What does not parse is a request all the same, and worth a FORMERR, when its
 * header has nothing that a request has not and its question begins as a name
 * does. NBNS, mDNS and LLMNR share the format and are others' (RFC 1002, 6762,
 * 4795): they are known by their ports, their names and their classes.
 */
#include <linux/kernel.h>
#include "dns.h"

#define LABEL_MAX	63
#define NAME_MAX_LEN	255
#define POINTER		0xc0
/* mDNS: a unicast answer is wanted. */
#define CLASS_QU	0x8000
/* What a request has no use for; one that parses may have it. */
#define FLAG_IDLE	(MSD_DNS_AA | MSD_DNS_TC | MSD_DNS_RA | MSD_DNS_RCODE)

#define PORT_DNS	53
#define PORT_NBNS	137
#define PORT_MDNS	5353
#define PORT_LLMNR	5355

/* A NetBIOS name: sixteen bytes, each as two letters. */
#define NETBIOS_LEN	32

static bool get_header(struct msd_view *v, struct msd_dns_query *q)
{
	u32 i;

	q->id = msd_get_be16(v);
	q->flags = msd_get_be16(v);
	q->nq = msd_get_be16(v);
	for (i = 0; i < ARRAY_SIZE(q->others); i++)
		q->others[i] = msd_get_be16(v);
	return msd_view_ok(v) && !(q->flags & MSD_DNS_QR);
}

bool msd_dns_begins(struct msd_view v)
{
	struct msd_dns_query q;

	return get_header(&v, &q);
}

/*
 * A header alone: twelve zero bytes are no question, and other opcodes than
 * QUERY need none.
 */
static bool header_only_ok(const struct msd_dns_query *q)
{
	u16 idle = FLAG_IDLE;

	if (q->nq || q->others[0] || q->others[1] || q->others[2])
		return false;
	if ((q->flags & MSD_DNS_OPCODE) == MSD_DNS_NOTIFY)
		idle &= ~MSD_DNS_AA;
	return !(q->flags & idle) &&
	       q->flags & (MSD_DNS_OPCODE | MSD_DNS_RD);
}

/* Records alone: what an inverse query asks with, or a cookie (RFC 7873). */
static bool no_question_ok(const struct msd_dns_query *q)
{
	if (q->flags & FLAG_IDLE)
		return false;
	if ((q->flags & MSD_DNS_OPCODE) == MSD_DNS_IQUERY)
		return q->others[0] == 1;
	return q->edns && !q->others[0] && !q->others[1];
}

static bool others_port(__be16 port)
{
	switch (be16_to_cpu(port)) {
	case PORT_NBNS:
	case PORT_MDNS:
	case PORT_LLMNR:
		return true;
	}
	return false;
}

/* Whoever asks port 53 means DNS, from whatever port. */
static bool is_others(const struct msd_flow *flow)
{
	return others_port(flow->dport) ||
	       (others_port(flow->sport) &&
		flow->dport != cpu_to_be16(PORT_DNS));
}

/* Labels only: nothing stands before a question that it could point to. */
static struct msd_view get_labels(struct msd_view *v)
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

static bool get_questions(struct msd_view *v, struct msd_dns_query *q)
{
	u32 whole = v->len;
	u16 i;

	q->section = *v;
	for (i = 0; i < q->nq && msd_view_ok(v); i++) {
		struct msd_dns_question one = { .at = MSD_DNS_HEADER + whole - v->len };

		one.name = get_labels(v);
		one.type = msd_get_be16(v);
		one.class = msd_get_be16(v);
		if (i < MSD_DNS_QUESTIONS)
			q->q[i] = one;
	}
	msd_trim(&q->section, whole - v->len);
	return msd_view_ok(v);
}

/* Skip a name that may end in a pointer to what stands before it. */
static void skip_name(struct msd_view *v, const u8 *msg)
{
	u32 at = v->p - msg, total = 0;
	u8 n;

	do {
		n = msd_get8(v);
		if (n >= POINTER) {
			u32 to = (n & ~POINTER) << 8 | msd_get8(v);

			v->bad |= to < MSD_DNS_HEADER || to >= at;
			return;
		}
		total += n + 1;
		msd_skip(v, n);
		v->bad |= n > LABEL_MAX || total > NAME_MAX_LEN;
	} while (n && msd_view_ok(v));
}

/* The OPT record of RFC 6891, of which there is one at most. */
static bool take_opt(struct msd_dns_query *q, bool root, u32 ttl, struct msd_view options)
{
	bool first = !q->edns;

	q->edns = true;
	q->version = ttl >> 16;
	q->want_dnssec = ttl & MSD_DNS_DO;
	while (options.len) {
		msd_skip(&options, 2);
		msd_skip(&options, msd_get_be16(&options));
	}
	return root && first && msd_view_ok(&options);
}

static bool take_tsig(struct msd_dns_query *q, struct msd_view name, struct msd_view v)
{
	struct msd_dns_tsig t = { 0 };

	t.name = get_labels(&name);
	t.algorithm = get_labels(&v);
	msd_skip(&v, 6);
	t.fudge = msd_get_be16(&v);
	msd_skip(&v, msd_get_be16(&v));
	t.id = msd_get_be16(&v);
	msd_skip(&v, 2);
	msd_skip(&v, msd_get_be16(&v));
	if (!msd_view_ok(&name) || !msd_view_ok(&v) || v.len)
		return false;
	q->tsig = t;
	return true;
}

/* Take a record; @extra: of the additional section, @last: its last. */
static bool get_record(struct msd_view *v, const u8 *msg, bool extra, bool last,
		       struct msd_dns_query *q)
{
	struct msd_view name = *v, data;
	u16 type, class;
	u32 ttl;

	skip_name(v, msg);
	msd_trim(&name, name.len - v->len);
	type = msd_get_be16(v);
	class = msd_get_be16(v);
	ttl = msd_get_be32(v);
	data = msd_sub(v, msd_get_be16(v));
	if (!msd_view_ok(v))
		return false;
	if (type == MSD_DNS_OPT)
		return extra && take_opt(q, name.len == 1, ttl, data);
	if (type == MSD_DNS_TSIG)
		return last && take_tsig(q, name, data);
	return type && (type != MSD_DNS_A || class != MSD_DNS_IN || data.len == 4);
}

static bool get_records(struct msd_view *v, const u8 *msg, struct msd_dns_query *q)
{
	u32 section;
	u16 left;

	for (section = 0; section < ARRAY_SIZE(q->others); section++)
		for (left = q->others[section]; left; left--)
			if (!get_record(v, msg, section == 2,
					section == 2 && left == 1, q))
				return false;
	return true;
}

static bool printable(const u8 *p, u32 len)
{
	while (len--)
		if (p[len] <= ' ' || p[len] > '~')
			return false;
	return true;
}

/*
 * Does a question that did not parse begin as one? With a pointer and what
 * belongs behind a name, or with labels of letters, of which the last may be cut.
 */
static bool named(struct msd_view v)
{
	u32 total = 0;
	u8 n;

	if (v.len && *v.p >= POINTER)
		return v.len >= 6;
	while (v.len > 1 && *v.p && total <= NAME_MAX_LEN) {
		n = msd_get8(&v);
		total += n + 1;
		n = n < v.len ? n : v.len;
		if (!printable(v.p, n))
			return false;
		msd_skip(&v, n);
	}
	return total;
}

/* Is it a request for all that did not parse behind @rest? */
static bool surely(const struct msd_dns_query *q, struct msd_view rest)
{
	u16 opcode = q->flags & MSD_DNS_OPCODE;

	if (q->flags & FLAG_IDLE || q->nq != 1 || opcode > MSD_DNS_UPDATE)
		return false;
	return q->section.len || (!q->others[0] && !q->others[1] && named(rest));
}

/* Two letters a byte, type NB or NBSTAT. */
static bool is_netbios(const struct msd_dns_question *q)
{
	u32 i;

	if ((q->type != MSD_DNS_NB && q->type != MSD_DNS_NBSTAT) ||
	    q->name.len < NETBIOS_LEN + 2 || *q->name.p != NETBIOS_LEN)
		return false;
	for (i = 1; i <= NETBIOS_LEN; i++)
		if (q->name.p[i] < 'A' || q->name.p[i] > 'P')
			return false;
	return true;
}

/* Below .local, which belongs to mDNS. */
static bool is_local(const struct msd_view *name)
{
	static const char local[] = "\5local";

	return name->len >= sizeof(local) &&
	       !strncasecmp((const char *)name->p + name->len - sizeof(local),
			    local, sizeof(local));
}

static bool question_ok(const struct msd_dns_query *q, u32 i,
			const struct msd_flow *flow)
{
	const struct msd_dns_question *one = &q->q[i];
	bool asked = q->id && flow->dport == cpu_to_be16(PORT_DNS);

	return one->type && one->class && !(one->class & CLASS_QU) &&
	       !is_netbios(one) && (asked || !is_local(&one->name));
}

bool msd_dns_parse(struct msd_view v, const struct msd_flow *flow,
		   struct msd_dns_query *q)
{
	const u8 *msg = v.p;
	struct msd_view rest;
	u32 i;

	if (!get_header(&v, q) || is_others(flow))
		return false;
	if (!v.len)
		return header_only_ok(q);
	rest = v;
	if (!get_questions(&v, q)) {
		q->section.len = 0;
		q->broken = true;
		return surely(q, rest);
	}
	for (i = 0; i < q->nq && i < MSD_DNS_QUESTIONS; i++)
		if (!question_ok(q, i, flow))
			return false;
	if (!get_records(&v, msg, q)) {
		q->broken = true;
		return surely(q, rest);
	}
	if (!q->nq && !no_question_ok(q))
		return false;
	/* masscan sends a NUL too many. */
	return !v.len || (v.len == 1 && !*v.p);
}
