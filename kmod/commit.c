// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carrying out an edit: all of it, or nothing.
 *
 * prepare  builds the new configurations; slow, without RTNL
 * admit    under RTNL does everything that can still fail: looks for the
 *          devices, hooks the new ones (they pass every frame as long as they
 *          have no configuration), sets receive filters
 * publish  cannot fail
 */
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include "compat.h"
#include "edit.h"

/* The configuration to start from; its address sets get references. */
static int begin(struct msd_net *mn, struct msd_staged *st,
		 struct netlink_ext_ack *extack)
{
	struct msd_iface *iface = NULL;

	if (st->stage == MSD_STAGE_ATTACH) {
		st->cfg = msd_cfg_new(NULL);
		return st->cfg ? 0 : -ENOMEM;
	}
	rtnl_lock();
	iface = msd_iface_find(mn, st->ifindex);
	if (iface)
		st->cfg = msd_cfg_new(rtnl_dereference(iface->cfg));
	rtnl_unlock();
	if (!iface) {
		NL_SET_ERR_MSG(extack, "not attached to this device");
		return -ENOENT;
	}
	return st->cfg ? 0 : -ENOMEM;
}

static void change_scalars(struct msd_iface_cfg *cfg, const struct msd_staged *st)
{
	if (st->has_mac) {
		ether_addr_copy(cfg->mac, st->mac);
		cfg->mac_fixed = !is_zero_ether_addr(st->mac);
	}
	if (st->has_key) {
		cfg->core.key = st->key;
		cfg->key_fixed = st->key.key[0] | st->key.key[1];
		if (!cfg->key_fixed)
			get_random_bytes(&cfg->core.key, sizeof(cfg->core.key));
	}
	if (st->ssh_len) {
		cfg->core.ssh_len = st->ssh_len;
		memcpy(cfg->core.ssh, st->ssh, st->ssh_len);
	}
	if (st->has_snap)
		cfg->snap = st->snap;
	if (st->has_vlans) {
		cfg->core.some_vlans = st->some_vlans;
		memcpy(cfg->core.vlans, st->vlans, sizeof(st->vlans));
	}
	cfg->core.protos = (cfg->core.protos | st->on) & ~st->off;
}

/* The set that follows from an old one, a wish to clear it, and additions. */
static int change_list(struct msd_ranges *old, bool clear, struct msd_draft *add,
		       struct msd_ranges **new, struct netlink_ext_ack *extack)
{
	int err;

	if (!clear && !(add->n4 | add->n6)) {
		*new = msd_ranges_get(old);
		return 0;
	}
	err = msd_ranges_seal(clear ? NULL : old, add, new);
	if (err == -ENOSPC)
		return msd_say_full(extack);
	if (err == -E2BIG)
		NL_SET_ERR_MSG(extack,
			       "an address list has more than 1000000 ranges");
	return err;
}

static int change_lists(struct msd_iface_cfg *cfg, struct msd_staged *st,
			struct netlink_ext_ack *extack)
{
	struct msd_ranges *own, *deny;
	int err;

	err = change_list(cfg->own, st->clear_own, &st->own, &own, extack);
	if (err)
		return err;
	err = change_list(cfg->deny, st->clear_deny, &st->deny, &deny, extack);
	if (err) {
		msd_ranges_put(own);
		return err;
	}
	msd_cfg_ranges(cfg, own, deny);
	return 0;
}

static bool names_own(const struct msd_staged *st)
{
	return st->own.n4 | st->own.n6;
}

/*
 * Every address is answered for only if that is said: a list that is empty by
 * accident would take over a network.
 */
static int check_any(const struct msd_staged *st, struct netlink_ext_ack *extack)
{
	bool keeps = st->stage == MSD_STAGE_SET && !st->clear_own;

	if (st->any && names_own(st)) {
		NL_SET_ERR_MSG(extack,
			       "any stands alone, and own addresses are given, too");
		return -EINVAL;
	}
	if (!st->any && !keeps && !names_own(st)) {
		NL_SET_ERR_MSG(extack,
			       "no own address: give addresses, or `address any`");
		return -EINVAL;
	}
	return 0;
}

/* The host's addresses matter only if the own ones change. */
static void change_force(struct msd_staged *st)
{
	if (st->stage == MSD_STAGE_SET && !st->clear_own && !names_own(st)) {
		st->cfg->forced |= st->force;
		st->own_kept = true;
	} else {
		st->cfg->forced = st->force;
	}
}

static int prepare(struct msd_net *mn, struct msd_staged *st,
		   struct netlink_ext_ack *extack)
{
	int err;

