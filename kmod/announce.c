// SPDX-License-Identifier: GPL-2.0-only
/*
 * Own addresses are told to the network on attach, when the device comes up, and
 * when it asks for it (NETDEV_NOTIFY_PEERS: a bond has changed its port), so that
 * neighbours and switches learn where they are.
 *
 *   IPv4   a gratuitous ARP request
 *   IPv6   an unsolicited advertisement to all nodes; and the kernel joins the
 *          solicited-node group, so that it reports it (MLD) and answers queries
 *          of a switch that snoops
 *
 * Up to MOST addresses of a family, some at a time; of a larger set none. They go
 * through the queue layer, as all that the host itself sends.
 */
#include <linux/if_arp.h>
#include <linux/ratelimit.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include "msd.h"

#define MOST 1024
/* A hundred addresses a second. */
#define PER_TURN 10
#define TURN (HZ / 10)
/* Ethernet, IPv6, advertisement with one option. */
#define ADVERT_LEN 86

/* Number of IPv4 addresses, or MOST + 1. */
static u32 size4(const struct msd_addrset *set)
{
	u64 n = 0;
	u32 i;

	for (i = 0; i < set->n4 && n <= MOST; i++)
		n += (u64)set->r4[i].last - set->r4[i].first + 1;
	return min_t(u64, n, MOST + 1);
}

static u32 size6(const struct msd_addrset *set)
{
	u64 n = 0, more;
	u32 i;

	for (i = 0; i < set->n6 && n <= MOST; i++) {
		more = set->r6[i].last.lo - set->r6[i].first.lo;
		if (set->r6[i].last.hi != set->r6[i].first.hi || more > MOST)
			return MOST + 1;
		n += more + 1;
	}
	return min_t(u64, n, MOST + 1);
}

/* How many are to be told: all or none. */
static struct msd_turn goal(const struct msd_addrset *set)
{
	struct msd_turn t = { size4(set), size6(set) };

	if (t.n4 > MOST)
		t.n4 = 0;
	if (t.n6 > MOST)
		t.n6 = 0;
	return t;
}

/* The address of that number; there is one. */
static __be32 nth4(const struct msd_addrset *set, u32 n)
{
	const struct msd_range4 *r = set->r4;

	while (n > r->last - r->first) {
		n -= r->last - r->first + 1;
		r++;
	}
	return htonl(r->first + n);
}

static struct in6_addr nth6(const struct msd_addrset *set, u32 n)
{
	const struct msd_range6 *r = set->r6;
	struct in6_addr a;

	while (n > r->last.lo - r->first.lo) {
		n -= r->last.lo - r->first.lo + 1;
		r++;
	}
	put_unaligned_be64(r->first.hi, a.s6_addr);
	put_unaligned_be64(r->first.lo + n, a.s6_addr + 8);
	return a;
}

static bool left_to_host(const struct msd_iface_cfg *cfg, u8 family,
			 const void *addr)
{
	const struct msd_ranges *late = rtnl_dereference(cfg->late);

	return late && msd_addrset_has(&late->set, family, addr);
}

static void say4(struct msd_iface *iface, const struct msd_iface_cfg *cfg,
		 __be32 addr)
{
	if (!left_to_host(cfg, 4, &addr))
		arp_send(ARPOP_REQUEST, ETH_P_ARP, addr, iface->dev, addr, NULL,
			 iface->mac, NULL);
}

static void say6(struct msd_iface *iface, const struct msd_iface_cfg *cfg,
		 const struct in6_addr *addr)
{
	struct msd_ctx ctx = { .cfg = &cfg->core, .mac = iface->mac };
	struct msd_out *out;
	struct sk_buff *skb;

	if (left_to_host(cfg, 6, addr))
		return;
	out = kzalloc(sizeof(*out), GFP_KERNEL);
	skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + ADVERT_LEN, GFP_KERNEL);
	if (!out || !skb) {
		kfree_skb(skb);
		kfree(out);
		return;
	}
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	out->buf = msd_buf(skb_put(skb, ADVERT_LEN), ADVERT_LEN);
	msd_ndisc_announce(&ctx, addr, out);
	skb->dev = iface->dev;
	skb->protocol = htons(ETH_P_IPV6);
	kfree(out);
	dev_queue_xmit(skb);
}

