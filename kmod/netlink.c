// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: policies, commands, the end of a socket.
 */
#include <linux/if_ether.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <net/sock.h>
#include "compat.h"
#include "edit.h"
#include "genl.h"

#define IFINDEX NLA_POLICY_MIN(NLA_U32, 1)
#define LIST NLA_POLICY_RANGE(NLA_U32, MSD_LIST_OWN, MSD_LIST_MAX)
#define EDIT_LIST NLA_POLICY_RANGE(NLA_U32, MSD_LIST_OWN, MSD_LIST_DENY)

const struct nla_policy msd_range_policy[MSD_RANGE_MAX + 1] = {
	[MSD_RANGE_FIRST] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MSD_RANGE_LAST] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
};

const struct nla_policy msd_responder_policy[MSD_RESPONDER_MAX + 1] = {
	[MSD_RESPONDER_NAME] = { .type = NLA_NUL_STRING },
	[MSD_RESPONDER_ON] = NLA_POLICY_MAX(NLA_U32, 1),
};

static const struct nla_policy ifindex_policy[MSD_A_MAX + 1] = {
	[MSD_A_IFINDEX] = IFINDEX,
};

static const struct nla_policy iface_policy[MSD_A_MAX + 1] = {
	[MSD_A_IFINDEX] = IFINDEX,
	[MSD_A_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[MSD_A_KEY] = NLA_POLICY_EXACT_LEN(sizeof(siphash_key_t)),
	[MSD_A_VIA] = NLA_POLICY_RANGE(NLA_U32, MSD_VIA_RX_HANDLER, MSD_VIA_MAX),
	[MSD_A_SSH_BANNER] = { .type = NLA_STRING },
	[MSD_A_SNAP] = NLA_POLICY_MAX(NLA_U32, MSD_SNAP_MAX),
	[MSD_A_FORCE] = { .type = NLA_FLAG },
	[MSD_A_CLEAR_OWN] = { .type = NLA_FLAG },
	[MSD_A_CLEAR_DENY] = { .type = NLA_FLAG },
	[MSD_A_RESPONDER] = NLA_POLICY_NESTED(msd_responder_policy),
	[MSD_A_ANY] = { .type = NLA_FLAG },
	[MSD_A_VLAN] = NLA_POLICY_NESTED(msd_tag_policy),
	[MSD_A_CLEAR_VLAN] = { .type = NLA_FLAG },
};

static const struct nla_policy edit_ranges_policy[MSD_A_MAX + 1] = {
	[MSD_A_IFINDEX] = IFINDEX,
	[MSD_A_LIST] = EDIT_LIST,
	[MSD_A_RANGE] = NLA_POLICY_NESTED(msd_range_policy),
};

static const struct nla_policy ranges_policy[MSD_A_MAX + 1] = {
	[MSD_A_IFINDEX] = IFINDEX,
	[MSD_A_LIST] = LIST,
};

static bool userns;
module_param(userns, bool, 0644);
MODULE_PARM_DESC(userns, "CAP_NET_ADMIN of a user namespace suffices for its own network namespaces (default: 0)");

/*
 * GENL_UNS_ADMIN_PERM has asked for CAP_NET_ADMIN in the user namespace that
 * owns the network namespace. That is anybody who may unshare one, and lists
 * take memory of the kernel: so by default it takes the real one.
 */
static int may(struct sk_buff *skb, const struct net *net,
	       struct netlink_ext_ack *extack)
{
	if (net->user_ns == &init_user_ns || READ_ONCE(userns) ||
	    netlink_capable(skb, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "CAP_NET_ADMIN of a user namespace does not suffice, unless the parameter userns of the module is 1");
	return -EPERM;
}

static int may_do(const struct msd_genl_ops *op, struct sk_buff *skb,
		  struct genl_info *info)
{
	return may(skb, genl_info_net(info), info->extack);
}

int msd_may_dump(struct netlink_callback *cb)
{
	return may(cb->skb, sock_net(cb->skb->sk), cb->extack);
}

static int version_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &msd_genl, 0, MSD_CMD_VERSION_GET);
	if (!hdr || nla_put_string(msg, MSD_A_VERSION, MSD_VERSION)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/* Commands without a policy take no attributes. */
static const struct genl_ops ops[] = {
	{
		.cmd = MSD_CMD_EDIT_BEGIN,
		.doit = msd_edit_begin,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_EDIT_ATTACH,
		.doit = msd_edit_attach,
		.policy = iface_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_EDIT_SET,
		.doit = msd_edit_set,
		.policy = iface_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_EDIT_RANGES,
		.doit = msd_edit_ranges,
		.policy = edit_ranges_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_EDIT_DETACH,
		.doit = msd_edit_detach,
		.policy = ifindex_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_EDIT_COMMIT,
		.doit = msd_edit_commit,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_IFACE_GET,
		.dumpit = msd_dump_iface,
		.policy = ifindex_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_RANGES_GET,
		.dumpit = msd_dump_ranges,
		.done = msd_dump_ranges_done,
		.policy = ranges_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_STATS_GET,
		.dumpit = msd_dump_stats,
		.policy = ifindex_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_STATS_RESET,
		.doit = msd_stats_reset,
		.policy = ifindex_policy,
		.maxattr = MSD_A_MAX,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_RESPONDER_GET,
		.dumpit = msd_dump_responders,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MSD_CMD_VERSION_GET,
		.doit = version_get,
		.flags = GENL_UNS_ADMIN_PERM,
	},
};

/* Commands lock for themselves: a long commit stops no other family. */
struct genl_family msd_genl __ro_after_init = {
	.name = MSD_GENL_NAME,
	.version = MSD_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.pre_doit = may_do,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
};

/*
 * A socket has gone, and its edit with it. Should the port number have found a
 * new owner with an edit by now, that owner has to begin again.
 */
static int on_netlink(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct netlink_notify *n = ptr;

	if (event == NETLINK_URELEASE && n->protocol == NETLINK_GENERIC)
		msd_edit_drop(msd_net(n->net), n->portid);
	return NOTIFY_DONE;
}

static struct notifier_block netlink_notifier = {
	.notifier_call = on_netlink,
};

int msd_netlink_init(void)
{
	int err;

	err = netlink_register_notifier(&netlink_notifier);
	if (err)
		return err;
	err = genl_register_family(&msd_genl);
	if (err)
		netlink_unregister_notifier(&netlink_notifier);
	return err;
}

void msd_netlink_exit(void)
{
	genl_unregister_family(&msd_genl);
	netlink_unregister_notifier(&netlink_notifier);
}
