/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernel versions, here and nowhere else.
 */
#ifndef MSD_COMPAT_H
#define MSD_COMPAT_H

#include <linux/version.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#define MSD_KERNEL_FROM(major, minor)					\
	(KERNEL_VERSION(LINUX_VERSION_MAJOR, LINUX_VERSION_PATCHLEVEL, 0) >= \
	 KERNEL_VERSION(major, minor, 0))

/* In a TP_fast_assign(): fill __string(@dst, @src). */
#if MSD_KERNEL_FROM(6, 10)
#define msd_assign_str(dst, src) __assign_str(dst)
#else
#define msd_assign_str(dst, src) __assign_str(dst, src)
#endif

/**
 * msd_dummy_alloc() - a net device that only carries NAPI contexts
 *
 * Return: the device, or NULL.
 */
static inline struct net_device *msd_dummy_alloc(void)
{
#if MSD_KERNEL_FROM(6, 10)
	return alloc_netdev_dummy(0);
#else
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
#endif
}

/**
 * msd_dummy_free() - free what msd_dummy_alloc() returned
 * @dev: without NAPI contexts
 */
static inline void msd_dummy_free(struct net_device *dev)
{
#if MSD_KERNEL_FROM(6, 10)
	free_netdev(dev);
#else
	kfree(dev);
#endif
}

/**
 * msd_tapped() - does a packet socket want to see what a device sends?
 * @dev: the device
 *
 * Context: RCU read side.
 */
static inline bool msd_tapped(const struct net_device *dev)
{
#if MSD_KERNEL_FROM(6, 15)
	return dev_nit_active_rcu(dev);
#else
	return dev_nit_active((struct net_device *)dev);
#endif
}

/* What genl_family.pre_doit gets first. */
#if MSD_KERNEL_FROM(6, 2)
#define msd_genl_ops genl_split_ops
#else
#define msd_genl_ops genl_ops
#endif

/**
 * msd_egress_hooked() - does somebody filter what a device sends?
 * @dev: the device
 *
 * Netfilter's netdev egress hook, and programs or filters of traffic control.
 *
 * Context: RCU read side.
 */
static inline bool msd_egress_hooked(const struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_EGRESS
	if (rcu_access_pointer(dev->nf_hooks_egress))
		return true;
#endif
#if MSD_KERNEL_FROM(6, 6)
#ifdef CONFIG_NET_XGRESS
	if (rcu_access_pointer(dev->tcx_egress))
		return true;
#endif
#elif defined(CONFIG_NET_CLS_ACT)
	if (rcu_access_pointer(dev->miniq_egress))
		return true;
#endif
	return false;
}

/**
 * msd_dump_attrs() - parsed attributes of a dump request
 * @cb: the dump
 */
static inline struct nlattr **msd_dump_attrs(struct netlink_callback *cb)
{
#if MSD_KERNEL_FROM(6, 7)
	return genl_info_dump(cb)->attrs;
#else
	return (struct nlattr **)genl_dumpit_info(cb)->attrs;
#endif
}

/**
 * msd_extack_cookie() - say in a refusal what it is about
 * @extack: of the request
 * @data: what
 * @len: its length
 *
 * The cookie has 20 bytes in 6.12 and 8 in 7.3: what does not fit is not said.
 */
static inline void msd_extack_cookie(struct netlink_ext_ack *extack,
				     const void *data, u8 len)
{
	if (len > sizeof(extack->cookie))
		return;
	memcpy(extack->cookie, data, len);
	extack->cookie_len = len;
}

#endif /* MSD_COMPAT_H */
