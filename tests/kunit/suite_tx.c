// SPDX-License-Identifier: GPL-2.0-only
/*
 * The skb of a reply: whatever the request's skb was like, the driver gets one
 * that says nothing of it. And the ways a reply takes to the driver.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/dst_metadata.h>
#include "../../kmod/compat.h"
#include "../unit/parse.h"
#include "rig.h"

static unsigned int released;
/* A second reference or clone the test holds. */
static struct sk_buff *held;

static void on_release(struct sk_buff *skb)
{
	released++;
}

/**
 * struct kind - a sort of request
 * @name: of the case
 * @make: changes the skb, its data still at the MAC header; NULL: as it is
 * @tci: VLAN tag the reply has to carry; 0: none
 */
struct kind {
	const char *name;
	void (*make)(struct sk_buff *skb);
	u16 tci;
};

static void make_clone(struct sk_buff *skb)
{
	held = skb_clone(skb, GFP_KERNEL);
}

static void make_shared(struct sk_buff *skb)
{
	held = skb_get(skb);
}

/* All behind the link header in a page. */
static void make_paged(struct sk_buff *skb)
{
	struct page *page = alloc_page(GFP_KERNEL);
	u32 len = skb->len - ETH_HLEN;

	if (!page)
		return;
	memcpy(page_address(page), skb->data + ETH_HLEN, len);
	skb_trim(skb, ETH_HLEN);
	skb_add_rx_frag(skb, 0, page, 0, len, PAGE_SIZE);
}

static void make_gso(struct sk_buff *skb)
{
	skb_shinfo(skb)->gso_size = 1000;
	skb_shinfo(skb)->gso_segs = 2;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 | SKB_GSO_DODGY;
}

static void make_partial(struct sk_buff *skb)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = 50;
	skb->csum_offset = 2;
}

static void make_complete(struct sk_buff *skb)
{
	skb->ip_summed = CHECKSUM_COMPLETE;
	skb->csum = csum_partial(skb->data + ETH_HLEN, skb->len - ETH_HLEN, 0);
}

static void make_unnecessary(struct sk_buff *skb)
{
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->csum_level = 1;
}

static void make_marked(struct sk_buff *skb)
{
	skb->mark = 7;
	skb->priority = 6;
	skb->tstamp = 1234;
	skb->hash = 99;
	skb->l4_hash = 1;
	skb->ignore_df = 1;
	skb->destructor = on_release;
}

static void make_tagged(struct sk_buff *skb)
{
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 42);
}

/* What a request can carry with it; the test keeps a reference of its own. */
static struct metadata_dst *carried_dst;

static void make_routed(struct sk_buff *skb)
{
	carried_dst = metadata_dst_alloc(0, METADATA_IP_TUNNEL, GFP_KERNEL);
	if (!carried_dst)
		return;
	dst_hold(&carried_dst->dst);
	skb_dst_set(skb, &carried_dst->dst);
}

/* The last reference is the test's. */
static bool dst_released(void)
{
#if MSD_KERNEL_FROM(6, 4)
	return rcuref_read(&carried_dst->dst.__rcuref) == 1;
#else
	return atomic_read(&carried_dst->dst.__refcnt) == 1;
#endif
}

#if IS_ENABLED(CONFIG_NF_CONNTRACK)
static struct nf_conntrack carried_ct;

static void make_tracked(struct sk_buff *skb)
{
	refcount_set(&carried_ct.use, 2);
	skb_set_nfct(skb, (unsigned long)&carried_ct);
}
#endif

#ifdef CONFIG_SKB_EXTENSIONS
static struct skb_ext *carried_ext;

/* Any kind does: they are released together. */
static void make_extended(struct sk_buff *skb)
{
	if (!skb_ext_add(skb, 0))
		return;
	carried_ext = skb->extensions;
	refcount_inc(&carried_ext->refcnt);
}
#endif

static void make_queued(struct sk_buff *skb)
{
	skb_record_rx_queue(skb, 1);
}

static const struct kind kinds[] = {
	{ "plain" },
	{ "cloned", make_clone },
	{ "shared", make_shared },
	{ "paged", make_paged },
	{ "GSO", make_gso },
	{ "checksum partial", make_partial },
	{ "checksum complete", make_complete },
	{ "checksum unnecessary", make_unnecessary },
	{ "marked", make_marked },
	{ "VLAN tag", make_tagged, 42 },
	{ "second queue", make_queued },
	{ "destination", make_routed },
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	{ "conntrack", make_tracked },
#endif
#ifdef CONFIG_SKB_EXTENSIONS
	{ "extension", make_extended },
#endif
};