#if IS_ENABLED(CONFIG_IPV6)
static void join(struct msd_iface *iface, const struct in6_addr *addr)
{
	struct in6_addr group;

	addrconf_addr_solict_mult(addr, &group);
	if (ipv6_mod_enabled())
		ipv6_dev_mc_inc(iface->dev, &group);
}

static void leave(struct msd_iface *iface, const struct in6_addr *addr)
{
	struct in6_addr group;

	addrconf_addr_solict_mult(addr, &group);
	if (ipv6_mod_enabled())
		ipv6_dev_mc_dec(iface->dev, &group);
}
#else
static void join(struct msd_iface *iface, const struct in6_addr *addr)
{
}

static void leave(struct msd_iface *iface, const struct in6_addr *addr)
{
}
#endif

/* One address, of the family that is behind. Return: false when all were told. */
static bool one(struct msd_iface *iface, const struct msd_iface_cfg *cfg,
		const struct msd_turn *goal)
{
	const struct msd_addrset *own = &cfg->core.own;
	struct msd_turn *said = &iface->said;
	bool more6 = said->n6 < goal->n6;
	struct in6_addr a6;

	if (said->n4 < goal->n4 && (!more6 || said->n4 <= said->n6)) {
		say4(iface, cfg, nth4(own, said->n4++));
		return true;
	}
	if (!more6)
		return false;
	a6 = nth6(own, said->n6++);
	if (iface->joined < said->n6) {
		iface->joined = said->n6;
		join(iface, &a6);
	}
	say6(iface, cfg, &a6);
	return true;
}

/* Whoever cancels this has RTNL, so it must not wait for it. */
static void turn(struct work_struct *work)
{
	struct msd_iface *iface = container_of(to_delayed_work(work),
					       struct msd_iface, announce);
	const struct msd_iface_cfg *cfg;
	struct msd_turn t;
	unsigned int i;

	if (!rtnl_trylock()) {
		schedule_delayed_work(&iface->announce, 1);
		return;
	}
	cfg = rtnl_dereference(iface->cfg);
	t = goal(&cfg->core.own);
	for (i = 0; i < PER_TURN; i++)
		if (!one(iface, cfg, &t))
			break;
	if (i == PER_TURN)
		schedule_delayed_work(&iface->announce, TURN);
	rtnl_unlock();
}

static void say_not(const struct msd_iface *iface, const char *family)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 20);

	if (__ratelimit(&limit))
		netdev_info(iface->dev,
			    "kmasscanned: more than %u own %s addresses, so none is announced\n",
			    MOST, family);
}

void msd_announce(struct msd_iface *iface)
{
	const struct msd_iface_cfg *cfg = rtnl_dereference(iface->cfg);

	if (!cfg || !netif_running(iface->dev))
		return;
	if (!iface->told_not && size4(&cfg->core.own) > MOST)
		say_not(iface, "IPv4");
	if (!iface->told_not && size6(&cfg->core.own) > MOST)
		say_not(iface, "IPv6");
	iface->told_not = true;
	iface->said = (struct msd_turn){};
	mod_delayed_work(system_wq, &iface->announce, 0);
}

void msd_announce_init(struct msd_iface *iface)
{
	INIT_DELAYED_WORK(&iface->announce, turn);
}

void msd_announce_forget(struct msd_iface *iface)
{
	const struct msd_iface_cfg *cfg = rtnl_dereference(iface->cfg);
	struct in6_addr a6;
	u32 i;

	cancel_delayed_work_sync(&iface->announce);
	for (i = 0; i < iface->joined; i++) {
		a6 = nth6(&cfg->core.own, i);
		leave(iface, &a6);
	}
	iface->joined = 0;
	iface->told_not = false;
}
