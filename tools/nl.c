// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netlink socket: finding the family, requests, answers, and refusals in words.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "netlink.h"

/* A dump is repeated this often before we say that it never holds still. */
#define DUMP_TRIES 20
#define SENTENCE_LEN 400

struct nlmsghdr *nl_message(void *buf, __u16 family, __u8 cmd,
			    __u16 flags)
{
	struct nlmsghdr *msg = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	msg->nlmsg_type = family;
	msg->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(msg, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = MSD_GENL_VERSION;
	return msg;
}

const struct nlmsghdr *nl_next(const struct nl_reply *reply,
			       const struct nlmsghdr *msg)
{
	const char *at = reply->buf;
	size_t left = reply->len;

	if (msg) {
		at = (const char *)msg + NLMSG_ALIGN(msg->nlmsg_len);
		left -= at - reply->buf;
	}
	return left ? (const struct nlmsghdr *)at : NULL;
}

/* Append a message, padded to the alignment. */
static int reply_add(struct nl_reply *reply, const struct nlmsghdr *msg)
{
	size_t need = NLMSG_ALIGN(msg->nlmsg_len);

	if (reply->cap - reply->len < need) {
		size_t cap = 2 * reply->cap + need + NL_BUF;
		char *buf = realloc(reply->buf, cap);

		if (!buf)
			return -1;
		reply->buf = buf;
		reply->cap = cap;
	}
	memset(reply->buf + reply->len, 0, need);
	memcpy(reply->buf + reply->len, msg, msg->nlmsg_len);
	reply->len += need;
	return 0;
}

/* What a refusal is about: an address of 16 bytes or an ifindex of 4. */
static void read_cookie(struct nl_blame *blame, const struct nlattr *attr)
{
	switch (mnl_attr_get_payload_len(attr)) {
	case sizeof(blame->addr):
		memcpy(blame->addr, mnl_attr_get_payload(attr),
		       sizeof(blame->addr));
		blame->has_addr = true;
		break;
	case sizeof(blame->ifindex):
		blame->ifindex = mnl_attr_get_u32(attr);
		break;
	}
}

/* The address a refusal names, in brackets. */
static void blame_text(char *out, size_t size, const struct nl_blame *blame)
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	const __u8 *b = blame->addr;
	char addr[INET6_ADDRSTRLEN];

	if (!blame->has_addr)
		return;
	if (memcmp(b, mapped, sizeof(mapped)))
		inet_ntop(AF_INET6, b, addr, sizeof(addr));
	else
		inet_ntop(AF_INET, b + sizeof(mapped), addr, sizeof(addr));
	snprintf(out, size, " (%s)", addr);
}

static bool is_string(const struct nlattr *attr)
{
	return mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0;
}

/* Words for a refusal the kernel gave none for. */
static const char *errno_text(int error)
{
	if (error == EPERM)
		return "permission denied: this needs CAP_NET_ADMIN (try as root)";
	return strerror(error);
}

/* Sentence of an error: the kernel's own, verbatim, when there is one.
 * @attrs: where the extended acknowledgment begins; past the end: none
 */
static int refusal(struct nl *nl, const struct nlmsghdr *msg, size_t attrs,
		   int error, struct err *err)
{
	char sentence[SENTENCE_LEN] = "";
	const struct nlattr *attr;
	char address[64] = "";

	nl->error = error;
	if (msg->nlmsg_flags & NLM_F_ACK_TLVS &&
	    mnl_nlmsg_get_payload_len(msg) > attrs) {
		mnl_attr_for_each(attr, msg, attrs) {
			int type = mnl_attr_get_type(attr);

			if (type == NLMSGERR_ATTR_MSG && is_string(attr))
				err_quote(sentence, sizeof(sentence),
					  mnl_attr_get_str(attr));
			else if (type == NLMSGERR_ATTR_COOKIE)
				read_cookie(&nl->blame, attr);
		}
	}
	blame_text(address, sizeof(address), &nl->blame);
	return err_set(err, "%s%s", *sentence ? sentence : errno_text(error),
		       address);
}

/* A sentence that comes with an acknowledgment, which is never echoed. */
static void read_said(struct nl *nl, const struct nlmsghdr *msg, size_t attrs)
{
	const struct nlattr *attr;

	*nl->said = '\0';
	if (!(msg->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    mnl_nlmsg_get_payload_len(msg) <= attrs)
		return;
	mnl_attr_for_each(attr, msg, attrs)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    is_string(attr))
			err_quote(nl->said, sizeof(nl->said),
				  mnl_attr_get_str(attr));
}

/* Acknowledgment or error. Return: 0 or -1. */
static int read_ack(struct nl *nl, const struct nlmsghdr *msg, struct err *err)
{
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(msg);
	size_t attrs = sizeof(*ack);

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*ack))
		return err_set(err, "truncated acknowledgment");
	if (!ack->error) {
		read_said(nl, msg, attrs);
		return 0;
	}
	if (!(msg->nlmsg_flags & NLM_F_CAPPED))
		attrs += NLMSG_ALIGN(mnl_nlmsg_get_payload_len(&ack->msg));
	return refusal(nl, msg, attrs, -ack->error, err);
}

