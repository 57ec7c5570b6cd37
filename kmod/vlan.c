// SPDX-License-Identifier: GPL-2.0-only
/*
 * VLANs: a trunk is answered on every tag, unless tags are listed.
 */
#include <linux/if_vlan.h>
#include "edit.h"
#include "genl.h"

const struct nla_policy msd_tag_policy[MSD_TAG_MAX + 1] = {
	[MSD_TAG_FIRST] = NLA_POLICY_MAX(NLA_U32, MSD_VLAN_ID_MAX),
	[MSD_TAG_LAST] = NLA_POLICY_MAX(NLA_U32, MSD_VLAN_ID_MAX),
};

/* The first run of listed IDs from *@id on; *@id is behind it then. */
static bool next_run(const u64 *vlans, u32 *id, u32 *first)
{
	while (*id <= MSD_VLAN_ID_MAX && !msd_vlan_has(vlans, *id))
		++*id;
	*first = *id;
	while (*id <= MSD_VLAN_ID_MAX && msd_vlan_has(vlans, *id))
		++*id;
	return *id > *first;
}

static int read_vlan(u64 *vlans, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[MSD_TAG_MAX + 1];
	u32 id, last;
	int err;

	err = nla_parse_nested(tb, MSD_TAG_MAX, nest, msd_tag_policy,
			       extack);
	if (err)
		return err;
	if (!tb[MSD_TAG_FIRST]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "a VLAN needs its first ID");
		return -EINVAL;
	}
	id = nla_get_u32(tb[MSD_TAG_FIRST]);
	last = tb[MSD_TAG_LAST] ? nla_get_u32(tb[MSD_TAG_LAST]) : id;
	if (last < id) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a range of VLANs ends before it begins");
		return -EINVAL;
	}
	for (; id <= last; id++)
		vlans[id / 64] |= BIT_ULL(id % 64);
	return 0;
}

static int check_runs(const u64 *vlans, struct netlink_ext_ack *extack)
{
	u32 id = 0, first, n = 0;

	while (next_run(vlans, &id, &first))
		n++;
	if (n <= MSD_VLAN_RANGES_MAX)
		return 0;
	NL_SET_ERR_MSG(extack, "more than 64 ranges of VLANs");
	return -E2BIG;
}

int msd_vlan_read(struct msd_staged *st, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, err;

	st->has_vlans = info->attrs[MSD_A_VLAN] || info->attrs[MSD_A_CLEAR_VLAN];
	st->some_vlans = info->attrs[MSD_A_VLAN];
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != MSD_A_VLAN)
			continue;
		err = read_vlan(st->vlans, attr, info->extack);
		if (err)
			return err;
	}
	return check_runs(st->vlans, info->extack);
}

int msd_vlan_put(struct sk_buff *skb, const struct msd_config *cfg)
{
	u32 id = 0, first;

	while (cfg->some_vlans && next_run(cfg->vlans, &id, &first)) {
		struct nlattr *nest = nla_nest_start(skb, MSD_A_VLAN);

		if (!nest || nla_put_u32(skb, MSD_TAG_FIRST, first) ||
		    nla_put_u32(skb, MSD_TAG_LAST, id - 1))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

void msd_vlan_warn(const struct net_device *dev, const struct msd_config *cfg,
		   struct netlink_ext_ack *extack)
{
	u32 id = 1, first;

	if (!cfg->some_vlans || dev->flags & IFF_PROMISC ||
	    !(dev->features & NETIF_F_HW_VLAN_CTAG_FILTER) ||
	    !next_run(cfg->vlans, &id, &first))
		return;
	NL_SET_ERR_MSG(extack,
		       "the device filters VLANs: tags of which it has no VLAN device may not arrive unless it is promiscuous, or rx-vlan-filter is off");
}
