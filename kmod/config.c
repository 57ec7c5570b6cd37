// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configurations: made from defaults or from another one, freed with their
 * references to address sets.
 */
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "config.h"
#include "proto/proto.h"

const u8 msd_mac_default[ETH_ALEN] = { 0xc0, 0xff, 0xee, 0xc0, 0xff, 0xee };

static void defaults(struct msd_iface_cfg *cfg)
{
	get_random_bytes(&cfg->core.key, sizeof(cfg->core.key));
	cfg->core.protos = GENMASK_ULL(MSD_NPROTO - 1, 0);
	cfg->snap = MSD_SNAP_DEFAULT;
	cfg->core.ssh_len = strlen(MSD_SSH_BANNER_DEFAULT);
	memcpy(cfg->core.ssh, MSD_SSH_BANNER_DEFAULT, cfg->core.ssh_len);
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
	cfg->snap = base->snap;
	cfg->forced = base->forced;
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
	msd_ranges_put(rcu_dereference_protected(cfg->late, true));
	kfree_rcu(cfg, rcu);
}
