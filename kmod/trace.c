// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the events tell of a frame. The core keeps no more of a frame than it
 * needs, so it is read a second time here: with the bounded reader, layer by
 * layer, and a layer is filled in only when it is well formed as a whole.
 */
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/percpu.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include "core/net.h"
#include "msd.h"

#define CREATE_TRACE_POINTS
#include "event.h"

#define MF_OR_OFFSET 0x3fff
#define TCP_FLAGS 13

static DEFINE_PER_CPU(u64, requests);

static void set_addrs4(struct msd_event *ev, const void *saddr,
		       const void *daddr)
{
	ev->family = AF_INET;
	ev->saddr.in.sin_family = AF_INET;
	ev->daddr.in.sin_family = AF_INET;
	memcpy(&ev->saddr.in.sin_addr, saddr, sizeof(struct in_addr));
	memcpy(&ev->daddr.in.sin_addr, daddr, sizeof(struct in_addr));
}

static void set_addrs6(struct msd_event *ev, const struct ipv6hdr *ip)
{
	ev->family = AF_INET6;
	ev->saddr.in6.sin6_family = AF_INET6;
	ev->daddr.in6.sin6_family = AF_INET6;
	ev->saddr.in6.sin6_addr = ip->saddr;
	ev->daddr.in6.sin6_addr = ip->daddr;
}

/* The ports stand at the same place in both kinds of address. */
static void set_ports(struct msd_event *ev, __be16 sport, __be16 dport)
{
	static_assert(offsetof(struct sockaddr_in, sin_port) ==
		      offsetof(struct sockaddr_in6, sin6_port));
	ev->saddr.in.sin_port = sport;
	ev->daddr.in.sin_port = dport;
}

static void set_payload(struct msd_event *ev, struct msd_view v, u32 snap)
{
	ev->payload_len = v.len;
	msd_trim(&v, snap);
	ev->payload = v;
}

static void read_tcp(struct msd_event *ev, struct msd_view v, u32 snap)
{
	const struct tcphdr *th = msd_pull(&v, sizeof(*th));
	struct msd_view options;

	if (!th || th->doff * 4 < sizeof(*th))
		return;
	options = msd_sub(&v, th->doff * 4 - sizeof(*th));
	if (!msd_view_ok(&options))
		return;
	set_ports(ev, th->source, th->dest);
	ev->seq = ntohl(th->seq);
	ev->ack = ntohl(th->ack_seq);
	ev->tcp_flags = ((const u8 *)th)[TCP_FLAGS];
	ev->window = ntohs(th->window);
	ev->options = options;
	set_payload(ev, v, snap);
}

static void read_udp(struct msd_event *ev, struct msd_view v, u32 snap)
{
	const struct udphdr *uh = msd_pull(&v, sizeof(*uh));
	u32 len;

	if (!uh)
		return;
	len = ntohs(uh->len);
	if (len < sizeof(*uh) || len - sizeof(*uh) > v.len)
		return;
	msd_trim(&v, len - sizeof(*uh));
	set_ports(ev, uh->source, uh->dest);
	set_payload(ev, v, snap);
}

static void read_icmp(struct msd_event *ev, struct msd_view v, u32 snap)
{
	const u8 *hdr = msd_pull(&v, MSD_ECHO_HLEN);

	if (!hdr)
		return;
	ev->icmp_type = hdr[0];
	ev->icmp_code = hdr[1];
	set_payload(ev, v, snap);
	if (ev->protocol == IPPROTO_ICMPV6 && v.len >= MSD_ADDR6_LEN &&
	    (hdr[0] == MSD_ICMPV6_NS || hdr[0] == MSD_ICMPV6_NA))
		memcpy(&ev->nd_target, v.p, MSD_ADDR6_LEN);
}

static void read_transport(struct msd_event *ev, struct msd_view v, u32 snap)
{
	switch (ev->protocol) {
	case IPPROTO_TCP:
		read_tcp(ev, v, snap);
		break;
	case IPPROTO_UDP:
		read_udp(ev, v, snap);
		break;
	case IPPROTO_ICMP:
		if (ev->family == AF_INET)
			read_icmp(ev, v, snap);
		break;
	case IPPROTO_ICMPV6:
		if (ev->family == AF_INET6)
			read_icmp(ev, v, snap);
		break;
	}
}

static void read_ipv4(struct msd_event *ev, struct msd_view v, u32 snap)
{
	const struct iphdr *ip = msd_pull(&v, sizeof(*ip));
	u32 hlen, total;

	if (!ip)
		return;
	hlen = ip->ihl * 4;
	total = ntohs(ip->tot_len);
	set_addrs4(ev, &ip->saddr, &ip->daddr);
	ev->protocol = ip->protocol;
	ev->ip_id = ntohs(ip->id);
	ev->hop_limit = ip->ttl;
	if (ip->version != 4 || hlen < sizeof(*ip) || total < hlen ||
	    total - sizeof(*ip) > v.len || ip->frag_off & htons(MF_OR_OFFSET))
		return;
	msd_trim(&v, total - sizeof(*ip));
	msd_skip(&v, hlen - sizeof(*ip));
	read_transport(ev, v, snap);
}

static void read_ipv6(struct msd_event *ev, struct msd_view v, u32 snap)
{
	const struct ipv6hdr *ip = msd_pull(&v, sizeof(*ip));
	u32 len;

	if (!ip)
		return;
	len = ntohs(ip->payload_len);
	set_addrs6(ev, ip);
	ev->protocol = ip->nexthdr;
	ev->hop_limit = ip->hop_limit;
	if (ip->version != 6 || len > v.len)
		return;
	msd_trim(&v, len);
	if (msd_ipv6_ext(&v, &ev->protocol) == MSD_GO_ON)
		read_transport(ev, v, snap);
}

