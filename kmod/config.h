/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration of an interface: built aside, published whole, freed after a
 * grace period; and what the device must receive for it.
 */
#ifndef MSD_CONFIG_H
#define MSD_CONFIG_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/refcount.h>
#include "core/core.h"

/* Ranges one list of one interface may have. */
#define MSD_RANGES_MAX 1000000
/*
 * Bytes that the address lists and the open edits of one network namespace may
 * take together. Both lists of an interface, full of IPv6 ranges, can be
 * exchanged within it.
 */
#define MSD_MEMORY_MAX (128 << 20)
/* Multicast groups joined one by one; more own groups: all multicast. */
#define MSD_GROUPS_MAX 64

/**
 * struct msd_ranges - immutable address set, shared by configurations
 * @rcu: readers of a configuration outlive it by a grace period
 * @refs: configurations and dumps that use it
 * @memory: what it is charged to, or NULL
 * @bytes: what was charged
 * @set: the ranges; they follow this structure in memory
 */
struct msd_ranges {
	struct rcu_head rcu;
	refcount_t refs;
	atomic_long_t *memory;
	size_t bytes;
	struct msd_addrset set;
};

/**
 * struct msd_draft - ranges being collected by an edit
 * @r4: IPv4 ranges; @n4 used of @cap4
 * @r6: IPv6 ranges; @n6 used of @cap6
 * @n4: see @r4
 * @n6: see @r6
 * @cap4: see @r4
 * @cap6: see @r6
 * @memory: what the arrays, and the set made of them, are charged to, or NULL
 */
struct msd_draft {
	struct msd_range4 *r4;
	struct msd_range6 *r6;
	u32 n4;
	u32 n6;
	u32 cap4;
	u32 cap6;
	atomic_long_t *memory;
};

/**
 * struct msd_filter - what a device was asked to receive for us
 * @allmulti: all multicast instead of @mc
 * @has_uc: @uc was added
 * @n: number of groups in @mc
 * @uc: own MAC that is not the device's
 * @mc: all-nodes and the groups of own addresses
 */
struct msd_filter {
	bool allmulti;
	bool has_uc;
	u8 n;
	u8 uc[ETH_ALEN];
	u8 mc[MSD_GROUPS_MAX + 1][ETH_ALEN];
};

/**
 * struct msd_iface_cfg - configuration of one interface
 * @core: what the core reads
 * @own: holds core.own; NULL when empty
 * @deny: holds core.deny; NULL when empty
 * @late: own addresses that the host has by now and are left to it; NULL: none.
 *	Replaced under RTNL
 * @rcu: for freeing
 * @generation: value of msd_net.generation when it was published
 * @mac_fixed: @mac was given; otherwise the device's own is used
 * @key_fixed: core.key was given
 * @snap: payload bytes an event holds, at most MSD_SNAP_MAX
 * @forced: own addresses may be the host's
 * @mac: own MAC, if @mac_fixed
 * @filter: receive filter that goes with it; guarded by RTNL
 *
 * All but @late and @filter is immutable once published in msd_iface.cfg.
 */
struct msd_iface_cfg {
	struct msd_config core;
	struct msd_ranges *own;
	struct msd_ranges *deny;
	struct msd_ranges __rcu *late;
	struct rcu_head rcu;
	u32 generation;
	bool mac_fixed;
	bool key_fixed;
	u16 snap;
	bool forced;
	u8 mac[ETH_ALEN];
	struct msd_filter filter;
};

/* ranges.c */

/**
 * msd_charge() - take memory out of what a network namespace may have
 * @memory: bytes it has taken; NULL: unlimited
 * @bytes: as many more
 *
 * Return: 0, or -ENOSPC above MSD_MEMORY_MAX; nothing was taken then.
 */
int msd_charge(atomic_long_t *memory, size_t bytes);

/**
 * msd_uncharge() - give it back
 * @memory: the same
 * @bytes: the same
 */
void msd_uncharge(atomic_long_t *memory, size_t bytes);

