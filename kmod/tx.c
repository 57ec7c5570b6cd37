// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a frame leaves: replies become skbs, wait in a per-CPU batch of their
 * interface, and go to the driver together, with one lock and one doorbell.
 *
 *   reply          carried by
 *   small, alone   the request's own skb, if untagged and held by nobody else
 *   any other      a fresh skb on a page fragment
 *
 *   device                                  transmitted by
 *   plain                                   the driver's xmit, in batches
 *   VLAN tag, packet tap, egress hook,      dev_queue_xmit(), which shows them
 *   qdisc that somebody set, not running,   to taps and filters, inserts tags
 *   transmit queue stopped, or its qdisc    and queues
 *   still holds what came before
 *
 * What the administrator set is looked for once a flush: it is honoured whoever
 * watches.
 *
 * Replies of one CPU to one interface leave in the order they were made, unless
 * a qdisc changes it.
 */
#include <linux/if_vlan.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/sch_generic.h>
#include "compat.h"
#include "msd.h"

/* Frames per lock and doorbell. */
#define BATCH 64
/* Replies up to this size may be written over the request. */
#define REUSE_MAX 256
#define HEADROOM (NET_SKB_PAD + NET_IP_ALIGN)

static struct net_device *napi_dev;

/**
 * struct receipt - what is counted when a frame of a reply has left
 * @rx_len: length of the request, which counts as answered with the last frame
 *	of the reply; 0: not the last frame
 * @verdict: enum msd_verdict
 * @responder: row, or MSD_NO_PROTO
 *
 * Lies in skb->cb until the skb is handed on. An earlier frame that gets lost
 * is missing among those sent; the request is answered all the same.
 */
struct receipt {
	u32 rx_len;
	u16 verdict;
	u16 responder;
};

static struct receipt *receipt(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct receipt) > sizeof(skb->cb));
	return (struct receipt *)skb->cb;
}

static void sign(struct sk_buff *skb, u32 rx_len, enum msd_verdict v,
		 u8 responder)
{
	*receipt(skb) = (struct receipt){ rx_len, v, responder };
}

static void count(struct msd_iface *iface, const struct receipt *r, u32 tx_len,
		  bool sent)
{
	if (likely(sent))
		msd_count_sent(iface, r->verdict, r->responder, r->rx_len, tx_len);
	else if (r->rx_len)
		msd_count(iface, MSD_DROP_XMIT, r->rx_len);
}

/*
 * Beyond zero and the headers' places, what an outgoing skb of ours says. @data
 * is the frame.
 */
static void dress(struct sk_buff *skb, struct net_device *dev, u16 queue,
		  const u8 *data)
{
	skb->dev = dev;
	skb->protocol = ((const struct ethhdr *)data)->h_proto;
	skb_set_queue_mapping(skb, queue);
}

static struct sk_buff *fresh(const u8 *data, u32 len)
{
	u32 size = SKB_DATA_ALIGN(HEADROOM + len) +
		   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb;
	void *head;

	if (likely(size <= PAGE_SIZE)) {
		head = napi_alloc_frag(size);
		if (unlikely(!head))
			return NULL;
		skb = napi_build_skb(head, size);
		if (unlikely(!skb)) {
			skb_free_frag(head);
			return NULL;
		}
	} else {
		skb = alloc_skb(HEADROOM + len, GFP_ATOMIC | __GFP_NOWARN);
		if (!skb)
			return NULL;
	}
	skb_reserve(skb, HEADROOM);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	memcpy(__skb_put(skb, len), data, len);
	return skb;
}

/*
 * Is the request's memory ours alone, and large enough for the reply? Tagged
 * ones take the slow way anyhow.
 */
static bool reusable(const struct sk_buff *req, const struct msd_out *out)
{
	u32 len = out->frame[0].len;

	return out->nframes == 1 && len <= REUSE_MAX &&
	       !skb_is_nonlinear(req) && !skb_shared(req) && !skb_cloned(req) &&
	       !skb_vlan_tag_present(req) && !skb_shinfo(req)->flags &&
	       !skb_is_gso(req) &&
	       skb_end_pointer(req) - skb_mac_header(req) >= len;
}

/* All in front of the tail; words of eight first, which takes less code. */
static void clear_head(struct sk_buff *skb)
{
	const size_t end = offsetof(struct sk_buff, tail);
	const size_t words = ALIGN_DOWN(end, sizeof(u64));

	memset(skb, 0, words);
	memset((u8 *)skb + words, 0, end - words);
}

/*
 * Write the reply over the request. All that the request carried with it is
 * released; then the skb is cleared as a new one is, but for what says how its
 * memory is to be freed.
 */
