// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that are wrong: good ones with something changed, and noise.
 */
#include <string.h>
#include "fuzz.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD (MNL_NLMSG_HDRLEN + sizeof(struct genlmsghdr))
#define ATTRS_MAX 512
#define NOISE_MAX 512

/**
 * struct wrong - a message being spoilt
 * @rng: random sequence
 * @nlh: the message
 * @room: bytes it may grow to
 * @attr: its attributes and those in its nests
 * @n: number of @attr
 */
struct wrong {
	struct rng *rng;
	struct nlmsghdr *nlh;
	size_t room;
	struct nlattr *attr[ATTRS_MAX];
	unsigned int n;
};

static void remember(struct wrong *m, struct nlattr *attr)
{
	if (m->n < ATTRS_MAX)
		m->attr[m->n++] = attr;
}

/* The message is as it was built, or its first mistake stops this. */
static void find_attrs(struct wrong *m)
{
	struct nlattr *attr, *inner;

	m->n = 0;
	if (m->nlh->nlmsg_len < HEAD || m->nlh->nlmsg_len > m->room)
		return;
	mnl_attr_for_each(attr, m->nlh, sizeof(struct genlmsghdr)) {
		remember(m, attr);
		if (attr->nla_type & NLA_F_NESTED)
			mnl_attr_for_each_nested(inner, attr)
				remember(m, inner);
	}
}

static struct nlattr *any(struct wrong *m)
{
	return m->n ? m->attr[below(m->rng, m->n)] : NULL;
}

static void wrong_length(struct wrong *m)
{
	static const uint16_t length[] = { 0, 1, 3, 4, 5, 8, 20, 255, 4096, 0x7fff, 0xffff };
	struct nlattr *attr = any(m);

	if (!attr)
		return;
	if (one_in(m->rng, 2))
		attr->nla_len += below(m->rng, 9) - 4;
	else
		attr->nla_len = length[below(m->rng, LEN(length))];
}

static void wrong_type(struct wrong *m)
{
	struct nlattr *attr = any(m);

	if (attr)
		attr->nla_type = one_in(m->rng, 2) ? below(m->rng, MSD_A_MAX + 3) : rnd(m->rng);
}

static void wrong_flag(struct wrong *m)
{
	struct nlattr *attr = any(m);

	if (attr)
		attr->nla_type ^= one_in(m->rng, 2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
}

/* Put @len bytes behind the message, which says that it has them. */
static void append(struct wrong *m, const void *p, size_t len)
{
	if (m->nlh->nlmsg_len + MNL_ALIGN(len) > m->room)
		return;
	memmove((uint8_t *)m->nlh + m->nlh->nlmsg_len, p, len);
	m->nlh->nlmsg_len += MNL_ALIGN(len);
}

static void duplicate(struct wrong *m)
{
	struct nlattr *attr = any(m);

	if (attr && attr->nla_len < 300)
		append(m, attr, attr->nla_len);
}

static void foreign(struct wrong *m)
{
	uint8_t more[64];
	struct nlattr *attr = (struct nlattr *)more;

	fill(m->rng, more, sizeof(more));
	attr->nla_len = 4 + below(m->rng, sizeof(more) - 4);
	attr->nla_type = below(m->rng, MSD_A_MAX + 3);
	append(m, more, attr->nla_len);
}

static void cut_message(struct wrong *m)
{
	if (m->nlh->nlmsg_len > HEAD)
		m->nlh->nlmsg_len = HEAD + below(m->rng, m->nlh->nlmsg_len - HEAD);
}

static void wrong_bytes(struct wrong *m)
{
	uint8_t *p = (uint8_t *)m->nlh;
	unsigned int i;

	if (m->nlh->nlmsg_len <= HEAD)
		return;
	for (i = 1 + below(m->rng, 4); i; i--)
		p[HEAD + below(m->rng, m->nlh->nlmsg_len - HEAD)] = rnd(m->rng);
}

/* An attribute in a nest says that it is longer than the nest. */
static void burst_nest(struct wrong *m)
{
	struct nlattr *attr = any(m);

	if (attr && attr->nla_type & NLA_F_NESTED && attr->nla_len >= 8)
		((struct nlattr *)(attr + 1))->nla_len = attr->nla_len + below(m->rng, 8);
}

static void cut_nest(struct wrong *m)
{
	struct nlattr *attr = any(m);

	if (attr && attr->nla_type & NLA_F_NESTED && attr->nla_len > 4)
		attr->nla_len = 4 + below(m->rng, attr->nla_len - 4);
}

static void wrong_command(struct wrong *m)
{
	struct genlmsghdr *genl = (struct genlmsghdr *)(m->nlh + 1);

	genl->cmd = one_in(m->rng, 4) ? rnd(m->rng) : below(m->rng, COMMANDS);
	if (one_in(m->rng, 4))
		genl->version = rnd(m->rng);
	if (one_in(m->rng, 4))
		genl->reserved = rnd(m->rng);
}

static void wrong_header(struct wrong *m)
{
	if (one_in(m->rng, 2))
		m->nlh->nlmsg_flags = rnd(m->rng);
	if (one_in(m->rng, 3))
		m->nlh->nlmsg_type = one_in(m->rng, 2) ? below(m->rng, 16) : rnd(m->rng);
	m->nlh->nlmsg_pid = rnd(m->rng);
}

static void (*const ways[])(struct wrong *m) = {
	wrong_length, wrong_length, wrong_type, wrong_flag, duplicate, foreign, cut_message,
	wrong_bytes, wrong_bytes, burst_nest, cut_nest, wrong_command, wrong_header,
};

/* The message says that it is longer or shorter than it is. */
static void lie(struct rng *r, struct nlmsghdr *nlh)
{
	static const uint32_t length[] = { 0, 1, 15, 16, 17, 19, 20, 21, 24, 0x10000, 0xfffffff0,
					   UINT32_MAX };

	if (one_in(r, 2))
		nlh->nlmsg_len += below(r, 17) - 8;
	else
		nlh->nlmsg_len = length[below(r, LEN(length))];
}

size_t spoil(struct worker *w, struct nlmsghdr *nlh, size_t room)
{
	struct wrong m = { .rng = &w->rng, .nlh = nlh, .room = room };
	unsigned int i;
	size_t len;

	for (i = one_in(&w->rng, 2) ? 1 : 3; i; i--) {
		find_attrs(&m);
		ways[below(&w->rng, LEN(ways))](&m);
	}
	len = MNL_ALIGN(nlh->nlmsg_len);
	if (one_in(&w->rng, 12))
		lie(&w->rng, nlh);
	return len;
}

void noise(struct worker *w, struct nlmsghdr *nlh)
{
	uint32_t len = below(&w->rng, NOISE_MAX);
	struct genlmsghdr *genl = (struct genlmsghdr *)(nlh + 1);

	memset(nlh, 0, HEAD);
	nlh->nlmsg_len = HEAD + len;
	nlh->nlmsg_type = w->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | (one_in(&w->rng, 2) ? NLM_F_ACK : 0) |
			   (one_in(&w->rng, 2) ? NLM_F_DUMP : 0);
	genl->cmd = below(&w->rng, COMMANDS);
	genl->version = MSD_GENL_VERSION;
	fill(&w->rng, genl + 1, len);
}