static void read_arp(struct msd_event *ev, struct msd_view v)
{
	bool ours = msd_get_be16(&v) == ARPHRD_ETHER;
	const u8 *saddr, *daddr;
	u16 op;

	ours &= msd_get_be16(&v) == ETH_P_IP;
	ours &= msd_get8(&v) == ETH_ALEN;
	ours &= msd_get8(&v) == sizeof(struct in_addr);
	op = msd_get_be16(&v);
	msd_skip(&v, ETH_ALEN);
	saddr = msd_pull(&v, sizeof(struct in_addr));
	msd_skip(&v, ETH_ALEN);
	daddr = msd_pull(&v, sizeof(struct in_addr));
	if (!ours || !daddr)
		return;
	ev->arp_op = op;
	set_addrs4(ev, saddr, daddr);
}

/* The EtherType behind the tags; the outer one is told if none was offloaded. */
static u16 read_link(struct msd_event *ev, struct msd_view *v)
{
	const u8 *eth = msd_pull(v, 2 * ETH_ALEN);
	u16 type, tci;
	int tags;

	if (!eth)
		return 0;
	ether_addr_copy(ev->dmac, eth);
	ether_addr_copy(ev->smac, eth + ETH_ALEN);
	type = msd_get_be16(v);
	for (tags = 0; tags < MSD_VLAN_MAX; tags++) {
		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			break;
		tci = msd_get_be16(v);
		if (!ev->vlan_proto) {
			ev->vlan_proto = type;
			ev->vlan_tci = tci;
		}
		type = msd_get_be16(v);
	}
	return type;
}

static void read_frame(struct msd_event *ev, struct msd_view v, u32 snap)
{
	ev->ethertype = read_link(ev, &v);
	switch (ev->ethertype) {
	case ETH_P_ARP:
		read_arp(ev, v);
		break;
	case ETH_P_IP:
		read_ipv4(ev, v, snap);
		break;
	case ETH_P_IPV6:
		read_ipv6(ev, v, snap);
		break;
	}
}

/* Who, where and what became of it; what every event begins with. */
static void set_head(struct msd_event *ev, const struct msd_iface *iface,
		     const struct sk_buff *skb, u8 row, enum msd_verdict v)
{
	strscpy(ev->dev, iface->dev->name, sizeof(ev->dev));
	ev->netns = iface->net->ns.inum;
	ev->ifindex = iface->dev->ifindex;
	ev->req_len = skb->len + ETH_HLEN;
	ev->verdict = v;
	ev->responder = row;
	ev->responder_name = row < MSD_NPROTO ? msd_responders[row]->name : "";
	if (skb_vlan_tag_present(skb)) {
		ev->vlan_proto = ntohs(skb->vlan_proto);
		ev->vlan_tci = skb_vlan_tag_get(skb);
	}
}

static void raise_packet(const struct msd_event *ev, struct msd_packet *pkt,
			 const u8 *frame, u32 len)
{
	pkt->frame = msd_view(frame, min_t(u32, len, MSD_PACKET_MAX));
	trace_msd_packet(ev, pkt);
}

/* @ev has its head only. The replies carry the tag of the request. */
static void raise_packets(const struct msd_event *ev, const struct msd_view *v,
			  const struct msd_out *out, bool sent)
{
	struct msd_packet pkt = {
		.request_id = (u64)smp_processor_id() << 48 |
			      this_cpu_inc_return(requests),
		.direction = MSD_DIRECTION_IN,
		.vlan_proto = ev->vlan_proto,
		.vlan_tci = ev->vlan_tci,
		.orig_len = ev->req_len,
	};
	u32 i;

	raise_packet(ev, &pkt, v->p, v->len);
	if (!sent)
		return;
	pkt.direction = MSD_DIRECTION_OUT;
	for (i = 0; i < out->nframes; i++) {
		const struct msd_frame *f = &out->frame[i];

		pkt.orig_len = f->len;
		raise_packet(ev, &pkt, out->buf.data + f->off, f->len);
	}
}

/*
 * What the reply says, from its frames: nothing that made them is asked again.
 * Between them there may be gaps.
 */
static void read_reply(struct msd_event *ev, const struct msd_out *out)
{
	u32 i;

	for (i = out->nframes; i--;) {
		const struct msd_frame *f = &out->frame[i];
		struct msd_event reply = {};

		read_frame(&reply, msd_view(out->buf.data + f->off, f->len), 0);
		ev->reply_len += f->len;
		ev->reply_tcp_flags |= reply.tcp_flags;
		ev->reply_seq = reply.seq;
		ev->reply_ack = reply.ack;
		ev->reply_window = reply.window;
		ev->reply_icmp_type = reply.icmp_type;
		ev->reply_icmp_code = reply.icmp_code;
	}
}

void msd_event_raise(const struct msd_iface *iface, const struct sk_buff *skb,
		     const struct msd_flow *flow, const struct msd_out *out,
		     enum msd_verdict v)
{
	const struct msd_iface_cfg *cfg = rcu_dereference(iface->cfg);
	bool sent = msd_is_answer(v);
	struct msd_event ev = {};
	struct msd_view frame;

	if (msd_is_pass(v))
		return;
	/* Not PASS_SHORT: so there is a link header, and this is the frame. */
	frame = msd_view(flow->l2, flow->end - flow->l2);
	set_head(&ev, iface, skb, sent ? flow->responder : MSD_NO_PROTO, v);
	if (trace_msd_packet_enabled())
		raise_packets(&ev, &frame, out, sent);
	read_frame(&ev, frame, cfg->snap);
	if (sent) {
		read_reply(&ev, out);
		trace_msd_answer(&ev);
	} else {
		trace_msd_drop(&ev);
	}
}