/**
 * msd_draft_add4() - append a range to a list
 * @l: the list
 * @r: the range
 *
 * Return: 0, -E2BIG at MSD_RANGES_MAX, -ENOSPC or -ENOMEM.
 */
int msd_draft_add4(struct msd_draft *l, const struct msd_range4 *r);

/* msd_draft_add6() - the same for IPv6. */
int msd_draft_add6(struct msd_draft *l, const struct msd_range6 *r);

/**
 * msd_draft_free() - free what a list holds; it is empty then
 * @l: the list
 */
void msd_draft_free(struct msd_draft *l);

/**
 * msd_ranges_seal() - make an immutable set of an old one and additions
 * @old: ranges to start from, or NULL
 * @add: ranges to add; emptied
 * @sealed: out: the set with one reference; NULL when it is empty
 *
 * Context: process; may take long for a million ranges.
 * Return: 0, -E2BIG, -ENOSPC or -ENOMEM.
 */
int msd_ranges_seal(const struct msd_ranges *old, struct msd_draft *add,
		    struct msd_ranges **sealed);

/**
 * msd_ranges_get() - take a reference
 * @r: the set, or NULL
 *
 * Return: @r.
 */
struct msd_ranges *msd_ranges_get(struct msd_ranges *r);

/**
 * msd_ranges_put() - drop a reference; the last frees after a grace period
 * @r: the set, or NULL
 */
void msd_ranges_put(struct msd_ranges *r);

/* config.c */

/**
 * msd_cfg_new() - a configuration to be changed and published
 * @base: what to start from; NULL: defaults and a random key
 *
 * Return: the configuration, or NULL.
 */
struct msd_iface_cfg *msd_cfg_new(const struct msd_iface_cfg *base);

/**
 * msd_cfg_ranges() - give a configuration new address sets
 * @cfg: not published; its references move
 * @own: own addresses
 * @deny: denied clients
 */
void msd_cfg_ranges(struct msd_iface_cfg *cfg, struct msd_ranges *own,
		    struct msd_ranges *deny);

/**
 * msd_cfg_free() - free a configuration after a grace period
 * @cfg: no longer, or never, published; may be NULL
 */
void msd_cfg_free(struct msd_iface_cfg *cfg);

/* Own MAC when none is given and the device has no valid one. */
extern const u8 msd_mac_default[ETH_ALEN];

/**
 * msd_mac() - own MAC address in use
 * @cfg: configuration
 * @dev: device whose address is used when none was given
 */
static inline const u8 *msd_mac(const struct msd_iface_cfg *cfg,
				const struct net_device *dev)
{
	if (cfg->mac_fixed)
		return cfg->mac;
	if (likely(is_valid_ether_addr(dev->dev_addr)))
		return dev->dev_addr;
	return msd_mac_default;
}

/* filter.c */

/**
 * msd_filter_plan() - derive the multicast groups from the own addresses
 * @cfg: not published
 *
 * Context: process; walks all own ranges.
 */
void msd_filter_plan(struct msd_iface_cfg *cfg);

/**
 * msd_filter_add() - make a device receive what a configuration needs
 * @dev: the device
 * @cfg: planned
 * @extack: receives the sentence
 *
 * Context: RTNL.
 * Return: 0 or a negative error; nothing was added then.
 */
int msd_filter_add(struct net_device *dev, struct msd_iface_cfg *cfg,
		   struct netlink_ext_ack *extack);

/**
 * msd_filter_del() - undo msd_filter_add()
 * @dev: the device
 * @cfg: the same
 *
 * Context: RTNL.
 */
void msd_filter_del(struct net_device *dev, struct msd_iface_cfg *cfg);

/**
 * msd_filter_readdress() - follow a change of the device's address
 * @dev: the device
 * @cfg: its configuration
 *
 * Context: RTNL.
 */
void msd_filter_readdress(struct net_device *dev, struct msd_iface_cfg *cfg);

#endif /* MSD_CONFIG_H */
