// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_call() against a kernel that is played: libmnl's send and receive are
 * replaced at link time (--wrap).
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/netlink.h"
#include "tap.h"

#define PIECES 64

/* One receive each; length 0 is EINTR, negative an errno. */
static struct piece {
	union {
		struct nlmsghdr msg;
		char bytes[2048];
	};
	int len;
} pieces[PIECES];

static size_t npieces, next, sent;
static __u32 seq;

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
				 size_t size)
{
	const struct nlmsghdr *msg = req;

	(void)nl;
	seq = msg->nlmsg_seq;
	sent++;
	return size;
}

static bool piece_ok(const struct nlmsghdr *msg, int left)
{
	return left >= (int)sizeof(*msg) && msg->nlmsg_len >= sizeof(*msg) &&
	       msg->nlmsg_len <= (__u32)left;
}

/* Answers carry the sequence number of the request sent last. */
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf,
				   size_t size)
{
	struct piece *p = &pieces[next++];
	struct nlmsghdr *msg = &p->msg;
	int left = p->len;

	(void)nl;
	if (next > npieces || p->len <= 0) {
		errno = next > npieces ? EPIPE : p->len ? -p->len : EINTR;
		return -1;
	}
	for (; piece_ok(msg, left); msg = mnl_nlmsg_next(msg, &left))
		msg->nlmsg_seq += seq;
	if (size < (size_t)p->len)
		abort();
	memcpy(buf, p->bytes, p->len);
	return p->len;
}

static struct piece *piece(void)
{
	struct piece *p = &pieces[npieces++];

	memset(p, 0, sizeof(*p));
	return p;
}

/* A message at the end of the piece. */
static struct nlmsghdr *add(struct piece *p, __u16 type, __u16 flags)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(p->bytes + p->len);

	msg->nlmsg_type = type;
	msg->nlmsg_flags = flags;
	return msg;
}

static void end(struct piece *p, const struct nlmsghdr *msg)
{
	p->len = (const char *)msg + NLMSG_ALIGN(msg->nlmsg_len) - p->bytes;
}

static void add_error(int error, __u16 flags, const char *sentence,
		      const void *cookie)
{
	struct piece *p = piece();
	struct nlmsghdr *msg = add(p, NLMSG_ERROR, flags);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(msg, sizeof(*e));

	e->error = -error;
	e->msg.nlmsg_len = MNL_NLMSG_HDRLEN + 20;
	if (!(flags & NLM_F_CAPPED))
		memset(mnl_nlmsg_put_extra_header(msg, 20), 0xff, 20);
	if (sentence)
		mnl_attr_put_strz(msg, NLMSGERR_ATTR_MSG, sentence);
	if (cookie)
		mnl_attr_put(msg, NLMSGERR_ATTR_COOKIE, 16, cookie);
	end(p, msg);
}

/* A refusal that names an interface. */
static void add_blame(__u32 ifindex)
{
	struct piece *p = piece();
	struct nlmsghdr *msg = add(p, NLMSG_ERROR,
				   NLM_F_CAPPED | NLM_F_ACK_TLVS);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(msg, sizeof(*e));

	e->error = -ENODEV;
	mnl_attr_put_strz(msg, NLMSGERR_ATTR_MSG, "no");
	mnl_attr_put_u32(msg, NLMSGERR_ATTR_COOKIE, ifindex);
	end(p, msg);
}

static void add_data(struct piece *p, __u16 flags, __u32 ifindex)
{
	struct nlmsghdr *msg = add(p, 33, flags);

	mnl_nlmsg_put_extra_header(msg, sizeof(struct genlmsghdr));
	mnl_attr_put_u32(msg, MSD_A_IFINDEX, ifindex);
	end(p, msg);
}

static void add_done(struct piece *p, __u16 flags, int error,
		     const char *sentence)
{
	struct nlmsghdr *msg = add(p, NLMSG_DONE, flags);
	int *e = mnl_nlmsg_put_extra_header(msg, sizeof(*e));

	*e = -error;
	if (sentence)
		mnl_attr_put_strz(msg, NLMSGERR_ATTR_MSG, sentence);
	end(p, msg);
}

static struct err err;
static struct nl_reply got;