static void kind_desc(const struct kind *k, char *desc)
{
	strscpy(desc, k->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(kind, kinds, kind_desc);

static void expect_bare(struct kunit *test, const struct sk_buff *skb)
{
	KUNIT_EXPECT_EQ(test, skb->mark, 0u);
	KUNIT_EXPECT_EQ(test, skb->priority, 0u);
	KUNIT_EXPECT_EQ(test, skb->tstamp, 0);
	KUNIT_EXPECT_EQ(test, skb->hash, 0u);
	KUNIT_EXPECT_EQ(test, (int)skb->l4_hash, 0);
	KUNIT_EXPECT_EQ(test, (int)skb->ignore_df, 0);
	KUNIT_EXPECT_EQ(test, (int)skb->ip_summed, CHECKSUM_NONE);
	KUNIT_EXPECT_EQ(test, (int)skb->csum_level, 0);
	KUNIT_EXPECT_PTR_EQ(test, (void *)skb->sk, NULL);
	KUNIT_EXPECT_PTR_EQ(test, (void *)skb->destructor, NULL);
	KUNIT_EXPECT_PTR_EQ(test, (void *)skb_dst(skb), NULL);
	KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
	KUNIT_EXPECT_FALSE(test, skb_is_nonlinear(skb));
}

static void expect_placed(struct kunit *test, const struct sk_buff *skb)
{
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, rig.dev);
	KUNIT_EXPECT_EQ(test, (int)skb->pkt_type, PACKET_HOST);
	KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_IP));
	KUNIT_EXPECT_PTR_EQ(test, skb_mac_header(skb), (u8 *)skb->data);
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), ETH_HLEN);
	KUNIT_EXPECT_FALSE(test, skb_cloned(skb));
	KUNIT_EXPECT_FALSE(test, skb_shared(skb));
	KUNIT_EXPECT_GE(test, skb->truesize, SKB_TRUESIZE(skb->len));
	KUNIT_EXPECT_LE(test, skb->truesize, (unsigned int)SKB_TRUESIZE(2048));
}

static void expect_echo(struct kunit *test, const struct sk_buff *skb)
{
	struct reply r;

	KUNIT_ASSERT_PTR_EQ(test, (void *)reply_parse(skb->data, skb->len, &r),
			    NULL);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(r.dmac, env_client_mac));
	KUNIT_EXPECT_EQ(test, (int)r.proto, IPPROTO_ICMP);
	KUNIT_EXPECT_EQ(test, (int)r.sport, 0);
}

/* Its last byte, and the reply's, is @mark. */
static struct sk_buff *marked_echo(u8 mark)
{
	u8 data[16] = { [15] = mark };
	struct pkt p = pkt_echo(4, data, sizeof(data));

	return rig_skb(&p);
}

static struct sk_buff *echo(void)
{
	return marked_echo('f');
}

/* What the request carried is let go, by whichever way the reply is made. */
static void expect_released(struct kunit *test, const struct kind *k)
{
	if (k->make == make_routed) {
		KUNIT_ASSERT_NOT_NULL(test, carried_dst);
		KUNIT_EXPECT_TRUE(test, dst_released());
		dst_release(&carried_dst->dst);
	}
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	if (k->make == make_tracked)
		KUNIT_EXPECT_EQ(test, refcount_read(&carried_ct.use), 1u);
#endif
#ifdef CONFIG_SKB_EXTENSIONS
	if (k->make == make_extended) {
		KUNIT_ASSERT_NOT_NULL(test, carried_ext);
		KUNIT_EXPECT_EQ(test, refcount_read(&carried_ext->refcnt), 1u);
		__skb_ext_put(carried_ext);
		carried_ext = NULL;
	}
#endif
}

static void fields(struct kunit *test)
{
	const struct kind *k = test->param_value;
	struct sk_buff *skb = echo(), *reply;
	u32 kept = skb ? skb->len : 0;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	released = 0;
	held = NULL;
	if (k->make)
		k->make(skb);
	rig_receive(skb);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 1u);
	reply = skb_dequeue(&rig.sent);
	KUNIT_ASSERT_NOT_NULL(test, reply);
	expect_bare(test, reply);
	expect_placed(test, reply);
	expect_echo(test, reply);
	KUNIT_EXPECT_EQ(test, (int)skb_vlan_tag_present(reply), !!k->tci);
	if (k->tci)
		KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(reply), k->tci);
	KUNIT_EXPECT_EQ(test, (int)skb_get_queue_mapping(reply),
			k->make == make_queued);
	KUNIT_EXPECT_EQ(test, released, k->make == make_marked ? 1u : 0u);
	kfree_skb(reply);
	expect_released(test, k);
	if (!held)
		return;
	/* the other holder's bytes are as they were: type 8, a request */
	KUNIT_EXPECT_PTR_NE(test, held, reply);
	KUNIT_EXPECT_EQ(test, (int)skb_mac_header(held)[34], 8);
	KUNIT_EXPECT_LE(test, held->len, kept);
	kfree_skb(held);
}

