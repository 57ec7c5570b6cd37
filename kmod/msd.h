/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel shell: interfaces and the path of a frame. Whatever knows skbs or
 * net devices is in this folder; whatever decides about a frame is in core/
 * and proto/. Structures first, then prototypes under the file that defines
 * them.
 */
#ifndef MSD_H
#define MSD_H

#include <linux/inetdevice.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include "config.h"
#include "proto/proto.h"

/* Counters: one per verdict, then one per responder. */
#define MSD_NCOUNT (__MSD_VERDICT_MAX + MSD_NPROTO)

/**
 * struct msd_count - one counter
 * @frames: frames received
 * @rx_bytes: bytes of those frames
 * @tx_frames: frames sent in reply, of which there may be several for one
 * @tx_bytes: bytes of the frames sent
 */
struct msd_count {
	u64_stats_t frames;
	u64_stats_t rx_bytes;
	u64_stats_t tx_frames;
	u64_stats_t tx_bytes;
};

/**
 * struct msd_sum - a counter, or what it was at some time, over all CPUs
 * @frames: see struct msd_count
 * @rx_bytes: likewise
 * @tx_frames: likewise
 * @tx_bytes: likewise
 */
struct msd_sum {
	u64 frames;
	u64 rx_bytes;
	u64 tx_frames;
	u64 tx_bytes;
};

/**
 * struct msd_stats - counters of one interface on one CPU
 * @sync: makes 64-bit counters consistent on 32-bit machines
 * @count: MSD_NCOUNT counters
 */
struct msd_stats {
	struct u64_stats_sync sync;
	struct msd_count count[MSD_NCOUNT];
};

/**
 * struct msd_txq - replies of one interface on one CPU, waiting to leave
 * @iface: the interface
 * @first: oldest frame, linked by skb->next
 * @last: newest frame
 * @n: number of frames
 * @busy: a flush is running on this CPU
 * @spilled: the last flush left frames to a qdisc
 * @napi: flushes at the end of the poll round
 *
 * Used with BH off by its own CPU only, hence no lock.
 */
struct msd_txq {
	struct msd_iface *iface;
	struct sk_buff *first;
	struct sk_buff *last;
	u32 n;
	bool busy;
	bool spilled;
	struct napi_struct napi;
};

/**
 * struct msd_turn - addresses of either family that had their turn
 * @n4: IPv4 addresses
 * @n6: IPv6 addresses
 */
struct msd_turn {
	u32 n4;
	u32 n6;
};

/**
 * struct msd_iface - a device with the responder on it
 * @cfg: configuration; NULL before the first is published
 * @mac: own MAC in use: @cfg's, the device's, or the default one. Follows @cfg
 *	and the device's address
 * @stats: counters since the attach
 * @txq: outgoing batches
 * @dev: the device, held
 * @net: its network namespace; it never changes (a move detaches)
 * @dev_tracker: of the reference to @dev
 * @via: how frames reach us
 * @ops: ingress hook, if @via says so
 * @list: in msd_net.ifaces
 * @announce: tells the network of own addresses, some at a time
 * @said: how far it has come; guarded by RTNL
 * @joined: groups joined, for so many of the IPv6 ones; guarded by RTNL
 * @told_not: it was said that there are too many to be told
 * @base: sums of @stats at the last reset, taken off whatever is shown; guarded
 *	by RTNL
 *
 * Created, changed and destroyed under RTNL.
 */
struct msd_iface {
	struct msd_iface_cfg __rcu *cfg;
	const u8 *mac;
	struct msd_stats __percpu *stats;
	struct msd_txq __percpu *txq;
	struct net_device *dev;
	struct net *net;
	netdevice_tracker dev_tracker;
	enum msd_via via;
	struct nf_hook_ops ops;
	struct list_head list;
	struct delayed_work announce;
	struct msd_turn said;
	u32 joined;
	bool told_not;
	struct msd_sum base[MSD_NCOUNT];
};

/**
 * struct msd_net - state of one network namespace
 * @ifaces: by ascending ifindex; guarded by RTNL
 * @generation: grows with every change of @ifaces and of a configuration;
 *	guarded by RTNL
 * @commit: held throughout a commit, before RTNL: interfaces may vanish
 *	meanwhile, none appears or changes. Nothing but a commit waits for it
 * @edits: open edits by portid; looked at without a lock when a socket goes
 * @nedits: number of edits, those being committed included
 * @memory: bytes of address lists and edits, at most MSD_MEMORY_MAX
 * @late: looks for own addresses that the host has got or lost
 */
