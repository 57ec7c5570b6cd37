// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP (RFC 768, RFC 8200 section 8.1): every port, content decides, and a
 * datagram that no responder answers is met with silence. But what a DHCP server
 * says to a client is the host's: it may be about to get that very address.
 */
#include <linux/in.h>
#include <linux/udp.h>
#include "net.h"
#include "../proto/proto.h"

#define UDP_HLEN ((u32)sizeof(struct udphdr))

bool msd_udp_is_dhcp(u8 family, struct msd_view v)
{
	const struct udphdr *uh = msd_pull(&v, UDP_HLEN);

	if (!uh)
		return false;
	if (family == 4)
		return uh->source == htons(67) && uh->dest == htons(68);
	return uh->source == htons(547) && uh->dest == htons(546);
}

static enum msd_verdict header(const struct msd_ctx *ctx,
			       struct msd_flow *flow, struct msd_view *v)
{
	const u8 *start = v->p;
	u32 avail = v->len, len;
	const struct udphdr *uh = msd_pull(v, UDP_HLEN);

	if (!uh)
		return MSD_DROP_UDP_LENGTH;
	flow->sport = uh->source;
	flow->dport = uh->dest;
	len = ntohs(uh->len);
	if (len < UDP_HLEN || len > avail)
		return MSD_DROP_UDP_LENGTH;
	msd_trim(v, len - UDP_HLEN);
	if (!uh->check)
		return flow->family == 4 ? MSD_GO_ON : MSD_DROP_CHECKSUM;
	return msd_csum_ok(ctx, flow, IPPROTO_UDP, start, len) ?
		       MSD_GO_ON : MSD_DROP_CHECKSUM;
}

/* Write the header in front of @len bytes of payload that stand there. */
static void finish_udp(const struct msd_flow *flow, __be16 source, u32 len,
		       struct msd_out *out)
{
	struct udphdr *uh = (void *)(out->buf.data + out->head);

	*uh = (struct udphdr){
		.source = source,
		.dest = flow->sport,
		.len = htons(UDP_HLEN + len),
	};
	uh->check = msd_csum_reply(flow, IPPROTO_UDP, uh, UDP_HLEN + len);
	if (!uh->check)
		uh->check = (__force __sum16)0xffff;
	out->buf.len = out->head + UDP_HLEN + len;
	msd_reply_frame(out);
}

__flatten noinline enum msd_verdict
msd_udp(const struct msd_ctx *ctx, struct msd_flow *flow, struct msd_view v,
	struct msd_out *out)
{
	struct msd_request rq = { .ctx = ctx, .flow = flow,
				  .transport = MSD_UDP };
	enum msd_verdict verdict = header(ctx, flow, &v);
	u32 head = out->head + UDP_HLEN;
	struct msd_buf payload;

	if (verdict != MSD_GO_ON)
		return verdict;
	if (!v.len)
		return MSD_DROP_UDP_SILENT;
	rq.in = v;
	rq.reply_port = flow->dport;
	payload = msd_buf(out->buf.data + head, MSD_PAYLOAD_MAX);
	if (msd_proto_ask(&rq, &flow->responder, &payload) != MSD_ASK_ANSWER)
		return MSD_DROP_UDP_SILENT;
	if (head - flow->l2_len + payload.len > ctx->mtu)
		return MSD_DROP_REPLY_SIZE;
	finish_udp(flow, rq.reply_port, payload.len, out);
	return MSD_ANSWER_UDP;
}
