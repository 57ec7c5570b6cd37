// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edits: what is said between BEGIN and COMMIT is checked on its own and kept
 * with the socket that said it. commit.c carries it out.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include "edit.h"

static void staged_free(struct msd_staged *st)
{
	msd_uncharge(st->own.memory, sizeof(*st));
	msd_draft_free(&st->own);
	msd_draft_free(&st->deny);
	msd_cfg_free(st->cfg);
	kfree_sensitive(st);
}

static void put(struct msd_edit *edit)
{
	struct msd_staged *st, *next;

	if (!edit || !refcount_dec_and_test(&edit->refs))
		return;
	list_for_each_entry_safe(st, next, &edit->staged, list)
		staged_free(st);
	atomic_dec(&edit->net->nedits);
	mutex_destroy(&edit->lock);
	kfree(edit);
}

/* The socket's edit, with a reference; or NULL. */
static struct msd_edit *get(struct msd_net *mn, u32 portid)
{
	struct msd_edit *edit;

	xa_lock(&mn->edits);
	edit = xa_load(&mn->edits, portid);
	if (edit)
		refcount_inc(&edit->refs);
	xa_unlock(&mn->edits);
	return edit;
}

void msd_edit_drop(struct msd_net *mn, u32 portid)
{
	if (xa_load(&mn->edits, portid))
		put(xa_erase(&mn->edits, portid));
}

void msd_edit_drop_all(struct msd_net *mn)
{
	struct msd_edit *edit;
	unsigned long portid;

	xa_for_each(&mn->edits, portid, edit)
		put(xa_erase(&mn->edits, portid));
}

static struct msd_edit *edit_new(struct msd_net *mn,
				 struct netlink_ext_ack *extack)
{
	struct msd_edit *edit;

	if (!atomic_add_unless(&mn->nedits, 1, MSD_EDITS_MAX)) {
		NL_SET_ERR_MSG(extack,
			       "too many edits are open in this network namespace");
		return ERR_PTR(-EBUSY);
	}
	edit = kzalloc(sizeof(*edit), GFP_KERNEL_ACCOUNT);
	if (!edit) {
		atomic_dec(&mn->nedits);
		return ERR_PTR(-ENOMEM);
	}
	edit->net = mn;
	refcount_set(&edit->refs, 1);
	mutex_init(&edit->lock);
	INIT_LIST_HEAD(&edit->staged);
	return edit;
}

static int begin(struct msd_net *mn, struct genl_info *info)
{
	struct msd_edit *edit, *old;

	msd_edit_drop(mn, info->snd_portid);
	edit = edit_new(mn, info->extack);
	if (IS_ERR(edit))
		return PTR_ERR(edit);
	old = xa_store(&mn->edits, info->snd_portid, edit, GFP_KERNEL_ACCOUNT);
	if (xa_is_err(old)) {
		put(edit);
		return xa_err(old);
	}
	put(old);
	return 0;
}

/* The one refusal that nobody further down puts into words. */
static int say(struct genl_info *info, int err)
{
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(info->extack, "out of memory");
	return err;
}

int msd_edit_begin(struct sk_buff *skb, struct genl_info *info)
{
	return say(info, begin(msd_net(genl_info_net(info)), info));
}

static int no_edit(struct genl_info *info)
{
	NL_SET_ERR_MSG(info->extack, "no edit is open on this socket");
	return -EINVAL;
}

/* Run @fn on the socket's edit, under its lock. */
static int with_edit(struct genl_info *info,
		     int (*fn)(struct msd_edit *edit, struct genl_info *info))
{
	struct msd_edit *edit;
	int err;

	edit = get(msd_net(genl_info_net(info)), info->snd_portid);
	if (!edit)
		return no_edit(info);
	mutex_lock(&edit->lock);
	err = edit->spent ? no_edit(info) : fn(edit, info);
	mutex_unlock(&edit->lock);
	put(edit);
	return say(info, err);
}

static int need(struct genl_info *info, int attr, const char *sentence)
{
	if (info->attrs[attr])
		return 0;
	info->extack->_msg = sentence;
	return -EINVAL;
}

static struct msd_staged *staged_find(struct msd_edit *edit, u32 ifindex)
{
	struct msd_staged *st;

	list_for_each_entry(st, &edit->staged, list)
		if (st->ifindex == ifindex)
			return st;
	return NULL;
}

static struct msd_staged *staged_new(struct msd_edit *edit,
				     struct genl_info *info,
				     enum msd_stage stage)
{
	u32 ifindex = nla_get_u32(info->attrs[MSD_A_IFINDEX]);
	struct msd_staged *st;

