// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device must receive for us beside its own address: our MAC when it
 * is another one, all-nodes, and the multicast groups of own addresses.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include "config.h"

/* Remember a group once. Return: false when there are too many. */
static bool want(struct msd_filter *f, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < f->n; i++)
		if (ether_addr_equal(f->mc[i], mac))
			return true;
	if (f->n == ARRAY_SIZE(f->mc))
		return false;
	ether_addr_copy(f->mc[f->n++], mac);
	return true;
}

/* 01:00:5e and the low 23 bits of the address (RFC 1112 section 6.4) */
static bool want4(struct msd_filter *f, u32 addr)
{
	const u8 mac[ETH_ALEN] = {
		0x01, 0x00, 0x5e, (addr >> 16) & 0x7f, addr >> 8, addr,
	};

	return want(f, mac);
}

/* 33:33:ff and the low 24 bits (RFC 4291 section 2.7.1, RFC 2464 section 7) */
static bool want6(struct msd_filter *f, u32 low)
{
	const u8 mac[ETH_ALEN] = { 0x33, 0x33, 0xff, low >> 16, low >> 8, low };

	return want(f, mac);
}

/* Neighbours in a range differ, so either loop soon ends one way or another. */
static bool plan4(struct msd_filter *f, const struct msd_range4 *r)
{
	u32 a = r->first;

	do {
		if (!want4(f, a))
			return false;
	} while (a++ != r->last);
	return true;
}

static bool plan6(struct msd_filter *f, const struct msd_range6 *r)
{
	struct msd_u128 a = r->first;

	while (want6(f, a.lo)) {
		if (a.hi == r->last.hi && a.lo == r->last.lo)
			return true;
		a.hi += !++a.lo;
	}
	return false;
}

static bool plan(struct msd_filter *f, const struct msd_addrset *own)
{
	u32 i;

	for (i = 0; i < own->n4; i++)
		if (!plan4(f, &own->r4[i]))
			return false;
	for (i = 0; i < own->n6; i++)
		if (!plan6(f, &own->r6[i]))
			return false;
	return !msd_addrset_empty(own);
}

void msd_filter_plan(struct msd_iface_cfg *cfg)
{
	static const u8 all_nodes[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0, 1 };
	struct msd_filter *f = &cfg->filter;

	memset(f, 0, sizeof(*f));
	want(f, all_nodes);
	if (!plan(f, &cfg->core.own)) {
		f->allmulti = true;
		f->n = 0;
	}
}

static int add_uc(struct net_device *dev, struct msd_iface_cfg *cfg)
{
	const u8 *mac = msd_mac(cfg, dev);
	int err;

	if (ether_addr_equal(mac, dev->dev_addr))
		return 0;
	err = dev_uc_add(dev, mac);
	if (err)
		return err;
	ether_addr_copy(cfg->filter.uc, mac);
	cfg->filter.has_uc = true;
	return 0;
}

static void del_uc(struct net_device *dev, struct msd_filter *f)
{
	if (f->has_uc)
		dev_uc_del(dev, f->uc);
	f->has_uc = false;
}

static int add_mc(struct net_device *dev, struct msd_filter *f)
{
	unsigned int i;
	int err;

	for (i = 0; i < f->n; i++) {
		err = dev_mc_add(dev, f->mc[i]);
		if (err)
			goto del_added;
	}
	return f->allmulti ? dev_set_allmulti(dev, 1) : 0;

del_added:
	while (i--)
		dev_mc_del(dev, f->mc[i]);
	return err;
}

int msd_filter_add(struct net_device *dev, struct msd_iface_cfg *cfg,
		   struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	err = add_uc(dev, cfg);
	if (!err) {
		err = add_mc(dev, &cfg->filter);
		if (err)
			del_uc(dev, &cfg->filter);
	}
	if (err)
		NL_SET_ERR_MSG(extack,
			       "the device's receive filter cannot be changed");
	return err;
}

void msd_filter_del(struct net_device *dev, struct msd_iface_cfg *cfg)
{
	struct msd_filter *f = &cfg->filter;
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < f->n; i++)
		dev_mc_del(dev, f->mc[i]);
	if (f->allmulti)
		dev_set_allmulti(dev, -1);
	del_uc(dev, f);
}

void msd_filter_readdress(struct net_device *dev, struct msd_iface_cfg *cfg)
{
	ASSERT_RTNL();
	del_uc(dev, &cfg->filter);
	if (add_uc(dev, cfg))
		netdev_warn(dev, "kmasscanned: own MAC address is not received\n");
}