static void reuse(struct sk_buff *skb, const u8 *data, u32 len)
{
	u8 fclone = skb->fclone, head_frag = skb->head_frag;
	u8 pfmemalloc = skb->pfmemalloc, pp_recycle = skb->pp_recycle;
	u16 mac = skb->mac_header;

	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	clear_head(skb);
	skb->fclone = fclone;
	skb->head_frag = head_frag;
	skb->pfmemalloc = pfmemalloc;
	skb->pp_recycle = pp_recycle;
	skb->transport_header = (typeof(skb->transport_header))~0U;
	skb->mac_header = mac;
	skb->network_header = mac + ETH_HLEN;
	skb->data = skb->head + mac;
	skb_set_tail_pointer(skb, len);
	skb->len = len;
	memset(skb_shinfo(skb), 0, offsetof(struct skb_shared_info, dataref));
	memcpy(skb->data, data, len);
}

/**
 * struct chain - frames linked by skb->next
 * @first: NULL when there are none
 * @last: end of the chain
 */
struct chain {
	struct sk_buff *first;
	struct sk_buff *last;
};

/* All frames of a reply; none when there is no memory. */
static struct chain build(const struct msd_out *out, struct net_device *dev,
			  u16 queue)
{
	struct chain c = {};
	unsigned int i;

	for (i = 0; i < out->nframes; i++) {
		const struct msd_frame *f = &out->frame[i];
		struct sk_buff *skb = fresh(out->buf.data + f->off, f->len);

		if (unlikely(!skb)) {
			kfree_skb_list(c.first);
			return (struct chain){};
		}
		dress(skb, dev, queue, skb->data);
		if (c.first)
			c.last->next = skb;
		else
			c.first = skb;
		c.last = skb;
	}
	return c;
}

static void xmit_slow(struct msd_iface *iface, struct sk_buff *skb)
{
	struct receipt r = *receipt(skb);
	u32 len = skb->len;
	int rc;

	/* The queue layer takes the mapping for the queue it came in on. */
	skb_record_rx_queue(skb, skb_get_queue_mapping(skb));
	rc = dev_queue_xmit(skb);
	count(iface, &r, len, net_xmit_eval(rc) == 0);
}

static void xmit_slow_list(struct msd_iface *iface, struct sk_buff *skb)
{
	while (skb) {
		struct sk_buff *next = skb->next;

		skb_mark_not_on_list(skb);
		xmit_slow(iface, skb);
		skb = next;
	}
}

/* Return: false when the driver is busy; the frame is still ours then. */
static bool xmit_direct(struct msd_iface *iface, struct sk_buff *skb,
			struct netdev_queue *txq, bool more)
{
	struct sk_buff *next = skb->next;
	struct receipt r = *receipt(skb);
	u32 len = skb->len;
	int rc;

	skb_mark_not_on_list(skb);
	rc = netdev_start_xmit(skb, iface->dev, txq, more);
	if (unlikely(!dev_xmit_complete(rc))) {
		*receipt(skb) = r;
		skb->next = next;
		return false;
	}
	count(iface, &r, len, net_xmit_eval(rc) == 0);
	return true;
}

/* Those that somebody set have a handle, the kernel's own defaults none. */
static bool is_set(const struct netdev_queue *txq)
{
	return rcu_dereference_bh(txq->qdisc)->handle;
}

/* A transmit queue the device still has: it may have lost some (ethtool -L). */
static u16 fit(const struct net_device *dev, u32 queue)
{
	u32 n = READ_ONCE(dev->real_num_tx_queues);

	if (likely(queue < n))
		return queue;
	return n ? queue % n : 0;
}

/*
 * Hand on the frames at the head of a list that were meant for one transmit
 * queue. Return: the frames that are left; *@stuck when the queue takes no more,
 * or not from us.
 */
static struct sk_buff *xmit_run(struct msd_iface *iface, struct sk_buff *skb,
				bool *stuck)
{
	u16 meant = skb_get_queue_mapping(skb), queue = fit(iface->dev, meant);
	struct netdev_queue *txq = netdev_get_tx_queue(iface->dev, queue);
	bool more = true;

	*stuck = is_set(txq);
	if (unlikely(*stuck))
		return skb;
	HARD_TX_LOCK(iface->dev, txq, smp_processor_id());
	while (more) {
		struct sk_buff *next = skb->next;

		more = next && skb_get_queue_mapping(next) == meant;
		skb_set_queue_mapping(skb, queue);
		*stuck = netif_xmit_frozen_or_stopped(txq) ||
			 !xmit_direct(iface, skb, txq, more);
		if (unlikely(*stuck))
			break;
		skb = next;
	}
	HARD_TX_UNLOCK(iface->dev, txq);
	return skb;
}

static bool direct_ok(const struct net_device *dev)
{
	return netif_running(dev) && netif_carrier_ok(dev) &&
	       !msd_tapped(dev) && !msd_egress_hooked(dev) &&
	       !rcu_dereference_bh(dev->qdisc)->handle;
}

