// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must come back for a request, and whether it did.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "fuzz.h"

#define HEAD (MNL_NLMSG_HDRLEN + sizeof(struct genlmsghdr))
/* Larger than any message of a dump. */
#define RECEIVE_MAX 262144
#define NO_EDIT "no edit is open on this socket"

void complain(const struct worker *w, const char *format, ...)
{
	va_list ap;
	size_t i;

	flockfile(stdout);
	printf("# finding by worker %u: ", w->nr);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n# last datagram: ");
	for (i = 0; i < w->len; i++)
		printf("%02x", w->datagram[i]);
	printf("\n");
	fflush(stdout);
	exit(1);
}

/* ---- what must come ---- */

static bool has_doit(uint8_t cmd)
{
	return cmd > MSD_CMD_UNSPEC && cmd <= MSD_CMD_MAX && !is_dump(cmd);
}

static bool wants_dump(const struct nlmsghdr *nlh)
{
	return (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

/* genl_header_check(): flags and fields that a new family may not be sent. */
static bool bad_header(const struct nlmsghdr *nlh, const struct genlmsghdr *genl)
{
	uint16_t flags = nlh->nlmsg_flags;

	if (wants_dump(nlh))
		flags &= ~NLM_F_DUMP;
	return genl->reserved || flags & ~(NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO);
}

static void expect_error(struct request *q, int error)
{
	q->expect = EXPECT_ERROR;
	q->error = error;
}

static void expect(const struct worker *w, const struct nlmsghdr *nlh, struct request *q)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	q->expect = EXPECT_ACK;
	if (!(nlh->nlmsg_flags & NLM_F_REQUEST) || nlh->nlmsg_type < NLMSG_MIN_TYPE)
		return;
	if (nlh->nlmsg_type != w->family)
		return expect_error(q, -ENOENT);
	if (nlh->nlmsg_len < HEAD)
		return expect_error(q, -EINVAL);
	q->cmd = genl->cmd;
	q->dump = wants_dump(nlh);
	q->bare = nlh->nlmsg_len == HEAD;
	if (bad_header(nlh, genl))
		return expect_error(q, -EINVAL);
	if (!is_dump(q->cmd) && !has_doit(q->cmd))
		return expect_error(q, -EOPNOTSUPP);
	if (!w->privileged)
		q->expect = EXPECT_PERM;
	else if (q->dump != is_dump(q->cmd))
		expect_error(q, -EOPNOTSUPP);
	else
		q->expect = q->dump ? EXPECT_DUMP : EXPECT_DOIT;
}

static void pend(struct worker *w, struct session *s, struct nlmsghdr *nlh)
{
	struct request *q = &s->pending[s->n];

	s->n++;
	nlh->nlmsg_seq = ++s->seq;
	/* Numbers of families end at 1023; beyond is nobody. */
	if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && nlh->nlmsg_type < 1024)
		nlh->nlmsg_type = w->family;
	memset(q, 0, sizeof(*q));
	q->seq = s->seq;
	q->cmd = MSD_CMD_UNSPEC;
	q->ack = nlh->nlmsg_flags & NLM_F_ACK;
	expect(w, nlh, q);
}

/* netlink_rcv_skb(): a length that cannot be ends the datagram, in silence. */
void foretell(struct worker *w, struct session *s)
{
	size_t left = w->len, step;
	uint8_t *p = w->datagram;
	struct nlmsghdr *nlh;

	while (left >= MNL_NLMSG_HDRLEN) {
		nlh = (struct nlmsghdr *)p;
		if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN || nlh->nlmsg_len > left)
			return;
		if (s->n == PENDING_MAX) {
			w->len -= left;
			return;
		}
		pend(w, s, nlh);
		step = MNL_ALIGN((size_t)nlh->nlmsg_len);
		if (step > left)
			step = left;
		p += step;
		left -= step;
	}
}

/* ---- what came ---- */

