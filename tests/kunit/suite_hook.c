// SPDX-License-Identifier: GPL-2.0-only
/* Where frames are taken from: the ingress hook, and who may be there first. */
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include "rig.h"

static struct sk_buff *echo_to(u8 last)
{
	struct pkt p = pkt_echo(4, "x", 1);

	p.daddr.s6_addr[3] = last;
	return rig_skb(&p);
}

/* Tagged as a card leaves it that takes tags off. */
static struct sk_buff *tagged_echo(void)
{
	struct sk_buff *skb = echo_to(0x81);

	if (skb)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 42);
	return skb;
}

static void receive(struct kunit *test, struct sk_buff *skb)
{
	KUNIT_ASSERT_NOT_NULL(test, skb);
	rig_receive(skb);
}

/* The ingress hook answers what the receive handler does, passes the rest. */
static void ingress(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, rig_attach_via(MSD_VIA_INGRESS), 0);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(rig.dev->rx_handler));
	receive(test, echo_to(0x81));
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_ECHO), 1ull);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 1u);
	receive(test, echo_to(0x7f));
	KUNIT_EXPECT_EQ(test, rig_count(MSD_PASS_ADDRESS), 1ull);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 1u);
}

/* No VLAN device of this tag: the frame is ours, and so is the tag. */
static void ingress_tag(struct kunit *test)
{
	struct sk_buff *reply;

	KUNIT_ASSERT_EQ(test, rig_attach_via(MSD_VIA_INGRESS), 0);
	receive(test, tagged_echo());
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_ECHO), 1ull);
	reply = skb_peek(&rig.sent);
	KUNIT_ASSERT_NOT_NULL(test, reply);
	KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(reply));
	KUNIT_EXPECT_EQ(test, (int)skb_vlan_tag_get_id(reply), 42);
}

/* After detach nothing is answered, and the hook can be had again. */
static void detached(struct kunit *test)
{
	int via;

	for (via = MSD_VIA_RX_HANDLER; via <= MSD_VIA_INGRESS; via++) {
		KUNIT_ASSERT_EQ(test, rig_attach_via(via), 0);
		rig_detach(test);
		receive(test, echo_to(0x81));
		KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 0u);
	}
}

static rx_handler_result_t others(struct sk_buff **pskb)
{
	return RX_HANDLER_PASS;
}

/* A port of a bridge: its handler stays, ingress comes before it. */
static void handler_taken(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct msd_iface *iface;
	int err;

	rtnl_lock();
	err = netdev_rx_handler_register(rig.dev, others, NULL);
	iface = msd_iface_create(rig.dev, MSD_VIA_RX_HANDLER, &extack);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(iface), -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_EQ(test, rig_attach_via(MSD_VIA_INGRESS), 0);
	receive(test, echo_to(0x81));
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 1u);
	rtnl_lock();
	netdev_rx_handler_unregister(rig.dev);
	rtnl_unlock();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ingress),
	KUNIT_CASE(ingress_tag),
	KUNIT_CASE(detached),
	KUNIT_CASE(handler_taken),
	{}
};

RIG_SUITE("msd_hook", NULL, rig_detach);
