// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a frame enters: make a view of it, ask the core, act on the verdict.
 * The request is only read, so shared and cloned skbs need no copy.
 */
#include <linux/cpuhotplug.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/timekeeping.h>
#include "core/flow.h"
#include "event.h"
#include "msd.h"

/* Puts network headers, ETH_HLEN into a buffer, at a multiple of four. */
#define SHIFT 2

/**
 * struct scratch - what judging a frame needs on one CPU
 * @ctx: what the answer depends on; flows, host_has, clock and fine never change
 * @flow: what was learnt of the frame
 * @out: the reply being built
 * @reply: its bytes
 * @tick: jiffies at which @ctx was last told the time
 * @frame: a request that is not linear, copied
 *
 * A frame is judged with BH off from its first byte to the last copy out of
 * @reply, and nothing in between transmits: so the CPU is the only user.
 */
struct scratch {
	struct msd_ctx ctx;
	struct msd_flow flow;
	struct msd_out out;
	unsigned long tick;
	u8 reply[SHIFT + MSD_REPLY_MAX] __aligned(4);
	u8 frame[SHIFT + MSD_FRAME_MAX] __aligned(4);
};

static DEFINE_PER_CPU(struct scratch *, scratch);
static enum cpuhp_state hotplug;

static struct msd_view view(const struct sk_buff *skb, struct scratch *s, u32 len)
{
	u8 *copy = s->frame + SHIFT;

	if (likely(!skb_is_nonlinear(skb)))
		return msd_view(skb->data - ETH_HLEN, len);
	if (skb_copy_bits(skb, -ETH_HLEN, copy, len))
		return msd_view(copy, 0);
	return msd_view(copy, len);
}

/*
 * CHECKSUM_PARTIAL never left this machine, or GRO has verified it; the value
 * in the header is not a checksum then. CHECKSUM_COMPLETE counts from skb->data.
 */
static void csum(const struct sk_buff *skb, struct msd_ctx *ctx)
{
	switch (skb->ip_summed) {
	case CHECKSUM_NONE:
		ctx->csum = skb->csum_valid || skb_is_gso(skb) ? MSD_CSUM_GOOD :
								 MSD_CSUM_NONE;
		break;
	case CHECKSUM_COMPLETE:
		ctx->csum = skb->csum_valid || skb_is_gso(skb) ?
				    MSD_CSUM_GOOD : MSD_CSUM_COMPLETE;
		ctx->csum_value = skb->csum;
		break;
	default:
		ctx->csum = MSD_CSUM_GOOD;
	}
}

static u64 fine(void)
{
	struct timespec64 ts;

	ktime_get_real_ts64(&ts);
	return (u64)ts.tv_sec << 32 |
	       div_u64((u64)ts.tv_nsec << 32, NSEC_PER_SEC);
}

/* What TCP timestamps tell; a tick would be too coarse for a Linux server. */
static u32 clock(void)
{
	return div_u64(ktime_get_mono_fast_ns(), NSEC_PER_MSEC);
}

/* Seconds are exact enough when asked for once a tick. */
static void set_time(struct scratch *s)
{
	unsigned long tick = READ_ONCE(jiffies);

	if (likely(s->tick == tick))
		return;
	s->tick = tick;
	s->ctx.now = ktime_get_real_seconds();
}

static void set_ctx(struct msd_ctx *ctx, struct msd_iface *iface,
		    const struct msd_iface_cfg *cfg, const struct sk_buff *skb)
{
	const struct msd_ranges *late = rcu_dereference(cfg->late);

	ctx->cfg = &cfg->core;
	ctx->late = unlikely(late) ? &late->set : NULL;
	ctx->mac = READ_ONCE(iface->mac);
	ctx->mtu = READ_ONCE(iface->dev->mtu);
	ctx->host = iface;
	ctx->vlan = skb_vlan_tag_present(skb) ?
			    MSD_VLAN_TAKEN | skb_vlan_tag_get_id(skb) : 0;
	csum(skb, ctx);
}

static enum msd_verdict judge(struct scratch *s, const struct sk_buff *skb)
{
	u32 len = skb->len + ETH_HLEN;
	enum msd_verdict v;

	s->out.buf.len = 0;
	s->out.buf.over = false;
	s->out.nframes = 0;
	v = msd_answer(&s->ctx, view(skb, s, min_t(u32, len, MSD_FRAME_MAX)),
		       &s->flow, &s->out);
	/* Judged by its head alone: only to tell whom it is for. */
	if (unlikely(len > MSD_FRAME_MAX) && !msd_is_pass(v))
		return MSD_DROP_FRAME_SIZE;
	return v;
}

/* Our own multicasts coming back, and what has no plain Ethernet header. */
static bool is_frame(const struct sk_buff *skb)
{
	return skb->pkt_type != PACKET_LOOPBACK &&
	       skb->data - skb_mac_header(skb) == ETH_HLEN;
}

__flatten bool msd_rx(struct msd_iface *iface, struct sk_buff *skb)
{
	const struct msd_iface_cfg *cfg = rcu_dereference(iface->cfg);
	struct scratch *s = this_cpu_read(scratch);
	enum msd_verdict v;

	if (unlikely(!cfg || !is_frame(skb)))
		return false;
	set_time(s);
	set_ctx(&s->ctx, iface, cfg, skb);
	v = judge(s, skb);
	msd_event(iface, skb, &s->flow, &s->out, v);
	if (msd_is_answer(v)) {
		msd_tx(iface, skb, &s->out, v, s->flow.responder);
		return true;
	}
	msd_count(iface, v, skb->len + ETH_HLEN);
	if (msd_is_pass(v))
		return false;
	napi_consume_skb(skb, 1);
	return true;
}

static int scratch_alloc(unsigned int cpu)
{
	int node = cpu_to_node(cpu);
	struct scratch *s;

	if (per_cpu(scratch, cpu))
		return 0;
	s = kvzalloc_node(sizeof(*s), GFP_KERNEL, node);
	if (!s)
		return -ENOMEM;
	s->ctx.flows = kvzalloc_node(msd_flow_bytes(), GFP_KERNEL, node);
	if (!s->ctx.flows) {
		kvfree(s);
		return -ENOMEM;
	}
	s->tick = INITIAL_JIFFIES - 1; /* the time is not known yet */
	s->ctx.host_has = msd_host_has;
	s->ctx.clock = clock;
	s->ctx.fine = fine;
	s->out.buf = msd_buf(s->reply + SHIFT, MSD_REPLY_MAX);
	per_cpu(scratch, cpu) = s;
	return 0;
}

static void scratch_free(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct scratch *s = per_cpu(scratch, cpu);

		if (!s)
			continue;
		kvfree(s->ctx.flows);
		kvfree(s);
		per_cpu(scratch, cpu) = NULL;
	}
}

/* Memory for a CPU from the day it comes online; many possible ones never do. */
int msd_rx_init(void)
{
	int state;

	state = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "net/kmasscanned:online",
				  scratch_alloc, NULL);
	if (state < 0) {
		scratch_free();
		return state;
	}
	hotplug = state;
	return 0;
}

void msd_rx_exit(void)
{
	cpuhp_remove_state_nocalls(hotplug);
	scratch_free();
}