static const char *keep(struct worker *w, const char *text)
{
	struct sentence *t = w->tally->sentence;
	unsigned int i;

	for (i = 0; i < SENTENCES_MAX; i++, t++) {
		if (!t->n)
			snprintf(t->text, sizeof(t->text), "%s", text);
		if (!strncmp(t->text, text, sizeof(t->text) - 1)) {
			t->n++;
			return t->text;
		}
	}
	complain(w, "more than %d sentences, the last is: %s", SENTENCES_MAX, text);
}

static void read_extack(struct worker *w, struct request *q, const void *p, size_t len)
{
	const struct nlattr *attr = p;

	for (; mnl_attr_ok(attr, len); attr = mnl_attr_next(attr)) {
		len -= MNL_ALIGN(attr->nla_len);
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS)
			q->offset = true;
		if (mnl_attr_get_type(attr) != NLMSGERR_ATTR_MSG)
			continue;
		if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
			complain(w, "a sentence is no string");
		q->sentence = keep(w, mnl_attr_get_str(attr));
	}
	if (len)
		complain(w, "%zu bytes left over behind an extack", len);
}

/* The error number, and behind @head bytes perhaps attributes. */
static void read_end(struct worker *w, struct request *q, const struct nlmsghdr *nlh, size_t head)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	const uint8_t *p = mnl_nlmsg_get_payload(nlh);

	if (len < head)
		complain(w, "an end of %zu bytes", len);
	memcpy(&q->got, p, sizeof(q->got));
	q->answers++;
	if (q->got > 0)
		complain(w, "command %u drew %d", q->cmd, q->got);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		read_extack(w, q, p + MNL_ALIGN(head), len - MNL_ALIGN(head));
}

static int no_attr(const struct nlattr *attr, void *data)
{
	unsigned int *n = data;
	const struct nlattr *inner;
	size_t len = mnl_attr_get_payload_len(attr);

	++*n;
	if (!(attr->nla_type & NLA_F_NESTED))
		return MNL_CB_OK;
	mnl_attr_for_each_nested(inner, attr)
		len -= MNL_ALIGN(inner->nla_len);
	return len ? MNL_CB_ERROR : MNL_CB_OK;
}

/* A message of the family: attributes to its very end. */
static void read_reply(struct worker *w, struct request *q, const struct nlmsghdr *nlh)
{
	unsigned int n = 0;

	q->replies++;
	if (q->cmd != MSD_CMD_VERSION_GET && !q->dump)
		complain(w, "command %u drew a message of the family", q->cmd);
	if (!w->privileged)
		complain(w, "command %u told something to somebody unprivileged", q->cmd);
	if (mnl_attr_parse(nlh, sizeof(struct genlmsghdr), no_attr, &n) < 0 || !n)
		complain(w, "the reply to command %u is malformed", q->cmd);
}

static struct request *find(struct session *s, uint32_t seq)
{
	uint32_t i = seq - s->pending[0].seq;

	return s->n && i < s->n ? &s->pending[i] : NULL;
}

static void read_message(struct worker *w, struct session *s, const struct nlmsghdr *nlh)
{
	struct request *q = find(s, nlh->nlmsg_seq);

	if (!q)
		complain(w, "an answer with number %u, which was not asked", nlh->nlmsg_seq);
	if (q->answers)
		complain(w, "command %u drew another message of type %u after its end", q->cmd,
			 nlh->nlmsg_type);
	if (nlh->nlmsg_type == NLMSG_ERROR)
		read_end(w, q, nlh, sizeof(struct nlmsgerr));
	else if (nlh->nlmsg_type == NLMSG_DONE && q->expect == EXPECT_DUMP)
		read_end(w, q, nlh, sizeof(int));
	else if (nlh->nlmsg_type == w->family)
		read_reply(w, q, nlh);
	else
		complain(w, "command %u drew a message of type %u", q->cmd, nlh->nlmsg_type);
}

/*
 * The kernel works in sendto(), and a dump goes on in recv(): when there is
 * nothing to read, nothing more will come.
 */