struct msd_net {
	struct list_head ifaces;
	u32 generation;
	struct mutex commit;	/* see above */
	struct xarray edits;
	atomic_t nedits;
	atomic_long_t memory;
	struct delayed_work late;
};

static inline void msd_count_frame(struct msd_count *c, u32 rx)
{
	u64_stats_inc(&c->frames);
	u64_stats_add(&c->rx_bytes, rx);
}

static inline void msd_count_reply(struct msd_count *c, u32 rx, u32 tx)
{
	if (likely(rx))
		msd_count_frame(c, rx);
	u64_stats_inc(&c->tx_frames);
	u64_stats_add(&c->tx_bytes, tx);
}

/**
 * msd_count() - count a frame without a reply, once, when its verdict is final
 * @iface: where it came in
 * @v: verdict
 * @rx: length of the frame
 *
 * Context: BH off.
 */
static inline void msd_count(struct msd_iface *iface, enum msd_verdict v,
			     u32 rx)
{
	struct msd_stats *s = this_cpu_ptr(iface->stats);

	u64_stats_update_begin(&s->sync);
	msd_count_frame(&s->count[v], rx);
	u64_stats_update_end(&s->sync);
}

/**
 * msd_count_sent() - count a frame of a reply that has left
 * @iface: where it came in and went out
 * @v: verdict
 * @responder: row of the responder that answered, or MSD_NO_PROTO
 * @rx: length of the request if this is the last frame of the reply, with which
 *	the request counts as answered; else 0
 * @tx: length of the frame
 *
 * Context: BH off.
 */
static inline void msd_count_sent(struct msd_iface *iface, enum msd_verdict v,
				  u8 responder, u32 rx, u32 tx)
{
	struct msd_stats *s = this_cpu_ptr(iface->stats);

	u64_stats_update_begin(&s->sync);
	msd_count_reply(&s->count[v], rx, tx);
	if (responder < MSD_NPROTO)
		msd_count_reply(&s->count[__MSD_VERDICT_MAX + responder], rx, tx);
	u64_stats_update_end(&s->sync);
}

/* announce.c */

/**
 * msd_announce() - begin to tell the network of the own addresses
 * @iface: the interface
 *
 * Context: RTNL.
 */
void msd_announce(struct msd_iface *iface);

/**
 * msd_announce_init() - prepare an interface for msd_announce()
 * @iface: the interface
 */
void msd_announce_init(struct msd_iface *iface);

/**
 * msd_announce_forget() - leave the groups that were joined, say no more
 * @iface: its configuration is about to go
 *
 * Context: RTNL.
 */
void msd_announce_forget(struct msd_iface *iface);

/* hook.c */

/**
 * msd_hook() - have the frames of a device delivered to msd_rx()
 * @iface: the interface; may get frames before this returns
 * @extack: receives the sentence
 *
 * Context: RTNL.
 * Return: 0 or a negative error.
 */
int msd_hook(struct msd_iface *iface, struct netlink_ext_ack *extack);

/**
 * msd_unhook() - end of delivery; no frame is in msd_rx() afterwards
 * @iface: the interface
 *
 * Context: RTNL; waits for a grace period.
 */
void msd_unhook(struct msd_iface *iface);

/* host.c */

/**
 * msd_host_has() - would the host take a frame to this address?
 * @host: struct msd_iface it came in on
 * @family: 4 or 6
 * @addr: network order
 *
 * Context: RCU read side, BH off. Used when the own set is empty.
 */
bool msd_host_has(void *host, u8 family, const void *addr);

/**
 * enum msd_host_kind - what an address is to the host
 * @MSD_HOST_LOCAL: its own
 * @MSD_HOST_BROADCAST: a broadcast address of one of its networks
 */
enum msd_host_kind {
	MSD_HOST_LOCAL,
	MSD_HOST_BROADCAST,
};

/* Told an address in network order; must not sleep. Return: true to end. */
typedef bool (*msd_host_fn)(void *arg, enum msd_host_kind kind, u8 family,
			    const void *addr);

/**
 * msd_host_ifa() - tell the addresses one IPv4 address of the host stands for
 * @ifa: the address
 * @fn: is told each
 * @arg: passed to @fn
 *
 * Return: whether @fn ended it.
 */
bool msd_host_ifa(const struct in_ifaddr *ifa, msd_host_fn fn, void *arg);

/**
 * msd_host_walk() - tell all addresses of the host
 * @net: network namespace
 * @fn: is told each
 * @arg: passed to @fn
 *
 * Context: RTNL.
 * Return: whether @fn ended it.
 */
