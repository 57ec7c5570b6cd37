// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands between a reply and the driver: queueing disciplines, the egress
 * hook, and a transmit queue that has gone meanwhile.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/netfilter_netdev.h>
#include <net/sch_generic.h>
#include "rig.h"

static struct sk_buff *echo(void)
{
	struct pkt p = pkt_echo(4, "x", 1);

	return rig_skb(&p);
}

static void receive_many(struct kunit *test, unsigned int n)
{
	while (n--) {
		struct sk_buff *skb = echo();

		KUNIT_ASSERT_NOT_NULL(test, skb);
		skb->protocol = eth_type_trans(skb, rig.dev);
		netif_receive_skb(skb);
	}
}

/* Sends a batch that is full. Return: did it go through the queue layer? */
static bool queued(struct kunit *test)
{
	struct msd_iface *iface = rig_iface();
	unsigned int tries;
	struct msd_txq *q;
	bool spilled;

	local_bh_disable();
	q = this_cpu_ptr(iface->txq);
	receive_many(test, 64);
	spilled = q->spilled;
	local_bh_enable();
	for (tries = 0; tries < 100 && skb_queue_len(&rig.sent) < 64; tries++)
		msleep(20);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 64u);
	skb_queue_purge(&rig.sent);
	return spilled;
}

/* A handle is what tells a qdisc that somebody set from the kernel's own. */
static void qdisc(struct kunit *test)
{
	struct Qdisc *root = rcu_access_pointer(rig.dev->qdisc);
	struct Qdisc *leaf;

	leaf = rcu_access_pointer(netdev_get_tx_queue(rig.dev, 0)->qdisc);
	KUNIT_ASSERT_PTR_NE(test, root, leaf);
	KUNIT_EXPECT_EQ(test, root->handle | leaf->handle, 0u);
	KUNIT_EXPECT_FALSE(test, queued(test));
	root->handle = 0x10000;
	KUNIT_EXPECT_TRUE(test, queued(test));
	root->handle = 0;
	leaf->handle = 0x80010000;
	KUNIT_EXPECT_TRUE(test, queued(test));
	leaf->handle = 0;
}

#ifdef CONFIG_NETFILTER_EGRESS
static unsigned int drop(void *priv, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	return NF_DROP;
}

/* Netfilter's egress hook: its word counts, and the counters say so. */
static void egress(struct kunit *test)
{
	struct nf_hook_ops ops = {
		.hook = drop, .dev = rig.dev, .pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_EGRESS,
	};

	KUNIT_ASSERT_EQ(test, nf_register_net_hook(&init_net, &ops), 0);
	rig_receive(echo());
	nf_unregister_net_hook(&init_net, &ops);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 0u);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_DROP_XMIT), 1ull);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_ECHO), 0ull);
}
#else
static void egress(struct kunit *test)
{
	kunit_skip(test, "no CONFIG_NETFILTER_EGRESS");
}
#endif

/* A queue the device had when the reply was made, and has no more. */
static void lost_queue(struct kunit *test)
{
	struct sk_buff *skb = echo(), *reply;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_record_rx_queue(skb, 1);
	local_bh_disable();
	skb->protocol = eth_type_trans(skb, rig.dev);
	netif_receive_skb(skb);
	WRITE_ONCE(rig.dev->real_num_tx_queues, 1);
	local_bh_enable();
	rig_settle();
	WRITE_ONCE(rig.dev->real_num_tx_queues, 2);
	reply = skb_dequeue(&rig.sent);
	KUNIT_ASSERT_NOT_NULL(test, reply);
	KUNIT_EXPECT_EQ(test, (int)skb_get_queue_mapping(reply), 0);
	kfree_skb(reply);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(qdisc),
	KUNIT_CASE(egress),
	KUNIT_CASE(lost_queue),
	{}
};

RIG_SUITE("msd_queue", rig_attach, rig_detach);