static void read_all(struct worker *w, struct session *s)
{
	static uint8_t buf[RECEIVE_MAX] __attribute__((aligned(8)));
	const struct nlmsghdr *nlh;
	ssize_t n;
	int len;

	while ((n = recv(s->fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC)) > 0) {
		if (n > RECEIVE_MAX)
			complain(w, "a datagram of %zd bytes", n);
		len = n;
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
			read_message(w, s, nlh);
		if (len)
			complain(w, "%d bytes left over behind an answer", len);
	}
	if (n == 0 || errno != EAGAIN)
		complain(w, "reading answers: %s", strerror(errno));
}

/* ---- comparing ---- */

static bool dump_before(const struct session *s, const struct request *q)
{
	const struct request *p;

	for (p = s->pending; p < q; p++)
		if (p->expect == EXPECT_DUMP && !p->got)
			return true;
	return false;
}

/* An error that our own code or a policy may give: it is put into words. */
static void check_words(const struct worker *w, const struct session *s, const struct request *q)
{
	if (!q->got || q->sentence)
		return;
	if (q->expect == EXPECT_DUMP && q->got == -EBUSY && dump_before(s, q))
		return;
	complain(w, "command %u was refused with %d (%s) without a sentence%s", q->cmd, q->got,
		 strerror(-q->got), q->offset ? ", but with an offset" : "");
}

static void check_count(const struct worker *w, const struct request *q)
{
	bool must = q->ack;

	if (q->expect == EXPECT_ERROR || q->expect == EXPECT_PERM || q->expect == EXPECT_DUMP)
		must = true;
	else if (q->got)
		must = true;
	if (q->answers != must)
		complain(w, "command %u drew %u answers instead of %d", q->cmd, q->answers, must);
}

static bool is_perm(const struct request *q)
{
	return q->got == -EPERM || (q->got == -EOPNOTSUPP && q->dump != is_dump(q->cmd));
}

static void check_error(const struct worker *w, const struct session *s, const struct request *q)
{
	switch (q->expect) {
	case EXPECT_ACK:
		if (q->got)
			complain(w, "a message that is no request drew %d", q->got);
		break;
	case EXPECT_ERROR:
		if (q->got != q->error)
			complain(w, "command %u drew %d instead of %d", q->cmd, q->got, q->error);
		break;
	case EXPECT_PERM:
		if (!is_perm(q))
			complain(w, "command %u, unprivileged, drew %d", q->cmd, q->got);
		break;
	default:
		check_words(w, s, q);
	}
}

static bool says_no_edit(const struct request *q)
{
	return q->sentence && !strcmp(q->sentence, NO_EDIT);
}

/* An edit is open from a BEGIN that was accepted to a COMMIT that was read. */
static void follow_edit(const struct worker *w, struct session *s, const struct request *q)
{
	if (q->expect != EXPECT_DOIT || q->cmd > MSD_CMD_EDIT_COMMIT)
		return;
	if (q->cmd == MSD_CMD_EDIT_BEGIN || q->cmd == MSD_CMD_EDIT_COMMIT)
		if (!q->bare && !q->got)
			complain(w, "command %u took an attribute", q->cmd);
	if (q->cmd == MSD_CMD_EDIT_BEGIN) {
		if (q->bare)
			s->open = !q->got;
		return;
	}
	if (!q->got && !s->open)
		complain(w, "command %u was accepted without an edit", q->cmd);
	if (says_no_edit(q) && s->open)
		complain(w, "command %u found no edit, but there is one", q->cmd);
	if (q->cmd == MSD_CMD_EDIT_COMMIT && q->bare)
		s->open = false;
}

static void add(struct tally *t, const struct request *q)
{
	struct count *c = &t->count[q->cmd <= MSD_CMD_MAX ? q->cmd : COMMANDS - 1];

	t->messages++;
	if (q->got)
		c->refused++;
	else
		c->accepted++;
}

void settle(struct worker *w, struct session *s)
{
	struct request *q;

	read_all(w, s);
	for (q = s->pending; q < s->pending + s->n; q++) {
		check_count(w, q);
		check_error(w, s, q);
		follow_edit(w, s, q);
		add(w->tally, q);
	}
	s->likely_open = s->open;
	s->n = 0;
}
