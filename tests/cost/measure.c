// SPDX-License-Identifier: GPL-2.0-only
/* A recipe's payload on its way through the core, frame by frame. */
#include <stdlib.h>
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/tcp.h>
#include "../../kmod/core/flow.h"
#include "../unit/frames.h"
#include "cost.h"

static struct env world;
static u8 payload[MERGED_MOST], frame_room[PKT_MAX + 2], reply_room[MSD_REPLY_MAX + 2];
static u32 next_seq;

void cost_init(void)
{
	env_init(&world);
	world.ctx.flows = calloc(1, msd_flow_bytes());
	/* Receive offload and the card have seen to the checksum. */
	world.ctx.csum = MSD_CSUM_GOOD;
	if (!world.ctx.flows)
		abort();
}

static void responders(const struct cost_recipe *r, bool all)
{
	world.cfg.protos = all ? GENMASK_ULL(MSD_NPROTO - 1, 0) :
				 BIT_ULL(r->row);
	msd_proto_config(&world.cfg);
}

/* Headers stand where the kernel has them: at 2 modulo 4. */
static enum msd_verdict answer(const struct pkt *p, cost_frame_fn fn,
			       struct msd_out *out)
{
	u8 *frame = frame_room + 2;
	u32 len = pkt_build(p, frame);
	enum msd_verdict v;
	struct msd_flow flow;

	*out = (struct msd_out){
		.buf = msd_buf(reply_room + 2, MSD_REPLY_MAX),
	};
	if (fn)
		fn(true, p->len);
	v = msd_answer(&world.ctx, msd_view(frame, len), &flow, out);
	if (fn)
		fn(false, p->len);
	return v;
}

/* Shake hands; return what the next segment has to acknowledge. */
static u32 connect_tcp(void)
{
	struct pkt syn = pkt_tcp(4, TH_SYN, next_seq++, 0);
	const struct tcphdr *th;
	struct msd_out out;

	if (answer(&syn, NULL, &out) != MSD_ANSWER_SYNACK)
		abort();
	th = (void *)(out.buf.data + ETH_HLEN + 20);
	return ntohl(th->seq) + 1;
}

static void segment(const u8 *data, u32 len, u32 ack, cost_frame_fn fn)
{
	struct pkt p = pkt_tcp(4, TH_PSH | TH_ACK, next_seq, ack);
	struct msd_out out;

	p.data = data;
	p.len = len;
	answer(&p, fn, &out);
	next_seq += len;
}

static void kept(u32 len, cost_frame_fn fn)
{
	u32 ack = connect_tcp();
	u32 head = len > KEPT_SEGMENTS ? len - KEPT_SEGMENTS : 0;
	u32 at, n;

	for (at = 0; at < head; at += n) {
		n = min_t(u32, head - at, TCP_MOST);
		segment(payload + at, n, ack, fn);
	}
	for (; at < len; at++)
		segment(payload + at, 1, ack, fn);
}

static void datagram(u32 len, cost_frame_fn fn)
{
	struct pkt p = pkt_udp(4, "");
	struct msd_out out;

	p.data = payload;
	p.len = len;
	answer(&p, fn, &out);
}

void cost_send(const struct cost_recipe *r, bool all, cost_frame_fn fn)
{
	u32 len = cost_expand(r, payload);

	responders(r, all);
	next_seq = 1000;
	if (r->how == COST_UDP)
		datagram(len, fn);
	else if (r->how == COST_KEPT)
		kept(len, fn);
	else
		segment(payload, len, connect_tcp(), fn);
}