/* Return: whether replies the driver did not take still wait in a qdisc. */
static noinline bool spilled(const struct net_device *dev)
{
	u32 i, n = READ_ONCE(dev->real_num_tx_queues);

	for (i = 0; i < n; i++) {
		struct netdev_queue *txq = netdev_get_tx_queue(dev, i);

		if (qdisc_qlen_sum(rcu_dereference_bh(txq->qdisc)))
			return true;
	}
	return false;
}

/*
 * A device whose xmit receives synchronously may lead back here while a flush
 * is running on this CPU; what it adds waits for the poll.
 */
static noinline void flush(struct msd_txq *q)
{
	struct msd_iface *iface = q->iface;
	struct sk_buff *skb = q->first;
	bool stuck;

	if (q->busy || !skb)
		return;
	q->busy = true;
	q->first = NULL;
	q->n = 0;
	stuck = !direct_ok(iface->dev) ||
		(unlikely(q->spilled) && spilled(iface->dev));
	while (skb && likely(!stuck))
		skb = xmit_run(iface, skb, &stuck);
	q->spilled = !!skb;
	xmit_slow_list(iface, skb);
	q->busy = false;
}

static int poll(struct napi_struct *napi, int budget)
{
	rcu_read_lock();
	flush(container_of(napi, struct msd_txq, napi));
	rcu_read_unlock();
	napi_complete_done(napi, 0);
	return 0;
}

static __always_inline void enqueue(struct msd_iface *iface,
				    struct sk_buff *first,
				    struct sk_buff *last, u32 n)
{
	struct msd_txq *q = this_cpu_ptr(iface->txq);

	if (q->first) {
		q->last->next = first;
	} else {
		q->first = first;
		napi_schedule(&q->napi);
	}
	q->last = last;
	q->n += n;
	if (unlikely(q->n >= BATCH))
		flush(q);
}

/* The transmit queue with the number of the queue the request came in on. */
static u16 pick_queue(const struct net_device *dev, const struct sk_buff *req)
{
	return skb_rx_queue_recorded(req) ? fit(dev, skb_get_rx_queue(req)) : 0;
}

/* The tag is left to those who can insert it; what waits goes first. */
static void send_tagged(struct msd_iface *iface, struct sk_buff *first,
			__be16 proto, u16 tci)
{
	struct sk_buff *skb;

	flush(this_cpu_ptr(iface->txq));
	for (skb = first; skb; skb = skb->next)
		__vlan_hwaccel_put_tag(skb, proto, tci);
	xmit_slow_list(iface, first);
}

/* Kept apart: the short way needs neither its registers nor its stack. */
static noinline void send_fresh(struct msd_iface *iface, struct sk_buff *req,
				const struct msd_out *out, enum msd_verdict v,
				u8 responder)
{
	struct chain c = build(out, iface->dev, pick_queue(iface->dev, req));
	bool tagged = skb_vlan_tag_present(req);
	u32 rx_len = req->len + ETH_HLEN;
	__be16 proto = req->vlan_proto;
	u16 tci = req->vlan_tci;
	struct sk_buff *skb;

	napi_consume_skb(req, 1);
	if (unlikely(!c.first)) {
		msd_count(iface, MSD_DROP_MEMORY, rx_len);
		return;
	}
	for (skb = c.first; skb; skb = skb->next)
		sign(skb, skb == c.last ? rx_len : 0, v, responder);
	if (tagged)
		send_tagged(iface, c.first, proto, tci);
	else
		enqueue(iface, c.first, c.last, out->nframes);
}

void msd_tx(struct msd_iface *iface, struct sk_buff *req,
	    const struct msd_out *out, enum msd_verdict v, u8 responder)
{
	const struct msd_frame *f = &out->frame[0];
	const u8 *data = out->buf.data + f->off;
	u32 rx_len = req->len + ETH_HLEN;
	u16 queue;

	if (unlikely(!reusable(req, out))) {
		send_fresh(iface, req, out, v, responder);
		return;
	}
	queue = pick_queue(iface->dev, req);
	reuse(req, data, f->len);
	dress(req, iface->dev, queue, data);
	sign(req, rx_len, v, responder);
	enqueue(iface, req, req, 1);
}

int msd_txq_init(struct msd_iface *iface)
{
	int cpu;

	iface->txq = alloc_percpu_gfp(struct msd_txq,
				      GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!iface->txq)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct msd_txq *q = per_cpu_ptr(iface->txq, cpu);

		q->iface = iface;
		netif_napi_add_tx(napi_dev, &q->napi, poll);
		napi_enable(&q->napi);
	}
	return 0;
}

void msd_txq_exit(struct msd_iface *iface)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct msd_txq *q = per_cpu_ptr(iface->txq, cpu);

		napi_disable(&q->napi);
		__netif_napi_del(&q->napi);
		kfree_skb_list(q->first);
	}
	synchronize_net();
	free_percpu(iface->txq);
}

int msd_tx_init(void)
{
	napi_dev = msd_dummy_alloc();
	return napi_dev ? 0 : -ENOMEM;
}

void msd_tx_exit(void)
{
	msd_dummy_free(napi_dev);
}