/* Return: what nl_call() does; the answers are in @got. */
static int call(void)
{
	struct nl nl = { .family = 33, .seq = 100 };
	union nl_buf buf;
	int ret;

	next = 0;
	sent = 0;
	err.text[0] = '\0';
	ret = nl_call(&nl, nl_message(&buf, 33, MSD_CMD_IFACE_GET, NLM_F_ACK),
		      &got, &err);
	npieces = 0;
	return ret;
}

static size_t answers(void)
{
	const struct nlmsghdr *msg = NULL;
	size_t n = 0;

	while ((msg = nl_next(&got, msg)))
		n++;
	return n;
}

static void test_acks(void)
{
	add_error(0, NLM_F_CAPPED, NULL, NULL);
	tap_ok(!call(), "acknowledged");
	piece();
	add_error(0, 0, NULL, NULL);
	tap_ok(!call(), "an interrupted receive is repeated");
	piece()->len = -ENOBUFS;
	tap_ok(call() < 0 && strstr(err.text, strerror(ENOBUFS)),
	       "a failed receive is an error");
}

static void test_refusals(void)
{
	static const __u8 v4[16] = { [10] = 0xff, 0xff, 192, 0, 2, 5 };
	static const __u8 v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 5 };

	add_error(EINVAL, NLM_F_CAPPED | NLM_F_ACK_TLVS, "a sentence", NULL);
	tap_ok(call() < 0, "refused");
	tap_str(err.text, "a sentence", "the kernel's sentence, verbatim");
	add_error(EINVAL, NLM_F_ACK_TLVS, "behind the request", NULL);
	call();
	tap_str(err.text, "behind the request", "with the request echoed");
	add_error(EINVAL, NLM_F_CAPPED | NLM_F_ACK_TLVS, "own", v4);
	call();
	tap_str(err.text, "own (192.0.2.5)", "with the IPv4 address it names");
	add_error(EINVAL, NLM_F_CAPPED | NLM_F_ACK_TLVS, "own", v6);
	call();
	tap_str(err.text, "own (2001:db8::5)", "with the IPv6 address it names");
	add_error(EINVAL, NLM_F_CAPPED | NLM_F_ACK_TLVS, "a\033[2Jb\n", NULL);
	call();
	tap_str(err.text, "a\\x1b[2Jb\\x0a", "control characters are quoted");
	add_error(EPERM, NLM_F_CAPPED, NULL, NULL);
	call();
	tap_ok(strstr(err.text, "CAP_NET_ADMIN"), "no permission");
	add_error(ENOMEM, NLM_F_CAPPED, NULL, NULL);
	call();
	tap_str(err.text, strerror(ENOMEM), "without a sentence");
}

static void test_blame(void)
{
	static const struct iface_edit edits[] = {
		{ .op = EDIT_DETACH, .ifindex = 7 },
		{ .op = EDIT_DETACH, .ifindex = 8 },
	};
	struct nl nl = { .family = 33, .seq = 100 };
	int i;

	for (i = 0; i < 3; i++)
		add_error(i == 2 ? EINVAL : 0, NLM_F_CAPPED, NULL, NULL);
	next = 0;
	tap_ok(nl_edit(&nl, edits, 2, &err) < 0 && nl.blame.ifindex == 8,
	       "a refused message is about its interface");
	npieces = 0;
	nl.seq = 100;
	for (i = 0; i < 3; i++)
		add_error(0, NLM_F_CAPPED, NULL, NULL);
	add_blame(7);
	next = 0;
	tap_ok(nl_edit(&nl, edits, 2, &err) < 0 && nl.blame.ifindex == 7 &&
	       !nl.blame.has_addr, "a refused commit about the one it names");
	tap_str(err.text, "no", "and nothing is printed of it");
	npieces = 0;
}

/* An edit of one interface, whose last acknowledgment gets lost on the way. */
static int edit_unanswered(int acks)
{
	static const struct iface_edit edit = { .op = EDIT_DETACH, .ifindex = 7 };
	struct nl nl = { .family = 33, .seq = 100, .blame.has_addr = true };
	int i, ret;

	for (i = 0; i < acks; i++)
		add_error(0, NLM_F_CAPPED, NULL, NULL);
	piece()->len = -ENOBUFS;
	next = 0;
	ret = nl_edit(&nl, &edit, 1, &err);
	npieces = 0;
	return nl.blame.has_addr ? 0 : ret;
}