/* End of a dump, which may carry an error. Return: 0 or -1. */
static int read_done(struct nl *nl, const struct nlmsghdr *msg, struct err *err)
{
	const int *error = mnl_nlmsg_get_payload(msg);

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*error) || *error >= 0)
		return 0;
	return refusal(nl, msg, sizeof(*error), -*error, err);
}

/**
 * struct wait - state of a request under way
 * @reply: receives the answers, or NULL
 * @interrupted: the dump saw a change and is not consistent
 * @done: nothing more will come
 */
struct wait {
	struct nl_reply *reply;
	bool interrupted;
	bool done;
};

static int handle(struct nl *nl, const struct nlmsghdr *msg, struct wait *wait,
		  struct err *err)
{
	if (msg->nlmsg_seq != nl->seq)
		return 0;
	if (msg->nlmsg_flags & NLM_F_DUMP_INTR)
		wait->interrupted = true;
	switch (msg->nlmsg_type) {
	case NLMSG_ERROR:
		wait->done = true;
		return read_ack(nl, msg, err);
	case NLMSG_DONE:
		wait->done = true;
		return read_done(nl, msg, err);
	case NLMSG_NOOP:
		return 0;
	}
	if (wait->reply && reply_add(wait->reply, msg))
		return err_set(err, "out of memory");
	return 0;
}

/* mnl_nlmsg_ok() takes lengths above INT_MAX for good. */
static bool message_ok(const struct nlmsghdr *msg, int left)
{
	return left >= (int)sizeof(*msg) && msg->nlmsg_len >= sizeof(*msg) &&
	       msg->nlmsg_len <= (unsigned int)left;
}

/* Receive once and handle every message of it. */
static int receive_once(struct nl *nl, struct wait *wait, struct err *err)
{
	union {
		struct nlmsghdr align;
		char bytes[NL_BUF];
	} buf;
	const struct nlmsghdr *msg = &buf.align;
	ssize_t n = mnl_socket_recvfrom(nl->sock, &buf, sizeof(buf));
	int left = n;

	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0) {
		nl->unanswered = true;
		return err_set(err, "cannot receive: %s", strerror(errno));
	}
	for (; message_ok(msg, left) && !wait->done;
	     msg = mnl_nlmsg_next(msg, &left))
		if (handle(nl, msg, wait, err))
			return -1;
	return 0;
}

int nl_call(struct nl *nl, struct nlmsghdr *msg, struct nl_reply *reply,
	    struct err *err)
{
	int tries;

	nl->blame = (struct nl_blame){ 0 };
	for (tries = 0; tries < DUMP_TRIES; tries++) {
		struct wait wait = { .reply = reply };

		if (reply)
			reply->len = 0;
		nl->unanswered = false;
		msg->nlmsg_seq = ++nl->seq;
		if (mnl_socket_sendto(nl->sock, msg, msg->nlmsg_len) < 0)
			return err_set(err, "cannot send: %s", strerror(errno));
		while (!wait.done)
			if (receive_once(nl, &wait, err))
				return -1;
		if (!wait.interrupted)
			return 0;
	}
	return err_set(err, "the configuration keeps changing; try again");
}

static int find_id(const struct nlattr *attr, void *arg)
{
	__u16 *family = arg;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
		*family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int find_family(struct nl *nl, struct err *err)
{
	union nl_buf buf;
	struct nlmsghdr *msg = nl_message(&buf, GENL_ID_CTRL,
					  CTRL_CMD_GETFAMILY, NLM_F_ACK);
	struct nl_reply reply = { 0 };

	mnl_attr_put_strz(msg, CTRL_ATTR_FAMILY_NAME, MSD_GENL_NAME);
	nl->family = 0;
	nl->error = ENOENT;
	if (!nl_call(nl, msg, &reply, err) && reply.len)
		mnl_attr_parse(nl_next(&reply, NULL), sizeof(struct genlmsghdr),
			       find_id, &nl->family);
	free(reply.buf);
	if (nl->family || nl->error != ENOENT)
		return nl->family ? 0 : -1;
	return err_set(err, "the module is not loaded: modprobe " MSD_GENL_NAME
		       " (or insmod " MSD_GENL_NAME ".ko) first");
}

static int set_options(struct nl *nl, struct err *err)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
	};
	size_t i;
	int on = 1;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (mnl_socket_setsockopt(nl->sock, options[i], &on,
					  sizeof(on)))
			return err_set(err, "netlink socket option: %s",
				       strerror(errno));
	return 0;
}

int nl_open(struct nl *nl, struct err *err)
{
	nl->seq = time(NULL);
	nl->error = 0;
	*nl->said = '\0';
	nl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sock)
		return err_set(err, "netlink socket: %s", strerror(errno));
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0)
		err_set(err, "netlink socket: %s", strerror(errno));
	else if (!set_options(nl, err) && !find_family(nl, err))
		return 0;
	nl_close(nl);
	return -1;
}

void nl_close(struct nl *nl)
{
	mnl_socket_close(nl->sock);
}
