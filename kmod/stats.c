// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: per CPU while counting, summed only when somebody asks. A reset
 * remembers the sums, so those who count need not know.
 */
#include <linux/percpu.h>
#include <linux/rtnetlink.h>
#include "genl.h"

struct msd_stats __percpu *msd_stats_alloc(void)
{
	struct msd_stats __percpu *stats;
	int cpu;

	stats = alloc_percpu_gfp(struct msd_stats,
				 GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->sync);
	return stats;
}

static struct msd_sum sum(const struct msd_iface *iface, u32 item)
{
	struct msd_sum total = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct msd_stats *s = per_cpu_ptr(iface->stats, cpu);
		const struct msd_count *c = &s->count[item];
		unsigned int start;
		struct msd_sum one;

		do {
			start = u64_stats_fetch_begin(&s->sync);
			one.frames = u64_stats_read(&c->frames);
			one.rx_bytes = u64_stats_read(&c->rx_bytes);
			one.tx_frames = u64_stats_read(&c->tx_frames);
			one.tx_bytes = u64_stats_read(&c->tx_bytes);
		} while (u64_stats_fetch_retry(&s->sync, start));
		total.frames += one.frames;
		total.rx_bytes += one.rx_bytes;
		total.tx_frames += one.tx_frames;
		total.tx_bytes += one.tx_bytes;
	}
	return total;
}

/* Since the last reset. */
static struct msd_sum since(const struct msd_iface *iface, u32 item)
{
	const struct msd_sum *base = &iface->base[item];
	struct msd_sum now = sum(iface, item);

	now.frames -= base->frames;
	now.rx_bytes -= base->rx_bytes;
	now.tx_frames -= base->tx_frames;
	now.tx_bytes -= base->tx_bytes;
	return now;
}

static int put_verdict(struct sk_buff *skb, u32 v, const struct msd_sum *s)
{
	return nla_put_u32(skb, MSD_STAT_VERDICT, v) ||
	       nla_put_string(skb, MSD_STAT_NAME, msd_verdict_name(v)) ||
	       nla_put_u64_64bit(skb, MSD_STAT_FRAMES, s->frames,
				 MSD_STAT_PAD) ||
	       nla_put_u64_64bit(skb, MSD_STAT_RX_BYTES, s->rx_bytes,
				 MSD_STAT_PAD) ||
	       nla_put_u64_64bit(skb, MSD_STAT_TX_FRAMES, s->tx_frames,
				 MSD_STAT_PAD) ||
	       nla_put_u64_64bit(skb, MSD_STAT_TX_BYTES, s->tx_bytes,
				 MSD_STAT_PAD);
}

static int put_responder(struct sk_buff *skb, u32 row, const struct msd_sum *s)
{
	return nla_put_string(skb, MSD_RESPONDER_NAME,
			      msd_responders[row]->name) ||
	       nla_put_u64_64bit(skb, MSD_RESPONDER_FRAMES, s->frames,
				 MSD_RESPONDER_PAD) ||
	       nla_put_u64_64bit(skb, MSD_RESPONDER_RX_BYTES, s->rx_bytes,
				 MSD_RESPONDER_PAD) ||
	       nla_put_u64_64bit(skb, MSD_RESPONDER_TX_FRAMES, s->tx_frames,
				 MSD_RESPONDER_PAD) ||
	       nla_put_u64_64bit(skb, MSD_RESPONDER_TX_BYTES, s->tx_bytes,
				 MSD_RESPONDER_PAD);
}

static int put_item(struct sk_buff *skb, const struct msd_iface *iface, u32 item)
{
	bool verdict = item < __MSD_VERDICT_MAX;
	struct msd_sum s = since(iface, item);
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, verdict ? MSD_A_STAT : MSD_A_RESPONDER);
	if (!nest)
		return -EMSGSIZE;
	if (verdict)
		err = put_verdict(skb, item, &s);
	else
		err = put_responder(skb, item - __MSD_VERDICT_MAX, &s);
	if (err) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Counters that do not fit go into further messages about the interface. */
static int fill(struct sk_buff *skb, struct netlink_callback *cb,
		const struct msd_iface *iface, struct msd_cursor *cur)
{
	void *hdr = msd_dump_put(skb, cb, MSD_CMD_STATS_GET);
	u32 begin = cur->item;

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, MSD_A_IFINDEX, iface->dev->ifindex) ||
	    nla_put_string(skb, MSD_A_IFNAME, iface->dev->name))
		goto cancel;
	while (cur->item < MSD_NCOUNT && !put_item(skb, iface, cur->item))
		cur->item++;
	if (cur->item == begin)
		goto cancel;
	genlmsg_end(skb, hdr);
	return cur->item < MSD_NCOUNT ? -EMSGSIZE : 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

int msd_dump_stats(struct sk_buff *skb, struct netlink_callback *cb)
{
	return msd_dump_ifaces(skb, cb, fill);
}

static void reset(struct msd_iface *iface)
{
	u32 item;

	for (item = 0; item < MSD_NCOUNT; item++)
		iface->base[item] = sum(iface, item);
}

static int reset_one(struct msd_net *mn, u32 ifindex,
		     struct netlink_ext_ack *extack)
{
	struct msd_iface *iface = msd_iface_find(mn, ifindex);

	if (!iface) {
		NL_SET_ERR_MSG(extack, "not attached to this device");
		return -ENOENT;
	}
	reset(iface);
	return 0;
}

int msd_stats_reset(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[MSD_A_IFINDEX];
	struct msd_net *mn = msd_net(genl_info_net(info));
	struct msd_iface *iface;
	int err = 0;

	rtnl_lock();
	if (attr)
		err = reset_one(mn, nla_get_u32(attr), info->extack);
	else
		list_for_each_entry(iface, &mn->ifaces, list)
			reset(iface);
	rtnl_unlock();
	return err;
}
