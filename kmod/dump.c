// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps. Those over interfaces go on by ifindex, flag a change in between, and
 * hold RTNL while a message is built. A dump of ranges holds a reference to
 * the immutable set instead, and so is consistent however long it takes.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>
#include "compat.h"
#include "edit.h"
#include "genl.h"

void *msd_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &msd_genl, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static int refuse(struct netlink_callback *cb)
{
	NL_SET_ERR_MSG(cb->extack, "not attached to this device");
	return -ENOENT;
}

static int begin(struct msd_net *mn, struct netlink_callback *cb,
		 struct msd_cursor *cur)
{
	const struct nlattr *attr = msd_dump_attrs(cb)[MSD_A_IFINDEX];

	cur->begun = true;
	cur->last = INT_MAX;
	if (!attr)
		return 0;
	cur->next = nla_get_u32(attr);
	cur->last = cur->next;
	return msd_iface_find(mn, cur->next) ? 0 : refuse(cb);
}

static int walk(struct sk_buff *skb, struct netlink_callback *cb,
		int (*fill)(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct msd_iface *iface,
			    struct msd_cursor *cur))
{
	struct msd_net *mn = msd_net(sock_net(skb->sk));
	struct msd_cursor *cur = (void *)cb->ctx;
	const struct msd_iface *iface;
	int err = 0;

	cb->seq = mn->generation;
	if (!cur->begun)
		err = begin(mn, cb, cur);
	if (err)
		return err;
	list_for_each_entry(iface, &mn->ifaces, list) {
		u32 ifindex = iface->dev->ifindex;

		if (ifindex < cur->next)
			continue;
		if (ifindex > cur->last)
			break;
		if (ifindex != cur->next)
			cur->item = 0;
		cur->next = ifindex;
		err = fill(skb, cb, iface, cur);
		if (err)
			return skb->len ?: err;
		cur->next = ifindex + 1;
		cur->item = 0;
	}
	cur->next = cur->last + 1;
	return skb->len;
}

int msd_dump_ifaces(struct sk_buff *skb, struct netlink_callback *cb,
		    int (*fill)(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct msd_iface *iface,
				struct msd_cursor *cur))
{
	int ret;

	BUILD_BUG_ON(sizeof(struct msd_cursor) > sizeof(cb->ctx));
	ret = msd_may_dump(cb);
	if (ret)
		return ret;
	rtnl_lock();
	ret = walk(skb, cb, fill);
	rtnl_unlock();
	return ret;
}

