// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose addresses may not become own ones: the host's, broadcast addresses of its
 * networks, its gateways and neighbours that live.
 */
#include <linux/inetdevice.h>
#include <net/arp.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/route.h>
#include "msd.h"

/* A neighbour that was heard of within this time lives. */
#define ALIVE (5 * 60 * HZ)

/**
 * struct claim - a set of own addresses being judged
 * @dev: the device it is for
 * @own: the set
 * @force: it may contain the host's addresses
 * @hit: out: the address it may not have, IPv4 mapped
 * @why: out: a sentence; NULL: none was found
 */
struct claim {
	struct net_device *dev;
	const struct msd_addrset *own;
	bool force;
	struct in6_addr *hit;
	const char *why;
};

/* Return: whether the address is in the set; then that is why not. */
static bool hits(struct claim *c, u8 family, const void *addr, const char *why)
{
	__be32 a4;

	if (!msd_addrset_has(c->own, family, addr))
		return false;
	if (family == 4) {
		memcpy(&a4, addr, sizeof(a4));
		ipv6_addr_set_v4mapped(a4, c->hit);
	} else {
		memcpy(c->hit, addr, sizeof(*c->hit));
	}
	c->why = why;
	return true;
}

static bool of_host(void *arg, enum msd_host_kind kind, u8 family,
		    const void *addr)
{
	struct claim *c = arg;

	if (kind == MSD_HOST_BROADCAST)
		return hits(c, family, addr,
			    "an own address is a broadcast address of this host's network; leave it out");
	return !c->force &&
	       hits(c, family, addr,
		    "an own address is an address of this host; force allows it");
}

#define GATEWAY "an own address is this host's gateway; leave it out"

/* Towards an address that no prefix but the default one has; on @oif, or 0. */
static void gateway4(struct claim *c, int oif)
{
	struct flowi4 fl = {
		.flowi4_oif = oif, .daddr = htonl(0xf0000001),
	};
	struct rtable *rt = ip_route_output_key(dev_net(c->dev), &fl);

	if (IS_ERR(rt))
		return;
	if (rt->rt_gw_family == AF_INET)
		hits(c, 4, &rt->rt_gw4, GATEWAY);
	ip_rt_put(rt);
}

#if IS_ENABLED(CONFIG_IPV6)
static void gateway6(struct claim *c, int oif)
{
	struct flowi6 fl = {
		.flowi6_oif = oif, .daddr = { .s6_addr = { 0x3f, 0xff, 1 } },
	};
	struct dst_entry *dst;
	struct rt6_info *rt;

	if (!ipv6_mod_enabled())
		return;
	dst = ip6_route_output(dev_net(c->dev), NULL, &fl);
	rt = container_of(dst, struct rt6_info, dst);
	if (!dst->error && rt->rt6i_flags & RTF_GATEWAY)
		hits(c, 6, &rt->rt6i_gateway, GATEWAY);
	dst_release(dst);
}

static struct neigh_table *table6(void)
{
	return ipv6_mod_enabled() ? &nd_tbl : NULL;
}
#else
static void gateway6(struct claim *c, int oif)
{
}

static struct neigh_table *table6(void)
{
	return NULL;
}
#endif

static bool lives(const struct neighbour *n)
{
	u8 state = READ_ONCE(n->nud_state);

	if (state & NUD_PERMANENT)
		return true;
	return state & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE) &&
	       time_before(jiffies, READ_ONCE(n->confirmed) + ALIVE);
}

/* On the device, or on what stands on it: a bridge, a bond, a VLAN. */
static void judge_neighbour(struct neighbour *n, void *arg)
{
	struct claim *c = arg;

	if (c->why || !lives(n))
		return;
	if (n->dev == c->dev || netdev_has_upper_dev(c->dev, n->dev))
		hits(c, n->tbl->family == AF_INET ? 4 : 6, n->primary_key,
		     "an own address belongs to a neighbour that lives; leave it out");
}

const char *msd_claim_refuse(struct net_device *dev,
			     const struct msd_addrset *own, bool force,
			     struct in6_addr *hit)
{
	struct claim c = { .dev = dev, .own = own, .force = force, .hit = hit };
	const int oif[] = { 0, dev->ifindex };
	unsigned int i;

	if (msd_addrset_empty(own) || msd_host_walk(dev_net(dev), of_host, &c))
		return c.why;
	for (i = 0; i < ARRAY_SIZE(oif) && !c.why; i++) {
		gateway4(&c, oif[i]);
		if (!c.why)
			gateway6(&c, oif[i]);
	}
	if (!c.why)
		neigh_for_each(&arp_tbl, judge_neighbour, &c);
	if (!c.why && table6())
		neigh_for_each(table6(), judge_neighbour, &c);
	return c.why;
}