bool msd_host_walk(struct net *net, msd_host_fn fn, void *arg);

/* claim.c */

/**
 * msd_claim_refuse() - would a set of own addresses take somebody else's?
 * @dev: the device it is for
 * @own: the set
 * @force: it may contain addresses of the host
 * @hit: out: the address it is about, IPv4 mapped
 *
 * Context: RTNL.
 * Return: why not, a sentence; NULL when it may be.
 */
const char *msd_claim_refuse(struct net_device *dev,
			     const struct msd_addrset *own, bool force,
			     struct in6_addr *hit);

/* late.c */

extern struct notifier_block msd_inetaddr_notifier;
#if IS_ENABLED(CONFIG_IPV6)
extern struct notifier_block msd_inet6addr_notifier;
#endif

/**
 * msd_late_find() - the own addresses that the host has
 * @net: network namespace
 * @cfg: not published; its @late is set
 *
 * Context: RTNL.
 * Return: 0 or a negative error.
 */
int msd_late_find(struct net *net, struct msd_iface_cfg *cfg);

/**
 * msd_late_init() - prepare to follow the host's addresses in a namespace
 * @mn: network namespace
 */
void msd_late_init(struct msd_net *mn);

/* iface.c */

extern struct pernet_operations msd_net_ops;
extern struct notifier_block msd_netdev_notifier;

/**
 * msd_net() - our state of a network namespace
 * @net: network namespace
 */
struct msd_net *msd_net(const struct net *net);

/**
 * msd_iface_find() - interface by ifindex
 * @mn: network namespace
 * @ifindex: of the device
 *
 * Context: RTNL.
 * Return: the interface, or NULL.
 */
struct msd_iface *msd_iface_find(struct msd_net *mn, u32 ifindex);

/**
 * msd_iface_create() - put the responder on a device, still passing all frames
 * @dev: the device
 * @via: how
 * @extack: receives the sentence
 *
 * Context: RTNL.
 * Return: the interface, or an ERR_PTR.
 */
struct msd_iface *msd_iface_create(struct net_device *dev, enum msd_via via,
				   struct netlink_ext_ack *extack);

/**
 * msd_iface_publish() - replace an interface's configuration
 * @iface: the interface
 * @cfg: its filter is added already; the old one's is taken off
 *
 * Context: RTNL. Cannot fail.
 */
void msd_iface_publish(struct msd_iface *iface, struct msd_iface_cfg *cfg);

/**
 * msd_iface_destroy() - take the responder off a device
 * @iface: freed
 *
 * Context: RTNL; waits for grace periods.
 */
void msd_iface_destroy(struct msd_iface *iface);

/* rx.c */

/**
 * msd_rx() - judge a frame and act on the verdict
 * @iface: where it came in
 * @skb: data at the network header
 *
 * Context: RCU read side, BH off.
 * Return: true when @skb was consumed; false: it is untouched.
 */
bool msd_rx(struct msd_iface *iface, struct sk_buff *skb);

/**
 * msd_rx_init() - allocate the per-CPU buffers
 *
 * Return: 0 or a negative error.
 */
int msd_rx_init(void);

/* msd_rx_exit() - free them; no frame comes any more */
void msd_rx_exit(void);

/* stats.c */

/**
 * msd_stats_alloc() - per-CPU counters, all zero
 *
 * Return: the counters, or NULL.
 */
struct msd_stats __percpu *msd_stats_alloc(void);

/* tx.c */

/**
 * msd_tx() - send a reply and count it
 * @iface: where the request came in
 * @req: the request; consumed
 * @out: the reply
 * @v: verdict: ANSWER_*
 * @responder: row of the responder that spoke, or MSD_NO_PROTO
 *
 * Context: RCU read side, BH off.
 */
void msd_tx(struct msd_iface *iface, struct sk_buff *req,
	    const struct msd_out *out, enum msd_verdict v, u8 responder);

/**
 * msd_txq_init() - create the per-CPU batches of an interface
 * @iface: the interface
 *
 * Return: 0 or -ENOMEM.
 */
int msd_txq_init(struct msd_iface *iface);

/**
 * msd_txq_exit() - drop what still waits and free the batches
 * @iface: unhooked
 *
 * Context: process; sleeps.
 */
void msd_txq_exit(struct msd_iface *iface);

/**
 * msd_tx_init() - create the device that carries the NAPI contexts
 *
 * Return: 0 or -ENOMEM.
 */
int msd_tx_init(void);

/* msd_tx_exit() - free it; no interface is left */
void msd_tx_exit(void);

#endif /* MSD_H */