/* Marked with numbers from @first on. */
static void receive_many(struct kunit *test, u8 first, unsigned int n)
{
	while (n--) {
		struct sk_buff *skb = marked_echo(first++);

		KUNIT_ASSERT_NOT_NULL(test, skb);
		skb->protocol = eth_type_trans(skb, rig.dev);
		netif_receive_skb(skb);
	}
}

/* Nothing leaves before the batch is full or the poll round ends. */
static void batch(struct kunit *test)
{
	local_bh_disable();
	receive_many(test, 0, 63);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 0u);
	receive_many(test, 0, 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 64u);
	receive_many(test, 0, 5);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 64u);
	local_bh_enable();
	rig_settle();
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 69u);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_ECHO), 69ull);
}

static void wait_sent(unsigned int n)
{
	unsigned int tries = 100;

	while (skb_queue_len(&rig.sent) < n && tries--)
		msleep(20);
}

/* A stopped queue: the queueing discipline holds the frames meanwhile. */
static void stopped(struct kunit *test)
{
	struct netdev_queue *txq = netdev_get_tx_queue(rig.dev, 0);

	netif_tx_stop_queue(txq);
	rig_receive(echo());
	rig_receive(echo());
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 0u);
	netif_tx_wake_queue(txq);
	wait_sent(2);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 2u);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_ECHO), 2ull);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_DROP_XMIT), 0ull);
}

/*
 * What the queueing discipline holds leaves before what comes later. With BH off
 * all is one CPU's, and the discipline is not run by the softirq.
 */
static void order(struct kunit *test)
{
	struct netdev_queue *txq = netdev_get_tx_queue(rig.dev, 0);
	struct msd_iface *iface = rig_iface();
	struct sk_buff *skb;
	u8 i = 0;

	local_bh_disable();
	netif_tx_stop_queue(txq);
	receive_many(test, 0, 64);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 0u);
	KUNIT_EXPECT_TRUE(test, this_cpu_ptr(iface->txq)->spilled);
	netif_tx_wake_queue(txq);
	receive_many(test, 64, 64);
	/* and then straight to the driver again */
	receive_many(test, 128, 64);
	KUNIT_EXPECT_FALSE(test, this_cpu_ptr(iface->txq)->spilled);
	local_bh_enable();
	wait_sent(192);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 192u);
	while ((skb = skb_dequeue(&rig.sent))) {
		KUNIT_EXPECT_EQ(test, skb->data[skb->len - 1], i);
		i++;
		kfree_skb(skb);
	}
}

/* A busy driver: likewise. */
static void busy(struct kunit *test)
{
	rig.busy = true;
	rig_receive(echo());
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 0u);
	rig.busy = false;
	netif_schedule_queue(netdev_get_tx_queue(rig.dev, 0));
	local_bh_disable();
	local_bh_enable();
	wait_sent(1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 1u);
	KUNIT_EXPECT_EQ(test, rig_count(MSD_ANSWER_ECHO), 1ull);
}

static unsigned int tapped;

static int tap(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *pt, struct net_device *orig)
{
	tapped += skb->pkt_type == PACKET_OUTGOING;
	kfree_skb(skb);
	return 0;
}

/* Packet taps see what leaves, and what comes in. */
static void taps(struct kunit *test)
{
	struct packet_type pt = {
		.type = htons(ETH_P_ALL), .func = tap, .dev = rig.dev,
	};

	tapped = 0;
	dev_add_pack(&pt);
	rig_receive(echo());
	dev_remove_pack(&pt);
	KUNIT_EXPECT_EQ(test, tapped, 1u);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 1u);
}

/* The frame is still in the batch: its poll was never allowed to begin. */
static void detached(struct kunit *test)
{
	struct msd_iface *iface = rig_iface();
	struct sk_buff *skb = echo();
	struct msd_txq *q;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	released = 0;
	local_bh_disable();
	q = this_cpu_ptr(iface->txq);
	set_bit(NAPI_STATE_DISABLE, &q->napi.state);
	skb->protocol = eth_type_trans(skb, rig.dev);
	netif_receive_skb(skb);
	clear_bit(NAPI_STATE_DISABLE, &q->napi.state);
	if (q->first)
		q->first->destructor = on_release;
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, skb_queue_len(&rig.sent), 0u);
	rig_detach(test);
	KUNIT_EXPECT_PTR_EQ(test, rig_iface(), NULL);
	KUNIT_EXPECT_EQ(test, released, 1u);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(fields, kind_gen_params),
	KUNIT_CASE(batch),
	KUNIT_CASE(stopped),
	KUNIT_CASE(order),
	KUNIT_CASE(busy),
	KUNIT_CASE(taps),
	KUNIT_CASE(detached),
	{}
};

RIG_SUITE("msd_tx", rig_attach, rig_detach);
