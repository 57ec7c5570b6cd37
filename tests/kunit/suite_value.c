// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values that have the right length and are wrong all the same, and what right
 * ones change.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include "netlink.h"
#include "rig.h"

/**
 * struct value - an attribute of a set
 * @name: for the case's name
 * @fits: is it accepted?
 * @attr: attribute
 */
struct value {
	const char *name;
	bool fits;
	struct nl_attr attr;
};

#define MAC(data) { MSD_A_MAC, ETH_ALEN, data }
#define SSH(data) { MSD_A_SSH_BANNER, sizeof(data) - 1, data }
#define LONG50 "12345678901234567890123456789012345678901234567890"

static const struct value values[] = {
	{ "MAC", true, MAC("\2\0\0\0\0\x77") },
	{ "MAC, all zero: the device's", true, MAC("\0\0\0\0\0\0") },
	{ "MAC, multicast", false, MAC("\1\0\x5e\0\0\1") },
	{ "MAC, broadcast", false, MAC("\xff\xff\xff\xff\xff\xff") },
	{ "banner", true, SSH("SSH-2.0-x") },
	{ "banner, 1.99", true, SSH("SSH-1.99-x y-z") },
	{ "banner, with its end", true, SSH("SSH-2.0-x\0") },
	{ "banner, 253 bytes", true,
	  SSH("SSH-2.0-12345678901234567890123456789012345" LONG50 "1234567890"
	      LONG50 LONG50 LONG50) },
	{ "banner, 254 bytes", false,
	  SSH("SSH-2.0-123456789012345678901234567890123456" LONG50 "1234567890"
	      LONG50 LONG50 LONG50) },
	{ "banner, empty", false, SSH("") },
	{ "banner, 4 bytes", false, SSH("SSH-") },
	{ "banner, other version", false, SSH("SSH-3.0-x") },
	{ "banner, no software", false, SSH("SSH-2.0-") },
	{ "banner, only a comment", false, SSH("SSH-2.0- x") },
	{ "banner, minus sign", false, SSH("SSH-2.0-a-b") },
	{ "banner, end of line", false, SSH("SSH-2.0-x\r\n") },
	{ "banner, not ASCII", false, SSH("SSH-2.0-\xc3\xa4") },
};

static void value_desc(const struct value *v, char *desc)
{
	strscpy(desc, v->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(value, values, value_desc);

static void one_value(struct kunit *test)
{
	const struct value *v = test->param_value;
	const u32 ifindex = rig.dev->ifindex;
	const struct nl_attr attrs[NL_ATTRS] = {
		{ MSD_A_IFINDEX, 4, &ifindex }, v->attr,
	};

	if (v->fits)
		nl_accept(test, MSD_CMD_EDIT_SET, false, attrs, 0);
	else
		nl_refuse(test, MSD_CMD_EDIT_SET, false, attrs);
}

/* Set and commit an attribute. Return: the configuration in force. */
static const struct msd_iface_cfg *set(struct kunit *test, u16 attr, u16 len,
				       const void *data)
{
	struct msd_iface *iface = rig_iface();
	const u32 ifindex = rig.dev->ifindex;
	const struct nl_attr attrs[NL_ATTRS] = {
		{ MSD_A_IFINDEX, 4, &ifindex }, { attr, len, data },
	};
	const struct msd_iface_cfg *cfg;

	nl_accept(test, MSD_CMD_EDIT_BEGIN, false, nl_nothing, 0);
	nl_accept(test, MSD_CMD_EDIT_SET, false, attrs, 0);
	nl_accept(test, MSD_CMD_EDIT_COMMIT, false, nl_nothing, 0);
	rtnl_lock();
	cfg = rtnl_dereference(iface->cfg);
	rtnl_unlock();
	return cfg;
}

static void key(struct kunit *test)
{
	static const u8 fixed[16] = { 1, 2, 3 }, random[16];
	const struct msd_iface_cfg *cfg;

	cfg = set(test, MSD_A_KEY, sizeof(fixed), fixed);
	KUNIT_EXPECT_TRUE(test, cfg->key_fixed);
	KUNIT_EXPECT_EQ(test, memcmp(&cfg->core.key, fixed, sizeof(fixed)), 0);
	cfg = set(test, MSD_A_KEY, sizeof(random), random);
	KUNIT_EXPECT_FALSE(test, cfg->key_fixed);
	KUNIT_EXPECT_NE(test, memcmp(&cfg->core.key, random, sizeof(random)), 0);
	KUNIT_EXPECT_NE(test, memcmp(&cfg->core.key, fixed, sizeof(fixed)), 0);
}

/* The device takes frames for the MAC that is set, and no longer. */
static void mac(struct kunit *test)
{
	static const u8 own[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x77 }, none[ETH_ALEN];
	const struct msd_iface_cfg *cfg;

	cfg = set(test, MSD_A_MAC, ETH_ALEN, own);
	KUNIT_EXPECT_TRUE(test, cfg->mac_fixed);
	KUNIT_EXPECT_EQ(test, netdev_uc_count(rig.dev), 1);
	cfg = set(test, MSD_A_MAC, ETH_ALEN, none);
	KUNIT_EXPECT_FALSE(test, cfg->mac_fixed);
	KUNIT_EXPECT_EQ(test, netdev_uc_count(rig.dev), 0);
}

static void banner_and_snap(struct kunit *test)
{
	const struct msd_iface_cfg *cfg;
	const u32 snap = 7;

	cfg = set(test, MSD_A_SNAP, sizeof(snap), &snap);
	KUNIT_EXPECT_EQ(test, cfg->snap, snap);
	cfg = set(test, MSD_A_SSH_BANNER, 10, "SSH-2.0-x");
	KUNIT_EXPECT_EQ(test, (u32)cfg->core.ssh_len, 9u);
	KUNIT_EXPECT_EQ(test, memcmp(cfg->core.ssh, "SSH-2.0-x", 9), 0);
	KUNIT_EXPECT_EQ(test, cfg->snap, snap);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(one_value, value_gen_params),
	KUNIT_CASE(key),
	KUNIT_CASE(mac),
	KUNIT_CASE(banner_and_snap),
	{}
};

RIG_SUITE("msd_value", nl_begin, nl_end);
