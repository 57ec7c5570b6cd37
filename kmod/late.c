// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of the own set that the host gets after the attach, by hand, by DHCP
 * or from a router's advertisement: they are the host's from then on, until it
 * loses them. Frames find them in a small set of their own, which is NULL as long
 * as there are none.
 *
 *   IPv4   the notifier has RTNL and may sleep: at once
 *   IPv6   the notifier may not sleep: by a work item, as soon as it gets RTNL
 */
#include <linux/inetdevice.h>
#include <linux/mm.h>
#include <linux/ratelimit.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include "msd.h"

/* Lines said in five seconds, for all namespaces. */
#define LINES 20

/**
 * struct found - addresses of the host in an own set
 * @own: the set
 * @list: those there was room for; its counts go on without
 */
struct found {
	const struct msd_addrset *own;
	struct msd_draft list;
};

static bool note(void *arg, enum msd_host_kind kind, u8 family, const void *addr)
{
	struct found *f = arg;
	struct msd_draft *l = &f->list;
	struct msd_u128 a6;
	u32 a4;

	if (!msd_addrset_has(f->own, family, addr))
		return false;
	if (family == 4) {
		a4 = get_unaligned_be32(addr);
		if (l->n4++ < l->cap4)
			l->r4[l->n4 - 1] = (struct msd_range4){ a4, a4 };
	} else {
		a6 = msd_u128(addr);
		if (l->n6++ < l->cap6)
			l->r6[l->n6 - 1] = (struct msd_range6){ a6, a6 };
	}
	return false;
}

static int make_room(struct msd_draft *l)
{
	u32 cap4 = l->n4, cap6 = l->n6;

	msd_draft_free(l);
	l->cap4 = cap4;
	l->cap6 = cap6;
	if (cap4) {
		l->r4 = kvcalloc(cap4, sizeof(*l->r4), GFP_KERNEL_ACCOUNT);
		if (!l->r4)
			return -ENOMEM;
	}
	if (cap6) {
		l->r6 = kvcalloc(cap6, sizeof(*l->r6), GFP_KERNEL_ACCOUNT);
		if (!l->r6)
			return -ENOMEM;
	}
	return 0;
}

/* IPv6 addresses come and go meanwhile: until all found have room. */
static int collect(struct net *net, struct found *f)
{
	int err;

	for (;;) {
		f->list.n4 = 0;
		f->list.n6 = 0;
		msd_host_walk(net, note, f);
		if (f->list.n4 <= f->list.cap4 && f->list.n6 <= f->list.cap6)
			return 0;
		err = make_room(&f->list);
		if (err)
			return err;
	}
}

static int find(struct net *net, const struct msd_iface_cfg *cfg,
		struct msd_ranges **late)
{
	struct found f = { .own = &cfg->core.own };
	int err;

	*late = NULL;
	if (cfg->forced || msd_addrset_empty(f.own))
		return 0;
	err = collect(net, &f);
	if (!err && (f.list.n4 | f.list.n6))
		err = msd_ranges_seal(NULL, &f.list, late);
	msd_draft_free(&f.list);
	return err;
}

int msd_late_find(struct net *net, struct msd_iface_cfg *cfg)
{
	struct msd_ranges *late;
	int err;

	err = find(net, cfg, &late);
	if (!err)
		RCU_INIT_POINTER(cfg->late, late);
	return err;
}

static bool in(const struct msd_ranges *r, u8 family, const void *addr)
{
	return r && msd_addrset_has(&r->set, family, addr);
}

static void say(const struct msd_iface *iface, const char *addr, bool got)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, LINES);

	if (!__ratelimit(&limit))
		return;
	if (got)
		netdev_notice(iface->dev,
			      "kmasscanned: %s is this host's now and no longer answered for\n",
			      addr);
	else
		netdev_notice(iface->dev,
			      "kmasscanned: %s is no longer this host's and answered for again\n",
			      addr);
}