static int put_states(struct sk_buff *skb, u64 protos)
{
	unsigned int row;

	for (row = 0; row < MSD_NPROTO; row++) {
		struct nlattr *nest = nla_nest_start(skb, MSD_A_RESPONDER);

		if (!nest ||
		    nla_put_string(skb, MSD_RESPONDER_NAME,
				   msd_responders[row]->name) ||
		    nla_put_u32(skb, MSD_RESPONDER_ON, protos >> row & 1))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static u32 nranges(const struct msd_addrset *set)
{
	return set->n4 + set->n6;
}

static int put_iface(struct sk_buff *skb, const struct msd_iface *iface)
{
	const struct msd_iface_cfg *cfg = rtnl_dereference(iface->cfg);

	if (nla_put_u32(skb, MSD_A_IFINDEX, iface->dev->ifindex) ||
	    nla_put_string(skb, MSD_A_IFNAME, iface->dev->name) ||
	    nla_put(skb, MSD_A_MAC, ETH_ALEN, msd_mac(cfg, iface->dev)) ||
	    (cfg->mac_fixed && nla_put_flag(skb, MSD_A_MAC_FIXED)) ||
	    (cfg->key_fixed && nla_put_flag(skb, MSD_A_KEY_FIXED)) ||
	    (cfg->forced && nla_put_flag(skb, MSD_A_FORCE)) ||
	    (msd_addrset_empty(&cfg->core.own) && nla_put_flag(skb, MSD_A_ANY)) ||
	    nla_put_u32(skb, MSD_A_VIA, iface->via) ||
	    nla_put_u32(skb, MSD_A_SNAP, cfg->snap) ||
	    nla_put_u32(skb, MSD_A_GENERATION, cfg->generation) ||
	    nla_put_u32(skb, MSD_A_OWN_RANGES, nranges(&cfg->core.own)) ||
	    nla_put_u32(skb, MSD_A_DENY_RANGES, nranges(&cfg->core.deny)))
		return -EMSGSIZE;
	return msd_vlan_put(skb, &cfg->core) ?:
	       put_states(skb, cfg->core.protos);
}

/* nla_put_string() wants a NUL, which the core's copy has not. */
static int put_ssh(struct sk_buff *skb, const struct msd_iface *iface)
{
	const struct msd_iface_cfg *cfg = rtnl_dereference(iface->cfg);
	char ssh[MSD_SSH_MAX + 1];

	memcpy(ssh, cfg->core.ssh, cfg->core.ssh_len);
	ssh[cfg->core.ssh_len] = '\0';
	return nla_put_string(skb, MSD_A_SSH_BANNER, ssh);
}

static int fill_iface(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct msd_iface *iface, struct msd_cursor *cur)
{
	void *hdr = msd_dump_put(skb, cb, MSD_CMD_IFACE_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (put_iface(skb, iface) || put_ssh(skb, iface)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int msd_dump_iface(struct sk_buff *skb, struct netlink_callback *cb)
{
	return msd_dump_ifaces(skb, cb, fill_iface);
}

/**
 * struct ranges_cursor - where a dump of ranges goes on
 * @ranges: the set, with a reference; NULL when it is empty
 * @i: next range; IPv4 first
 * @begun: the request was looked at
 */
struct ranges_cursor {
	struct msd_ranges *ranges;
	u32 i;
	bool begun;
};

static struct msd_ranges *list_of(const struct msd_iface_cfg *cfg, u32 list)
{
	switch (list) {
	case MSD_LIST_OWN:
		return cfg->own;
	case MSD_LIST_DENY:
		return cfg->deny;
	default:
		return rtnl_dereference(cfg->late);
	}
}

static int ranges_begin(struct netlink_callback *cb, struct net *net,
			struct ranges_cursor *cur)
{
	struct nlattr **a = msd_dump_attrs(cb);
	const struct msd_iface_cfg *cfg;
	struct msd_iface *iface;

	if (!a[MSD_A_IFINDEX] || !a[MSD_A_LIST]) {
		NL_SET_ERR_MSG(cb->extack,
			       "the interface or the list is missing");
		return -EINVAL;
	}
	rtnl_lock();
	iface = msd_iface_find(msd_net(net), nla_get_u32(a[MSD_A_IFINDEX]));
	if (iface) {
		cfg = rtnl_dereference(iface->cfg);
		cur->ranges = msd_ranges_get(list_of(cfg, nla_get_u32(a[MSD_A_LIST])));
	}
	rtnl_unlock();
	cur->begun = true;
	return iface ? 0 : refuse(cb);
}

static int put_range4(struct sk_buff *skb, const struct msd_range4 *r)
{
	return nla_put_be32(skb, MSD_RANGE_FIRST, cpu_to_be32(r->first)) ||
	       nla_put_be32(skb, MSD_RANGE_LAST, cpu_to_be32(r->last));
}

static int put_addr6(struct sk_buff *skb, int attr, const struct msd_u128 *a)
{
	__be64 addr[2] = { cpu_to_be64(a->hi), cpu_to_be64(a->lo) };

	return nla_put(skb, attr, sizeof(addr), addr);
}

static int put_range6(struct sk_buff *skb, const struct msd_range6 *r)
{
	return put_addr6(skb, MSD_RANGE_FIRST, &r->first) ||
	       put_addr6(skb, MSD_RANGE_LAST, &r->last);
}

static int put_range(struct sk_buff *skb, const struct msd_addrset *set, u32 i)
{
	struct nlattr *nest = nla_nest_start(skb, MSD_A_RANGE);
	int err;

	if (!nest)
		return -EMSGSIZE;
	if (i < set->n4)
		err = put_range4(skb, &set->r4[i]);
	else
		err = put_range6(skb, &set->r6[i - set->n4]);
	if (err) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int msd_dump_ranges(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ranges_cursor *cur = (void *)cb->ctx;
	u32 begin, n;
	void *hdr;
	int err;

	BUILD_BUG_ON(sizeof(*cur) > sizeof(cb->ctx));
	if (!cur->begun) {
		err = msd_may_dump(cb) ?: ranges_begin(cb, sock_net(skb->sk), cur);
		if (err)
			return err;
	}
	begin = cur->i;
	n = cur->ranges ? nranges(&cur->ranges->set) : 0;
	if (begin == n)
		return 0;
	hdr = msd_dump_put(skb, cb, MSD_CMD_RANGES_GET);
	if (!hdr)
		return -EMSGSIZE;
	while (cur->i < n && !put_range(skb, &cur->ranges->set, cur->i))
		cur->i++;
	if (cur->i == begin) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return skb->len;
}

int msd_dump_ranges_done(struct netlink_callback *cb)
{
	struct ranges_cursor *cur = (void *)cb->ctx;

	msd_ranges_put(cur->ranges);
	return 0;
}

static int put_responder(struct sk_buff *skb, const struct msd_responder *r)
{
	struct nlattr *nest = nla_nest_start(skb, MSD_A_RESPONDER);

	if (!nest ||
	    nla_put_string(skb, MSD_RESPONDER_NAME, r->name) ||
	    nla_put_u32(skb, MSD_RESPONDER_TRANSPORTS, r->transports) ||
	    nla_put_string(skb, MSD_RESPONDER_SOURCE, r->source) ||
	    nla_put_u32(skb, MSD_RESPONDER_PATTERNS, r->npatterns))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int msd_dump_responders(struct sk_buff *skb, struct netlink_callback *cb)
{
	u32 *row = (u32 *)cb->ctx;
	int err = msd_may_dump(cb);

	if (err)
		return err;
	for (; *row < MSD_NPROTO; ++*row) {
		void *hdr = msd_dump_put(skb, cb, MSD_CMD_RESPONDER_GET);

		if (!hdr)
			break;
		if (put_responder(skb, msd_responders[*row])) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	return skb->len;
}
