// SPDX-License-Identifier: GPL-2.0-only
/* A device for the tests of the shell: see rig.h. */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include "rig.h"

struct rig rig;

static netdev_tx_t rig_xmit(struct sk_buff *skb, struct net_device *dev)
{
	if (rig.busy)
		return NETDEV_TX_BUSY;
	skb_queue_tail(&rig.sent, skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops rig_ops = {
	.ndo_start_xmit = rig_xmit,
};

static void setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &rig_ops;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX;
	dev->priv_flags |= IFF_UNICAST_FLT;
}

/* Without a host that speaks of itself: neither IPv6 nor IPv4 is up. */
static int bring_up(struct net_device *dev)
{
	struct inet6_dev *idev;
	int err;

	eth_hw_addr_set(dev, env_own_mac);
	rtnl_lock();
	err = register_netdevice(dev);
	if (!err) {
		idev = __in6_dev_get(dev);
		if (idev)
			idev->cnf.disable_ipv6 = 1;
		err = dev_open(dev, NULL);
		if (err)
			unregister_netdevice(dev);
	}
	rtnl_unlock();
	return err;
}

int rig_up(struct kunit_suite *suite)
{
	int err = rig_load();

	if (err)
		return err;
	skb_queue_head_init(&rig.sent);
	rig.busy = false;
	rig.dev = alloc_netdev_mqs(0, "rig%d", NET_NAME_UNKNOWN, setup, 2, 2);
	err = rig.dev ? bring_up(rig.dev) : -ENOMEM;
	if (err) {
		if (rig.dev)
			free_netdev(rig.dev);
		rig_unload();
	}
	return err;
}

void rig_down(struct kunit_suite *suite)
{
	unregister_netdev(rig.dev);
	free_netdev(rig.dev);
	skb_queue_purge(&rig.sent);
	rig_unload();
	rcu_barrier();
}

struct msd_iface_cfg *rig_cfg(void)
{
	static const struct msd_range4 own4 = { 0xc0000280, 0xc00002ff };
	static const struct msd_range6 own6 = {
		{ 0x20010db800000000, 0x8000 }, { 0x20010db800000000, 0xffff }
	};
	struct msd_iface_cfg *cfg = msd_cfg_new(NULL);
	struct msd_draft own = {};
	struct msd_ranges *set;

	if (!cfg)
		return NULL;
	if (msd_draft_add4(&own, &own4) || msd_draft_add6(&own, &own6) ||
	    msd_ranges_seal(NULL, &own, &set)) {
		msd_draft_free(&own);
		msd_cfg_free(cfg);
		return NULL;
	}
	msd_cfg_ranges(cfg, set, NULL);
	msd_proto_config(&cfg->core);
	msd_filter_plan(cfg);
	return cfg;
}

int rig_attach_via(enum msd_via via)
{
	struct msd_iface_cfg *cfg = rig_cfg();
	struct netlink_ext_ack extack = {};
	struct msd_iface *iface;
	int err;

	if (!cfg)
		return -ENOMEM;
	rtnl_lock();
	iface = msd_iface_create(rig.dev, via, &extack);
	err = PTR_ERR_OR_ZERO(iface);
	if (!err) {
		err = msd_filter_add(rig.dev, cfg, &extack);
		if (err)
			msd_iface_destroy(iface);
	}
	if (!err)
		msd_iface_publish(iface, cfg);
	else
		msd_cfg_free(cfg);
	rtnl_unlock();
	return err;
}

int rig_attach(struct kunit *test)
{
	return rig_attach_via(MSD_VIA_RX_HANDLER);
}

void rig_detach(struct kunit *test)
{
	struct msd_iface *iface;

	rtnl_lock();
	iface = msd_iface_find(msd_net(dev_net(rig.dev)), rig.dev->ifindex);
	if (iface)
		msd_iface_destroy(iface);
	rtnl_unlock();
	rig.busy = false;
	skb_queue_purge(&rig.sent);
}

struct msd_iface *rig_iface(void)
{
	struct msd_iface *iface;

	rtnl_lock();
	iface = msd_iface_find(msd_net(dev_net(rig.dev)), rig.dev->ifindex);
	rtnl_unlock();
	return iface;
}

struct sk_buff *rig_skb(const struct pkt *p)
{
	static u8 frame[PKT_MAX];
	u32 len = pkt_build(p, frame);
	struct sk_buff *skb = netdev_alloc_skb(rig.dev, len);

	if (!skb)
		return NULL;
	skb_put_data(skb, frame, len);
	skb_reset_mac_header(skb);
	return skb;
}

static bool waiting(const struct msd_iface *iface)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (READ_ONCE(per_cpu_ptr(iface->txq, cpu)->first))
			return true;
	return false;
}

void rig_settle(void)
{
	const struct msd_iface *iface = rig_iface();
	unsigned int tries = 1000;

	while (iface && waiting(iface) && tries--)
		usleep_range(1000, 2000);
}

void rig_receive(struct sk_buff *skb)
{
	local_bh_disable();
	skb->protocol = eth_type_trans(skb, rig.dev);
	netif_receive_skb(skb);
	local_bh_enable();
	rig_settle();
}

u64 rig_count(enum msd_verdict v)
{
	const struct msd_iface *iface = rig_iface();
	u64 n = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		n += u64_stats_read(&per_cpu_ptr(iface->stats, cpu)->count[v].frames);
	return n;
}