static void say4(const struct msd_iface *iface, const struct msd_range4 *r,
		 const struct msd_ranges *other, bool got)
{
	char text[16];
	u32 a = r->first;
	__be32 addr;

	do {
		addr = htonl(a);
		if (in(other, 4, &addr))
			continue;
		snprintf(text, sizeof(text), "%pI4", &addr);
		say(iface, text, got);
	} while (a++ != r->last);
}

static void say6(const struct msd_iface *iface, const struct msd_range6 *r,
		 const struct msd_ranges *other, bool got)
{
	struct msd_u128 a = r->first;
	bool last;

	do {
		__be64 addr[2] = { cpu_to_be64(a.hi), cpu_to_be64(a.lo) };
		char text[48];

		last = a.hi == r->last.hi && a.lo == r->last.lo;
		if (!in(other, 6, addr)) {
			snprintf(text, sizeof(text), "%pI6c", addr);
			say(iface, text, got);
		}
		a.hi += !++a.lo;
	} while (!last);
}

/* Say what one set has and the other has not. */
static void say_new(const struct msd_iface *iface, const struct msd_ranges *r,
		    const struct msd_ranges *other, bool got)
{
	u32 i;

	if (!r)
		return;
	for (i = 0; i < r->set.n4; i++)
		say4(iface, &r->set.r4[i], other, got);
	for (i = 0; i < r->set.n6; i++)
		say6(iface, &r->set.r6[i], other, got);
}

static int update(struct msd_iface *iface)
{
	struct msd_iface_cfg *cfg = rtnl_dereference(iface->cfg);
	struct msd_ranges *old, *new;
	int err;

	if (!cfg)
		return 0;
	old = rtnl_dereference(cfg->late);
	err = find(iface->net, cfg, &new);
	if (err || !(old || new))
		return err;
	rcu_assign_pointer(cfg->late, new);
	say_new(iface, new, old, true);
	say_new(iface, old, new, false);
	msd_ranges_put(old);
	return 0;
}

/* Memory may be back in a second. */
static void retry(struct msd_net *mn, int err)
{
	if (err)
		queue_delayed_work(system_highpri_wq, &mn->late, HZ);
}

static void update_all(struct work_struct *work)
{
	struct msd_net *mn = container_of(to_delayed_work(work),
					  struct msd_net, late);
	struct msd_iface *iface;
	int err = 0;

	rtnl_lock();
	list_for_each_entry(iface, &mn->ifaces, list)
		err = update(iface) ?: err;
	retry(mn, err);
	rtnl_unlock();
}

void msd_late_init(struct msd_net *mn)
{
	INIT_DELAYED_WORK(&mn->late, update_all);
}

static bool is_own(void *arg, enum msd_host_kind kind, u8 family,
		   const void *addr)
{
	return msd_addrset_has(arg, family, addr);
}

static int on_inetaddr(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct in_ifaddr *ifa = ptr;
	struct msd_net *mn = msd_net(dev_net(ifa->ifa_dev->dev));
	struct msd_iface *iface;
	struct msd_iface_cfg *cfg;

	list_for_each_entry(iface, &mn->ifaces, list) {
		cfg = rtnl_dereference(iface->cfg);
		if (cfg && msd_host_ifa(ifa, is_own, &cfg->core.own))
			retry(mn, update(iface));
	}
	return NOTIFY_DONE;
}

struct notifier_block msd_inetaddr_notifier = {
	.notifier_call = on_inetaddr,
};

#if IS_ENABLED(CONFIG_IPV6)
static int on_inet6addr(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct inet6_ifaddr *ifa = ptr;
	struct msd_net *mn = msd_net(dev_net(ifa->idev->dev));

	if (!list_empty(&mn->ifaces))
		mod_delayed_work(system_highpri_wq, &mn->late, 0);
	return NOTIFY_DONE;
}

struct notifier_block msd_inet6addr_notifier = {
	.notifier_call = on_inet6addr,
};
#endif
