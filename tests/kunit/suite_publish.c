// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configurations published, replaced and freed: readers keep the old one whole,
 * references add up, and the device's filter follows.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include "../unit/parse.h"
#include "rig.h"

static const u8 other_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x77 };

static bool has_group(const u8 *mac)
{
	struct netdev_hw_addr *ha;
	bool found = false;

	netif_addr_lock_bh(rig.dev);
	netdev_for_each_mc_addr(ha, rig.dev)
		found |= ether_addr_equal(ha->addr, mac);
	netif_addr_unlock_bh(rig.dev);
	return found;
}

/* Publish as kmod/commit.c does. */
static void publish(struct kunit *test, struct msd_iface *iface,
		    struct msd_iface_cfg *cfg)
{
	struct netlink_ext_ack extack = {};
	int err;

	rtnl_lock();
	err = msd_filter_add(rig.dev, cfg, &extack);
	if (!err)
		msd_iface_publish(iface, cfg);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

static struct msd_iface_cfg *current_cfg(struct msd_iface *iface)
{
	struct msd_iface_cfg *cfg;

	rtnl_lock();
	cfg = rtnl_dereference(iface->cfg);
	rtnl_unlock();
	return cfg;
}

/* A reader that began before sees the old one until it ends. */
static void reader_keeps_old(struct kunit *test)
{
	struct msd_iface *iface = rig_iface();
	struct msd_iface_cfg *new = rig_cfg();
	const struct msd_iface_cfg *old;
	struct netlink_ext_ack extack = {};
	u64 key;

	KUNIT_ASSERT_NOT_NULL(test, new);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, msd_filter_add(rig.dev, new, &extack), 0);
	rcu_read_lock();
	old = rcu_dereference(iface->cfg);
	key = old->core.key.key[0];
	msd_iface_publish(iface, new);
	/* KASAN says whether these bytes are still its */
	KUNIT_EXPECT_EQ(test, old->core.key.key[0], key);
	KUNIT_EXPECT_EQ(test, old->own->set.n4, 1u);
	KUNIT_EXPECT_EQ(test, old->core.own.r4[0].first, 0xc0000280u);
	KUNIT_EXPECT_PTR_EQ(test, rcu_dereference(iface->cfg), new);
	rcu_read_unlock();
	rtnl_unlock();
	rcu_barrier();
	KUNIT_EXPECT_PTR_EQ(test, current_cfg(iface), new);
}

static void generation_grows(struct kunit *test)
{
	struct msd_iface *iface = rig_iface();
	u32 before = current_cfg(iface)->generation;

	publish(test, iface, rig_cfg());
	KUNIT_EXPECT_EQ(test, current_cfg(iface)->generation, before + 1);
	KUNIT_EXPECT_EQ(test, msd_net(dev_net(rig.dev))->generation, before + 1);
}

/* A configuration made of another shares its sets. */
static void ranges_are_shared(struct kunit *test)
{
	struct msd_iface *iface = rig_iface();
	struct msd_iface_cfg *old = current_cfg(iface), *new;
	struct msd_ranges *own = msd_ranges_get(old->own);

	KUNIT_EXPECT_EQ(test, refcount_read(&own->refs), 2u);
	new = msd_cfg_new(old);
	KUNIT_ASSERT_NOT_NULL(test, new);
	KUNIT_EXPECT_PTR_EQ(test, new->own, own);
	KUNIT_EXPECT_EQ(test, refcount_read(&own->refs), 3u);
	msd_proto_config(&new->core);
	msd_filter_plan(new);
	publish(test, iface, new);
	KUNIT_EXPECT_EQ(test, refcount_read(&own->refs), 2u);
	rig_detach(test);
	KUNIT_EXPECT_EQ(test, refcount_read(&own->refs), 1u);
	KUNIT_EXPECT_EQ(test, own->set.r4[0].last, 0xc00002ffu);
	msd_ranges_put(own);
	rcu_barrier();
}

static void never_published(struct kunit *test)
{
	struct msd_iface_cfg *cfg = rig_cfg();

	KUNIT_ASSERT_NOT_NULL(test, cfg);
	msd_cfg_free(cfg);
	msd_cfg_free(NULL);
	rcu_barrier();
}