	if (st->stage == MSD_STAGE_DETACH)
		return 0;
	err = check_any(st, extack);
	if (err)
		return err;
	err = begin(mn, st, extack);
	if (err)
		return err;
	change_force(st);
	change_scalars(st->cfg, st);
	err = change_lists(st->cfg, st, extack);
	if (err)
		return err;
	msd_proto_config(&st->cfg->core);
	msd_filter_plan(st->cfg);
	return 0;
}

/* What is kept was judged before. */
static int refuse_claim(const struct msd_staged *st,
			struct netlink_ext_ack *extack)
{
	struct in6_addr hit;
	const char *why;

	if (st->own_kept)
		return 0;
	why = msd_claim_refuse(st->iface->dev, &st->cfg->core.own, st->force,
			       &hit);
	if (!why)
		return 0;
	extack->_msg = why;
	msd_extack_cookie(extack, &hit, sizeof(hit));
	return -EADDRINUSE;
}

static int create(struct net *net, struct msd_staged *st,
		  struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_index(net, st->ifindex);
	struct msd_iface *iface;

	if (!dev) {
		NL_SET_ERR_MSG(extack, "no such device");
		return -ENODEV;
	}
	iface = msd_iface_create(dev, st->via, extack);
	if (IS_ERR(iface))
		return PTR_ERR(iface);
	st->iface = iface;
	return 0;
}

static int look_up(struct net *net, struct msd_staged *st,
		   struct netlink_ext_ack *extack)
{
	st->iface = msd_iface_find(msd_net(net), st->ifindex);
	if (st->iface)
		return 0;
	NL_SET_ERR_MSG(extack, "not attached to this device");
	return -ENOENT;
}

static int admit(struct net *net, struct msd_staged *st,
		 struct netlink_ext_ack *extack)
{
	int err;

	if (st->stage == MSD_STAGE_DETACH)
		return look_up(net, st, extack);
	if (st->stage == MSD_STAGE_SET)
		err = look_up(net, st, extack);
	else
		err = create(net, st, extack);
	if (err)
		return err;
	err = refuse_claim(st, extack);
	if (!err)
		err = msd_late_find(net, st->cfg);
	if (!err)
		err = msd_filter_add(st->iface->dev, st->cfg, extack);
	if (err && st->stage == MSD_STAGE_ATTACH)
		msd_iface_destroy(st->iface);
	return err;
}

static void revoke(struct msd_staged *st)
{
	if (st->stage == MSD_STAGE_DETACH)
		return;
	msd_filter_del(st->iface->dev, st->cfg);
	if (st->stage == MSD_STAGE_ATTACH)
		msd_iface_destroy(st->iface);
}

/* Tell which interface a refusal is about, unless an address says so. */
static void blame(const struct msd_staged *st, struct netlink_ext_ack *extack)
{
	if (extack->cookie_len)
		return;
	msd_extack_cookie(extack, &st->ifindex, sizeof(st->ifindex));
}

static int admit_all(struct net *net, struct msd_edit *edit,
		     struct netlink_ext_ack *extack)
{
	struct msd_staged *st;
	int err;

	list_for_each_entry(st, &edit->staged, list) {
		err = admit(net, st, extack);
		if (err)
			goto revoke_admitted;
	}
	return 0;

revoke_admitted:
	blame(st, extack);
	list_for_each_entry_continue_reverse(st, &edit->staged, list)
		revoke(st);
	return err;
}

static void publish(struct msd_staged *st, struct netlink_ext_ack *extack)
{
	if (st->stage == MSD_STAGE_DETACH) {
		msd_iface_destroy(st->iface);
	} else {
		if (st->has_vlans)
			msd_vlan_warn(st->iface->dev, &st->cfg->core, extack);
		msd_iface_publish(st->iface, st->cfg);
		st->cfg = NULL;
		if (!st->own_kept)
			msd_announce(st->iface);
	}
}

static int prepare_all(struct msd_net *mn, struct msd_edit *edit,
		       struct netlink_ext_ack *extack)
{
	struct msd_staged *st;
	int err;

	list_for_each_entry(st, &edit->staged, list) {
		err = prepare(mn, st, extack);
		if (err) {
			blame(st, extack);
			return err;
		}
	}
	return 0;
}

static int carry_out(struct net *net, struct msd_edit *edit,
		     struct netlink_ext_ack *extack)
{
	struct msd_staged *st;
	int err;

	rtnl_lock();
	err = admit_all(net, edit, extack);
	if (!err)
		list_for_each_entry(st, &edit->staged, list)
			publish(st, extack);
	rtnl_unlock();
	return err;
}

int msd_commit(struct net *net, struct msd_edit *edit,
	       struct netlink_ext_ack *extack)
{
	struct msd_net *mn = msd_net(net);
	int err;

	mutex_lock(&mn->commit);
	err = prepare_all(mn, edit, extack);
	if (!err)
		err = carry_out(net, edit, extack);
	mutex_unlock(&mn->commit);
	return err;
}