	if (staged_find(edit, ifindex)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[MSD_A_IFINDEX],
				    "the edit names this interface already");
		return ERR_PTR(-EEXIST);
	}
	if (edit->n >= MSD_EDIT_IFACES_MAX) {
		NL_SET_ERR_MSG(info->extack,
			       "the edit names too many interfaces");
		return ERR_PTR(-E2BIG);
	}
	if (msd_charge(&edit->net->memory, sizeof(*st)))
		return ERR_PTR(msd_say_full(info->extack));
	st = kzalloc(sizeof(*st), GFP_KERNEL_ACCOUNT);
	if (!st) {
		msd_uncharge(&edit->net->memory, sizeof(*st));
		return ERR_PTR(-ENOMEM);
	}
	st->own.memory = &edit->net->memory;
	st->deny.memory = &edit->net->memory;
	st->ifindex = ifindex;
	st->stage = stage;
	st->via = MSD_VIA_RX_HANDLER;
	return st;
}

static void staged_add(struct msd_edit *edit, struct msd_staged *st)
{
	list_add_tail(&st->list, &edit->staged);
	edit->n++;
}

static int read_responder(struct msd_staged *st, const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[MSD_RESPONDER_MAX + 1];
	int err, row;

	/* Validated with the message: here it is only taken apart. */
	err = nla_parse_nested(tb, MSD_RESPONDER_MAX, nest,
			       msd_responder_policy, extack);
	if (err)
		return err;
	if (!tb[MSD_RESPONDER_NAME] || !tb[MSD_RESPONDER_ON]) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a responder needs its name and whether it is on");
		return -EINVAL;
	}
	row = msd_proto_find(nla_data(tb[MSD_RESPONDER_NAME]));
	if (row < 0) {
		NL_SET_ERR_MSG_ATTR(extack, tb[MSD_RESPONDER_NAME],
				    "there is no responder of this name");
		return -ENOENT;
	}
	st->on &= ~BIT_ULL(row);
	st->off &= ~BIT_ULL(row);
	if (nla_get_u32(tb[MSD_RESPONDER_ON]))
		st->on |= BIT_ULL(row);
	else
		st->off |= BIT_ULL(row);
	return 0;
}

static int read_responders(struct msd_staged *st, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != MSD_A_RESPONDER)
			continue;
		err = read_responder(st, attr, info->extack);
		if (err)
			return err;
	}
	return 0;
}

static int read_mac(struct msd_staged *st, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	nla_memcpy(st->mac, attr, ETH_ALEN);
	st->has_mac = true;
	return msd_check_mac(attr, extack);
}

static int read_ssh(struct msd_staged *st, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	int len;

	if (!attr)
		return 0;
	len = msd_check_ssh(attr, extack);
	if (len < 0)
		return len;
	st->ssh_len = len;
	memcpy(st->ssh, nla_data(attr), len);
	return 0;
}

static int read_via(struct msd_staged *st, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (st->stage != MSD_STAGE_ATTACH) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "via cannot be changed; detach and attach again");
		return -EINVAL;
	}
	st->via = nla_get_u32(attr);
	return 0;
}

static int read_all(struct msd_staged *st, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	int err;

	st->force = a[MSD_A_FORCE];
	st->any = a[MSD_A_ANY];
	st->clear_own = st->any || a[MSD_A_CLEAR_OWN];
	st->clear_deny = a[MSD_A_CLEAR_DENY];
	if (a[MSD_A_KEY]) {
		nla_memcpy(&st->key, a[MSD_A_KEY], sizeof(st->key));
		st->has_key = true;
	}
	if (a[MSD_A_SNAP]) {
		st->snap = nla_get_u32(a[MSD_A_SNAP]);
		st->has_snap = true;
	}
	err = read_via(st, a[MSD_A_VIA], info->extack);
	if (err)
		return err;
	err = read_mac(st, a[MSD_A_MAC], info->extack);
	if (err)
		return err;
	err = read_ssh(st, a[MSD_A_SSH_BANNER], info->extack);
	if (err)
		return err;
	err = msd_vlan_read(st, info);
	if (err)
		return err;
	return read_responders(st, info);
}

static int stage(struct msd_edit *edit, struct genl_info *info,
		 enum msd_stage what)
{
	struct msd_staged *st;
	int err;

	err = need(info, MSD_A_IFINDEX, "the interface is missing");
	if (err)
		return err;
	st = staged_new(edit, info, what);
	if (IS_ERR(st))
		return PTR_ERR(st);
	if (what != MSD_STAGE_DETACH) {
		err = read_all(st, info);
		if (err) {
			staged_free(st);
			return err;
		}
	}
	staged_add(edit, st);
	return 0;
}

static int attach(struct msd_edit *edit, struct genl_info *info)
{
	return stage(edit, info, MSD_STAGE_ATTACH);
}