/* Frames are answered by what was published last. */
static void answers_follow(struct kunit *test)
{
	struct msd_iface *iface = rig_iface();
	struct msd_iface_cfg *cfg = msd_cfg_new(current_cfg(iface));
	struct pkt p = pkt_udp(4, "GET / HTTP/1.0\r\n\r\n");

	rig_receive(rig_skb(&p));
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_UDP), 1ull);
	KUNIT_ASSERT_NOT_NULL(test, cfg);
	cfg->core.protos = 0;
	msd_proto_config(&cfg->core);
	msd_filter_plan(cfg);
	publish(test, iface, cfg);
	rig_receive(rig_skb(&p));
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_UDP), 1ull);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_DROP_UDP_SILENT), 1ull);
}

/* Large sets need all multicast; taking them off gives it back. */
static void filter_follows(struct kunit *test)
{
	struct msd_iface *iface = rig_iface();
	struct msd_iface_cfg *cfg = msd_cfg_new(NULL);
	unsigned int allmulti = rig.dev->allmulti;

	KUNIT_ASSERT_NOT_NULL(test, cfg);
	KUNIT_EXPECT_EQ(test, allmulti, 1u);
	msd_proto_config(&cfg->core);
	cfg->mac_fixed = true;
	ether_addr_copy(cfg->mac, other_mac);
	msd_filter_plan(cfg);
	publish(test, iface, cfg);
	KUNIT_EXPECT_EQ(test, netdev_uc_count(rig.dev), 1);
	publish(test, iface, rig_cfg());
	KUNIT_EXPECT_EQ(test, netdev_uc_count(rig.dev), 0);
	KUNIT_EXPECT_EQ(test, rig.dev->allmulti, 1u);
	rig_detach(test);
	KUNIT_EXPECT_EQ(test, rig.dev->allmulti, 0u);
}

/* Few addresses: one group each, and all-nodes, which the host may have too. */
static void groups_follow(struct kunit *test)
{
	static const struct msd_range4 two = { 0xc0000281, 0xc0000282 };
	struct msd_iface *iface = rig_iface();
	struct msd_iface_cfg *cfg = msd_cfg_new(NULL);
	struct msd_draft own = {};
	struct msd_ranges *set;
	static const u8 first[ETH_ALEN] = { 0x01, 0x00, 0x5e, 0, 2, 0x81 };
	static const u8 second[ETH_ALEN] = { 0x01, 0x00, 0x5e, 0, 2, 0x82 };
	static const u8 all_nodes[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0, 1 };

	KUNIT_ASSERT_NOT_NULL(test, cfg);
	KUNIT_ASSERT_EQ(test, msd_draft_add4(&own, &two), 0);
	KUNIT_ASSERT_EQ(test, msd_ranges_seal(NULL, &own, &set), 0);
	msd_cfg_ranges(cfg, set, NULL);
	msd_proto_config(&cfg->core);
	msd_filter_plan(cfg);
	publish(test, iface, cfg);
	KUNIT_EXPECT_TRUE(test, has_group(first));
	KUNIT_EXPECT_TRUE(test, has_group(second));
	KUNIT_EXPECT_TRUE(test, has_group(all_nodes));
	KUNIT_EXPECT_EQ(test, rig.dev->allmulti, 0u);
	rig_detach(test);
	KUNIT_EXPECT_FALSE(test, has_group(first));
	KUNIT_EXPECT_FALSE(test, has_group(second));
}

/* Attached twice, to a loopback device: refused, and said why. */
static void refusals(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct msd_iface *iface;

	rtnl_lock();
	iface = msd_iface_create(rig.dev, MSD_VIA_INGRESS, &extack);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(iface), -EEXIST);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	extack._msg = NULL;
	rtnl_lock();
	iface = msd_iface_create(dev_net(rig.dev)->loopback_dev,
				 MSD_VIA_RX_HANDLER, &extack);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(iface), -EOPNOTSUPP);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(reader_keeps_old),
	KUNIT_CASE(generation_grows),
	KUNIT_CASE(ranges_are_shared),
	KUNIT_CASE(never_published),
	KUNIT_CASE(answers_follow),
	KUNIT_CASE(filter_follows),
	KUNIT_CASE(groups_follow),
	KUNIT_CASE(refusals),
	{}
};

RIG_SUITE("msd_publish", rig_attach, rig_detach);
