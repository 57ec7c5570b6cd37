// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which addresses the host has: those we leave to it. Broadcast addresses of its
 * networks are among them.
 */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ipv6.h>
#include <net/route.h>
#include "msd.h"

static bool numbered(const struct net_device *dev)
{
	const struct in_device *in = __in_dev_get_rcu(dev);

	return in && rcu_access_pointer(in->ifa_list);
}

/*
 * A namespace that never had an address has no local table, and every address is
 * a broadcast one there; so that counts only on a device with an address.
 */
static bool has4(const struct msd_iface *iface, __be32 addr)
{
	unsigned int type;

	type = inet_addr_type_dev_table(iface->net, iface->dev, addr);
	return type == RTN_LOCAL ||
	       (type == RTN_BROADCAST && numbered(iface->dev));
}

#if IS_ENABLED(CONFIG_IPV6)
/* Router anycast addresses; the kernel's own check is not exported. */
static bool has_anycast(const struct net_device *dev, const struct in6_addr *addr)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	struct ifacaddr6 *aca;
	bool found = false;

	if (!idev || !READ_ONCE(idev->ac_list))
		return false;
	read_lock_bh(&idev->lock);
	for (aca = idev->ac_list; aca && !found; aca = aca->aca_next)
		found = ipv6_addr_equal(&aca->aca_addr, addr);
	read_unlock_bh(&idev->lock);
	return found;
}

/* Tentative addresses count: their duplicates are the host's business. */
static bool has6(const struct msd_iface *iface, const struct in6_addr *addr)
{
	if (!ipv6_mod_enabled())
		return false;
	return ipv6_chk_addr_and_flags(iface->net, addr, NULL, true, 0, 0) ||
	       has_anycast(iface->dev, addr);
}

/* Addresses that are being probed count, and router anycast addresses. */
static bool walk6(struct net_device *dev, msd_host_fn fn, void *arg)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	struct inet6_ifaddr *ifa;
	struct ifacaddr6 *aca;
	bool end = false;

	if (!idev)
		return false;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list) {
		end = fn(arg, MSD_HOST_LOCAL, 6, &ifa->addr);
		if (end)
			break;
	}
	for (aca = idev->ac_list; aca && !end; aca = aca->aca_next)
		end = fn(arg, MSD_HOST_LOCAL, 6, &aca->aca_addr);
	read_unlock_bh(&idev->lock);
	return end;
}
#else
static bool has6(const struct msd_iface *iface, const struct in6_addr *addr)
{
	return false;
}

static bool walk6(struct net_device *dev, msd_host_fn fn, void *arg)
{
	return false;
}
#endif

bool msd_host_has(void *host, u8 family, const void *addr)
{
	struct in6_addr a6;
	__be32 a4;

	if (family == 4) {
		memcpy(&a4, addr, sizeof(a4));
		return has4(host, a4);
	}
	memcpy(&a6, addr, sizeof(a6));
	return has6(host, &a6);
}

/* The broadcast address that follows from the prefix, if one does. */
static __be32 directed(const struct in_ifaddr *ifa)
{
	return ifa->ifa_prefixlen < 31 ? ifa->ifa_address | ~ifa->ifa_mask : 0;
}

bool msd_host_ifa(const struct in_ifaddr *ifa, msd_host_fn fn, void *arg)
{
	__be32 bcast = directed(ifa);

	if (fn(arg, MSD_HOST_LOCAL, 4, &ifa->ifa_local))
		return true;
	if (bcast && fn(arg, MSD_HOST_BROADCAST, 4, &bcast))
		return true;
	return ifa->ifa_broadcast && ifa->ifa_broadcast != bcast &&
	       fn(arg, MSD_HOST_BROADCAST, 4, &ifa->ifa_broadcast);
}

static bool walk4(const struct net_device *dev, msd_host_fn fn, void *arg)
{
	const struct in_device *in = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa;

	if (!in)
		return false;
	in_dev_for_each_ifa_rtnl(ifa, in)
		if (msd_host_ifa(ifa, fn, arg))
			return true;
	return false;
}

bool msd_host_walk(struct net *net, msd_host_fn fn, void *arg)
{
	struct net_device *dev;

	ASSERT_RTNL();
	for_each_netdev(net, dev)
		if (walk4(dev, fn, arg) || walk6(dev, fn, arg))
			return true;
	return false;
}
