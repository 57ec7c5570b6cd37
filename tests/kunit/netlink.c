// SPDX-License-Identifier: GPL-2.0-only
/* A client of the family in the kernel: see netlink.h. */
#include <linux/file.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include "../../kmod/genl.h"
#include "netlink.h"

static struct socket *sock;
static u32 seq;

static int option(int name)
{
	int one = 1;

	return sock->ops->setsockopt(sock, SOL_NETLINK, name,
				     KERNEL_SOCKPTR(&one), sizeof(one));
}

/* Netlink asks the file of a socket for its opener's capabilities. */
int nl_open(void)
{
	struct file *file;
	int err;

	err = sock_create_kern(&init_net, PF_NETLINK, SOCK_RAW, NETLINK_GENERIC,
			       &sock);
	if (err)
		return err;
	file = sock_alloc_file(sock, 0, NULL);
	if (IS_ERR(file))
		return PTR_ERR(file);
	sock->sk->sk_rcvtimeo = HZ;
	return option(NETLINK_EXT_ACK) ?: option(NETLINK_CAP_ACK) ?:
	       option(NETLINK_GET_STRICT_CHK);
}

void nl_close(void)
{
	fput(sock->file);
	flush_delayed_fput();
}

static int send(u8 cmd, bool dump, const struct nl_attr *attrs)
{
	struct sk_buff *skb = alloc_skb(NLMSG_GOODSIZE, GFP_KERNEL);
	struct msghdr msg = {};
	struct nlmsghdr *nlh;
	struct kvec vec;
	int i, err = -EMSGSIZE;
	void *hdr;

	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put(skb, 0, ++seq, &msd_genl, dump ? NLM_F_DUMP : NLM_F_ACK,
			  cmd);
	for (i = 0; hdr && i < NL_ATTRS; i++)
		if (attrs[i].type && nla_put(skb, attrs[i].type, attrs[i].len,
					     attrs[i].data))
			hdr = NULL;
	if (hdr) {
		nlh = nlmsg_hdr(skb);
		nlh->nlmsg_flags |= NLM_F_REQUEST;
		nlh->nlmsg_len = skb->len;
		vec.iov_base = skb->data;
		vec.iov_len = skb->len;
		err = kernel_sendmsg(sock, &msg, &vec, 1, skb->len);
	}
	kfree_skb(skb);
	return err < 0 ? err : 0;
}

/* The sentence of a refusal, behind an error whose request is cut off. */
static void read_said(const struct nlmsghdr *nlh, int fixed, struct nl_answer *a)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	attr = nlmsg_find_attr(nlh, fixed, NLMSGERR_ATTR_MSG);
	if (attr)
		nla_strscpy(a->said, attr, sizeof(a->said));
}

/* Return: true when this was the last message. */
static bool read_message(const struct nlmsghdr *nlh, struct nl_answer *a)
{
	if (nlh->nlmsg_type != NLMSG_ERROR && nlh->nlmsg_type != NLMSG_DONE) {
		a->replies++;
		return false;
	}
	a->err = *(int *)nlmsg_data(nlh);
	read_said(nlh, nlh->nlmsg_type == NLMSG_ERROR ?
		       sizeof(struct nlmsgerr) : sizeof(int), a);
	return true;
}

int nl_ask(u8 cmd, bool dump, const struct nl_attr *attrs, struct nl_answer *a)
{
	static u8 buf[32768] __aligned(NLMSG_ALIGNTO);
	int err = send(cmd, dump, attrs);
	bool last = false;

	memset(a, 0, sizeof(*a));
	while (!err && !last) {
		struct kvec vec = { .iov_base = buf, .iov_len = sizeof(buf) };
		const struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
		struct msghdr msg = {};
		int len = kernel_recvmsg(sock, &msg, &vec, 1, sizeof(buf), 0);

		if (len < 0)
			err = len;
		for (; len > 0 && nlmsg_ok(nlh, len) && !last;
		     nlh = nlmsg_next(nlh, &len))
			last = read_message(nlh, a);
	}
	return err;
}
