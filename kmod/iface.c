// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interfaces: creation, publication of a configuration, the end. The end comes
 * from an edit, from the device (unregistered, moved to another namespace) or
 * from unloading the module; the device notifier serves the last two.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "edit.h"
#include "msd.h"

static unsigned int net_id __read_mostly;

struct msd_net *msd_net(const struct net *net)
{
	return net_generic(net, net_id);
}

struct msd_iface *msd_iface_find(struct msd_net *mn, u32 ifindex)
{
	struct msd_iface *iface;

	ASSERT_RTNL();
	list_for_each_entry(iface, &mn->ifaces, list)
		if (iface->dev->ifindex == ifindex)
			return iface;
	return NULL;
}

/* Dumps go on by ifindex, so keep them in that order. */
static void insert(struct msd_net *mn, struct msd_iface *iface)
{
	struct msd_iface *pos;

	list_for_each_entry(pos, &mn->ifaces, list)
		if (pos->dev->ifindex > iface->dev->ifindex)
			break;
	list_add_tail(&iface->list, &pos->list);
}

static int admit(struct msd_net *mn, const struct net_device *dev,
		 struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack,
			       "nobody can be answered on a loopback device");
		return -EOPNOTSUPP;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		NL_SET_ERR_MSG(extack, "not an Ethernet device");
		return -EOPNOTSUPP;
	}
	if (msd_iface_find(mn, dev->ifindex)) {
		NL_SET_ERR_MSG(extack,
			       "already attached to this device; use set to change it");
		return -EEXIST;
	}
	return 0;
}

static void iface_free(struct msd_iface *iface)
{
	netdev_put(iface->dev, &iface->dev_tracker);
	free_percpu(iface->stats);
	kfree(iface);
}

static struct msd_iface *iface_alloc(struct net_device *dev, enum msd_via via)
{
	struct msd_iface *iface = kzalloc(sizeof(*iface), GFP_KERNEL_ACCOUNT);

	if (!iface)
		return NULL;
	iface->stats = msd_stats_alloc();
	if (!iface->stats) {
		kfree(iface);
		return NULL;
	}
	iface->dev = dev;
	iface->net = dev_net(dev);
	iface->via = via;
	msd_announce_init(iface);
	netdev_hold(dev, &iface->dev_tracker, GFP_KERNEL);
	return iface;
}

struct msd_iface *msd_iface_create(struct net_device *dev, enum msd_via via,
				   struct netlink_ext_ack *extack)
{
	struct msd_net *mn = msd_net(dev_net(dev));
	struct msd_iface *iface;
	int err;

	err = admit(mn, dev, extack);
	if (err)
		return ERR_PTR(err);
	iface = iface_alloc(dev, via);
	if (!iface)
		return ERR_PTR(-ENOMEM);
	err = msd_txq_init(iface);
	if (err)
		goto free_iface;
	err = msd_hook(iface, extack);
	if (err)
		goto exit_txq;
	insert(mn, iface);
	return iface;

exit_txq:
	msd_txq_exit(iface);
free_iface:
	iface_free(iface);
	return ERR_PTR(err);
}

/*
 * A frame may see the old MAC with the new configuration, or the other way
 * round. What the MAC points to lives until the frames in flight are done: a
 * configuration is freed after a grace period, the device is held.
 */
static void set_mac(struct msd_iface *iface, const struct msd_iface_cfg *cfg)
{
	WRITE_ONCE(iface->mac, msd_mac(cfg, iface->dev));
}

static void readdress(struct msd_iface *iface)
{
	struct msd_iface_cfg *cfg = rtnl_dereference(iface->cfg);

	set_mac(iface, cfg);
	msd_filter_readdress(iface->dev, cfg);
}

void msd_iface_publish(struct msd_iface *iface, struct msd_iface_cfg *cfg)
{
	struct msd_iface_cfg *old = rtnl_dereference(iface->cfg);

	if (old && old->own != cfg->own)
		msd_announce_forget(iface);
	cfg->generation = ++msd_net(iface->net)->generation;
	/* Before @cfg, so that no frame finds a configuration and no MAC. */
	set_mac(iface, cfg);
	rcu_assign_pointer(iface->cfg, cfg);
	if (old)
		msd_filter_del(iface->dev, old);
	msd_cfg_free(old);
}

/*
 * Why nothing survives: msd_unhook() returns when no frame is in msd_rx() any
 * more, so nothing is queued after it; msd_txq_exit() waits for polls that are
 * under way and frees what was queued before. Only then go the configuration,
 * the reference to the device and the memory they used.
 */
void msd_iface_destroy(struct msd_iface *iface)
{
	struct msd_iface_cfg *cfg = rtnl_dereference(iface->cfg);

	list_del(&iface->list);
	msd_net(iface->net)->generation++;
	msd_unhook(iface);
	msd_announce_forget(iface);
	msd_txq_exit(iface);
	if (cfg)
		msd_filter_del(iface->dev, cfg);
	msd_cfg_free(cfg);
	iface_free(iface);
}

static int on_netdev(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct msd_iface *iface;

	iface = msd_iface_find(msd_net(dev_net(dev)), dev->ifindex);
	if (!iface)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UNREGISTER:
		msd_iface_destroy(iface);
		break;
	case NETDEV_CHANGEADDR:
		readdress(iface);
		break;
	case NETDEV_UP:
	case NETDEV_NOTIFY_PEERS:
		msd_announce(iface);
		break;
	}
	return NOTIFY_DONE;
}

struct notifier_block msd_netdev_notifier = {
	.notifier_call = on_netdev,
};

static int __net_init net_enter(struct net *net)
{
	struct msd_net *mn = msd_net(net);

	INIT_LIST_HEAD(&mn->ifaces);
	xa_init_flags(&mn->edits, XA_FLAGS_ACCOUNT);
	mutex_init(&mn->commit);
	msd_late_init(mn);
	mn->generation = 1;
	return 0;
}

/* The devices are gone already, and with them our interfaces. */
static void __net_exit net_leave(struct net *net)
{
	struct msd_net *mn = msd_net(net);

	WARN_ON_ONCE(!list_empty(&mn->ifaces));
	cancel_delayed_work_sync(&mn->late);
	msd_edit_drop_all(mn);
	WARN_ON_ONCE(atomic_long_read(&mn->memory));
	xa_destroy(&mn->edits);
	mutex_destroy(&mn->commit);
}

struct pernet_operations msd_net_ops = {
	.init = net_enter,
	.exit = net_leave,
	.id = &net_id,
	.size = sizeof(struct msd_net),
};
