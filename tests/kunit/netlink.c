// SPDX-License-Identifier: GPL-2.0-only
/* A client of the family in the kernel: see netlink.h. */
#include <linux/file.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include "../../kmod/edit.h"
#include "../../kmod/genl.h"
#include "netlink.h"
#include "rig.h"

const struct nl_attr nl_nothing[NL_ATTRS];

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

int nl_begin(struct kunit *test)
{
	struct nl_answer a;
	int err = rig_attach(test);

	if (!err)
		err = nl_open();
	if (!err)
		err = nl_ask(MSD_CMD_EDIT_BEGIN, false, nl_nothing, &a) ?: a.err;
	return err;
}

void nl_end(struct kunit *test)
{
	nl_close();
	rig_detach(test);
}

/* What must not change: the namespace's generation, the edit's contents. */
static u64 state(void)
{
	struct msd_net *mn = msd_net(dev_net(rig.dev));
	u64 sum = atomic_read(&mn->nedits);
	struct msd_staged *st;
	struct msd_edit *edit;
	unsigned long portid;

	sum = sum * 31 + atomic_long_read(&mn->memory);
	xa_for_each(&mn->edits, portid, edit) {
		sum = sum * 31 + edit->n;
		list_for_each_entry(st, &edit->staged, list)
			sum = sum * 31 + st->own.n4 + st->deny.n4 + st->has_mac +
			      st->has_key + st->ssh_len + st->stage;
	}
	rtnl_lock();
	sum = sum * 31 + mn->generation;
	rtnl_unlock();
	return sum;
}

void nl_refuse(struct kunit *test, u8 cmd, bool dump,
	       const struct nl_attr *attrs)
{
	u64 before = state();
	struct nl_answer a;

	KUNIT_ASSERT_EQ(test, nl_ask(cmd, dump, attrs, &a), 0);
	KUNIT_EXPECT_LT(test, a.err, 0);
	KUNIT_EXPECT_GT(test, strlen(a.said), 0ul);
	KUNIT_EXPECT_EQ(test, a.replies, 0u);
	KUNIT_EXPECT_EQ(test, state(), before);
}

void nl_accept(struct kunit *test, u8 cmd, bool dump,
	       const struct nl_attr *attrs, unsigned int replies)
{
	struct nl_answer a;

	KUNIT_ASSERT_EQ(test, nl_ask(cmd, dump, attrs, &a), 0);
	if (a.err)
		kunit_info(test, "%s\n", a.said);
	KUNIT_EXPECT_EQ(test, a.err, 0);
	KUNIT_EXPECT_GE(test, a.replies, replies);
}