static int set(struct msd_edit *edit, struct genl_info *info)
{
	return stage(edit, info, MSD_STAGE_SET);
}

static int detach(struct msd_edit *edit, struct genl_info *info)
{
	return stage(edit, info, MSD_STAGE_DETACH);
}

static int add4(struct msd_draft *l, bool own, const struct nlattr *first,
		const struct nlattr *last, struct netlink_ext_ack *extack)
{
	struct msd_range4 r = {
		.first = get_unaligned_be32(nla_data(first)),
		.last = get_unaligned_be32(nla_data(last)),
	};
	int err;

	if (r.first > r.last) {
		NL_SET_ERR_MSG_ATTR(extack, last,
				    "a range ends before it begins");
		return -EINVAL;
	}
	err = own ? msd_check_own4(&r, first, extack) : 0;
	return err ?: msd_draft_add4(l, &r);
}

static int add6(struct msd_draft *l, bool own, const struct nlattr *first,
		const struct nlattr *last, struct netlink_ext_ack *extack)
{
	struct msd_range6 r = {
		.first = msd_u128(nla_data(first)),
		.last = msd_u128(nla_data(last)),
	};
	int err;

	if (memcmp(nla_data(first), nla_data(last), sizeof(struct in6_addr)) > 0) {
		NL_SET_ERR_MSG_ATTR(extack, last,
				    "a range ends before it begins");
		return -EINVAL;
	}
	err = own ? msd_check_own6(&r, first, extack) : 0;
	return err ?: msd_draft_add6(l, &r);
}

static int read_range(struct msd_draft *l, bool own, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[MSD_RANGE_MAX + 1];
	struct nlattr *first, *last;
	int err;

	err = nla_parse_nested(tb, MSD_RANGE_MAX, nest, msd_range_policy, extack);
	if (err)
		return err;
	first = tb[MSD_RANGE_FIRST];
	if (!first) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a range needs its first address");
		return -EINVAL;
	}
	last = tb[MSD_RANGE_LAST] ?: first;
	if (nla_len(first) != nla_len(last)) {
		NL_SET_ERR_MSG_ATTR(extack, last,
				    "a range is of one address family");
		return -EINVAL;
	}
	switch (nla_len(first)) {
	case sizeof(struct in_addr):
		return add4(l, own, first, last, extack);
	case sizeof(struct in6_addr):
		return add6(l, own, first, last, extack);
	default:
		NL_SET_ERR_MSG_ATTR(extack, first,
				    "an address has 4 or 16 bytes");
		return -EINVAL;
	}
}

static int read_ranges(struct msd_draft *l, bool own, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != MSD_A_RANGE)
			continue;
		err = read_range(l, own, attr, info->extack);
		if (err == -ENOSPC)
			return msd_say_full(info->extack);
		if (err == -E2BIG)
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "an address list has more than 1000000 ranges");
		if (err)
			return err;
	}
	return 0;
}

static int ranges(struct msd_edit *edit, struct genl_info *info)
{
	struct msd_staged *st;
	bool own;
	int err;

	err = need(info, MSD_A_IFINDEX, "the interface is missing");
	if (err)
		return err;
	err = need(info, MSD_A_LIST, "the list is missing");
	if (err)
		return err;
	st = staged_find(edit, nla_get_u32(info->attrs[MSD_A_IFINDEX]));
	if (!st || st->stage == MSD_STAGE_DETACH) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[MSD_A_IFINDEX],
				    "the edit neither attaches nor sets this interface");
		return -EINVAL;
	}
	own = nla_get_u32(info->attrs[MSD_A_LIST]) == MSD_LIST_OWN;
	return read_ranges(own ? &st->own : &st->deny, own, info);
}

/* The edit ends here, carried out or refused. */
static int commit(struct msd_edit *edit, struct genl_info *info)
{
	struct net *net = genl_info_net(info);

	edit->spent = true;
	if (xa_cmpxchg(&msd_net(net)->edits, info->snd_portid, edit, NULL, 0) == edit)
		put(edit);
	return msd_commit(net, edit, info->extack);
}

int msd_edit_attach(struct sk_buff *skb, struct genl_info *info)
{
	return with_edit(info, attach);
}

int msd_edit_set(struct sk_buff *skb, struct genl_info *info)
{
	return with_edit(info, set);
}

int msd_edit_ranges(struct sk_buff *skb, struct genl_info *info)
{
	return with_edit(info, ranges);
}

int msd_edit_detach(struct sk_buff *skb, struct genl_info *info)
{
	return with_edit(info, detach);
}

int msd_edit_commit(struct sk_buff *skb, struct genl_info *info)
{
	return with_edit(info, commit);
}
