// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configurations and the address sets they share.
 */
#include <linux/etherdevice.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "config.h"
#include "proto/proto.h"

#define DRAFT_MIN 64
#define SSH_DEFAULT "SSH-2.0-1"

static const u8 mac_default[ETH_ALEN] = { 0xc0, 0xff, 0xee, 0xc0, 0xff, 0xee };

/* Double an array that is full. */
static void *grow(void *old, u32 n, u32 *cap, size_t size)
{
	u32 more = max_t(u32, DRAFT_MIN, 2 * *cap);
	void *new;

	new = kvmalloc_array(more, size, GFP_KERNEL_ACCOUNT);
	if (!new)
		return NULL;
	if (n)
		memcpy(new, old, n * size);
	kvfree(old);
	*cap = more;
	return new;
}

int msd_draft_add4(struct msd_draft *l, const struct msd_range4 *r)
{
	struct msd_range4 *new;

	if (l->n4 + l->n6 >= MSD_RANGES_MAX)
		return -E2BIG;
	if (l->n4 == l->cap4) {
		new = grow(l->r4, l->n4, &l->cap4, sizeof(*new));
		if (!new)
			return -ENOMEM;
		l->r4 = new;
	}
	l->r4[l->n4++] = *r;
	return 0;
}

int msd_draft_add6(struct msd_draft *l, const struct msd_range6 *r)
{
	struct msd_range6 *new;

	if (l->n4 + l->n6 >= MSD_RANGES_MAX)
		return -E2BIG;
	if (l->n6 == l->cap6) {
		new = grow(l->r6, l->n6, &l->cap6, sizeof(*new));
		if (!new)
			return -ENOMEM;
		l->r6 = new;
	}
	l->r6[l->n6++] = *r;
	return 0;
}

void msd_draft_free(struct msd_draft *l)
{
	kvfree(l->r4);
	kvfree(l->r6);
	memset(l, 0, sizeof(*l));
}

/* An old set and additions side by side in one list, not yet in order. */
static int join(const struct msd_addrset *old, const struct msd_draft *add,
		struct msd_draft *all)
{
	all->n4 = old->n4 + add->n4;
	all->n6 = old->n6 + add->n6;
	all->r4 = kvmalloc_array(all->n4, sizeof(*all->r4), GFP_KERNEL_ACCOUNT);
	all->r6 = kvmalloc_array(all->n6, sizeof(*all->r6), GFP_KERNEL_ACCOUNT);
	if ((all->n4 && !all->r4) || (all->n6 && !all->r6)) {
		msd_draft_free(all);
		return -ENOMEM;
	}
	memcpy(all->r4, old->r4, old->n4 * sizeof(*all->r4));
	memcpy(all->r4 + old->n4, add->r4, add->n4 * sizeof(*all->r4));
	memcpy(all->r6, old->r6, old->n6 * sizeof(*all->r6));
	memcpy(all->r6 + old->n6, add->r6, add->n6 * sizeof(*all->r6));
	return 0;
}

/* One block: the structure, its IPv6 ranges, its IPv4 ranges. */
static struct msd_ranges *seal(const struct msd_draft *l)
{
	size_t size4 = l->n4 * sizeof(*l->r4);
	size_t size6 = l->n6 * sizeof(*l->r6);
	struct msd_range4 *r4;
	struct msd_range6 *r6;
	struct msd_ranges *r;

	r = kvmalloc(sizeof(*r) + size6 + size4, GFP_KERNEL_ACCOUNT);
	if (!r)
		return NULL;
	r6 = (struct msd_range6 *)(r + 1);
	r4 = (struct msd_range4 *)(r6 + l->n6);
	memcpy(r6, l->r6, size6);
	memcpy(r4, l->r4, size4);
	refcount_set(&r->refs, 1);
	r->set = (struct msd_addrset){
		.r4 = r4, .n4 = l->n4, .r6 = r6, .n6 = l->n6,
	};
	return r;
}

int msd_ranges_seal(const struct msd_ranges *old, struct msd_draft *add,
		    struct msd_ranges **sealed)
{
	static const struct msd_addrset none;
	struct msd_draft all = {};
	int err;

	*sealed = NULL;
	err = join(old ? &old->set : &none, add, &all);
	msd_draft_free(add);
	if (err)
		return err;
	all.n4 = msd_ranges4_normalise(all.r4, all.n4);
	cond_resched();
	all.n6 = msd_ranges6_normalise(all.r6, all.n6);
	cond_resched();
	if (all.n4 + all.n6 > MSD_RANGES_MAX) {
		err = -E2BIG;
	} else if (all.n4 + all.n6) {
		*sealed = seal(&all);
		err = *sealed ? 0 : -ENOMEM;
	}
	msd_draft_free(&all);
	return err;
}

struct msd_ranges *msd_ranges_get(struct msd_ranges *r)
{
	if (r)
		refcount_inc(&r->refs);
	return r;
}

void msd_ranges_put(struct msd_ranges *r)
{
	if (r && refcount_dec_and_test(&r->refs))
		kvfree_rcu(r, rcu);
}

static void defaults(struct msd_iface_cfg *cfg)
{
	get_random_bytes(&cfg->core.key, sizeof(cfg->core.key));
	cfg->core.protos = GENMASK_ULL(MSD_NPROTO - 1, 0);
	cfg->core.ssh_len = strlen(SSH_DEFAULT);
	memcpy(cfg->core.ssh, SSH_DEFAULT, cfg->core.ssh_len);
}

struct msd_iface_cfg *msd_cfg_new(const struct msd_iface_cfg *base)
{
	struct msd_iface_cfg *cfg = kzalloc(sizeof(*cfg), GFP_KERNEL_ACCOUNT);

	if (!cfg)
		return NULL;
	if (!base) {
		defaults(cfg);
		return cfg;
	}
	cfg->core = base->core;
	cfg->own = msd_ranges_get(base->own);
	cfg->deny = msd_ranges_get(base->deny);
	cfg->mac_fixed = base->mac_fixed;
	cfg->key_fixed = base->key_fixed;
	ether_addr_copy(cfg->mac, base->mac);
	return cfg;
}

void msd_cfg_ranges(struct msd_iface_cfg *cfg, struct msd_ranges *own,
		    struct msd_ranges *deny)
{
	static const struct msd_addrset none;

	msd_ranges_put(cfg->own);
	msd_ranges_put(cfg->deny);
	cfg->own = own;
	cfg->deny = deny;
	cfg->core.own = own ? own->set : none;
	cfg->core.deny = deny ? deny->set : none;
}

void msd_cfg_free(struct msd_iface_cfg *cfg)
{
	if (!cfg)
		return;
	msd_ranges_put(cfg->own);
	msd_ranges_put(cfg->deny);
	kfree_rcu(cfg, rcu);
}

const u8 *msd_mac(const struct msd_iface_cfg *cfg, const struct net_device *dev)
{
	if (cfg->mac_fixed)
		return cfg->mac;
	if (likely(is_valid_ether_addr(dev->dev_addr)))
		return dev->dev_addr;
	return mac_default;
}