static bool outcome_unknown(const char *command)
{
	return strstr(err.text, "no answer from the kernel") &&
	       strstr(err.text, "may have been done") &&
	       strstr(err.text, command) && strstr(err.text, strerror(ENOBUFS));
}

static void test_unanswered(void)
{
	struct nl nl = { .family = 33, .seq = 100 };

	tap_ok(edit_unanswered(0) < 0 && !outcome_unknown("") &&
	       edit_unanswered(1) < 0 && !outcome_unknown(""),
	       "no answer before the commit: nothing was done");
	tap_ok(edit_unanswered(2) < 0 && outcome_unknown("msdctl show"),
	       "no answer to the commit: it may have been done");
	piece()->len = -ENOBUFS;
	next = 0;
	tap_ok(nl_reset_stats(&nl, 0, &err) < 0 &&
	       outcome_unknown("msdctl stats"), "nor to a reset of the counters");
	npieces = 0;
	add_error(EINVAL, NLM_F_CAPPED, NULL, NULL);
	next = 0;
	tap_ok(nl_reset_stats(&nl, 0, &err) < 0 && !outcome_unknown(""),
	       "a refusal is an answer");
	npieces = 0;
}

static void test_truncated(void)
{
	struct piece *p;
	int len;

	for (len = MNL_NLMSG_HDRLEN; len < 36; len++) {
		add_error(EINVAL, NLM_F_CAPPED | NLM_F_ACK_TLVS, "text", NULL);
		p = &pieces[0];
		p->msg.nlmsg_len = len;
		if (call() >= 0)
			break;
	}
	tap_ok(len == 36, "a truncated acknowledgment is an error");
	p = piece();
	add(p, NLMSG_ERROR, 0)->nlmsg_len = 4096;
	p->len = MNL_NLMSG_HDRLEN;
	tap_ok(call() < 0, "a length beyond the message is no message");
}

static void test_dumps(void)
{
	struct piece *p = piece();

	add_data(p, NLM_F_MULTI, 1);
	add_data(p, NLM_F_MULTI, 2);
	p = piece();
	add_data(p, NLM_F_MULTI, 3);
	add_done(piece(), NLM_F_MULTI, 0, NULL);
	tap_ok(!call() && answers() == 3 && sent == 1, "dump of three");
	p = piece();
	add_data(p, NLM_F_MULTI, 1);
	add_done(p, NLM_F_MULTI | NLM_F_ACK_TLVS, ENOENT, "not attached");
	tap_ok(call() < 0, "a dump may fail at its end");
	tap_str(err.text, "not attached", "and says why");
}

static void test_interrupted(void)
{
	struct piece *p = piece();
	int i;

	add_data(p, NLM_F_MULTI, 1);
	add_data(p, NLM_F_MULTI | NLM_F_DUMP_INTR, 2);
	add_done(p, NLM_F_MULTI, 0, NULL);
	p = piece();
	add_data(p, NLM_F_MULTI, 1);
	add_done(p, NLM_F_MULTI, 0, NULL);
	tap_ok(!call() && sent == 2 && answers() == 1,
	       "a dump that saw a change is repeated, the first one forgotten");
	for (i = 0; i < PIECES; i++)
		add_done(piece(), NLM_F_MULTI | NLM_F_DUMP_INTR, 0, NULL);
	tap_ok(call() < 0 && sent < PIECES && strstr(err.text, "changing"),
	       "but not for ever");
}

static void test_stale(void)
{
	struct piece *p = piece();

	add_data(p, NLM_F_MULTI, 1);
	p->msg.nlmsg_seq = 5;
	add_data(p, NLM_F_MULTI, 2);
	add_done(p, NLM_F_MULTI, 0, NULL);
	tap_ok(!call() && answers() == 1, "answers to another request are skipped");
}

void test_transport(void)
{
	test_acks();
	test_refusals();
	test_blame();
	test_unanswered();
	test_truncated();
	test_dumps();
	test_interrupted();
	test_stale();
	free(got.buf);
}
