/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: tracepoints of the system kmasscanned. doc/events.md has the fields.
 * Scalars are in host byte order; addresses are struct sockaddr_in or
 * sockaddr_in6 as event.h fills them; what a frame has not is zero.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kmasscanned

#if !defined(MSD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MSD_TRACE_H

#include <linux/tracepoint.h>
#include "compat.h"
#include "core/verdict.h"

/* Names of the verdicts for those who read the buffer raw. */
#define MSD_VERDICT_ENUM(verdict, name) TRACE_DEFINE_ENUM(verdict);
#define MSD_VERDICT_PAIR(verdict, name) { verdict, name },
#define MSD_VERDICT_LAST(verdict, name) { verdict, name }

MSD_VERDICT_NAMES(MSD_VERDICT_ENUM, MSD_VERDICT_ENUM)

#define msd_show_verdict(v)						\
	__print_symbolic(v, MSD_VERDICT_NAMES(MSD_VERDICT_PAIR,		\
					      MSD_VERDICT_LAST))

/* One record for each frame with a final verdict. */
DECLARE_EVENT_CLASS(msd_frame,

	TP_PROTO(const struct msd_event *ev),

	TP_ARGS(ev),

	TP_STRUCT__entry(
		__field(__u32, netns)
		__field(__u32, ifindex)
		__string(dev, ev->dev)
		__string(responder_name, ev->responder_name)
		__field(__u32, req_len)
		__field(__u32, reply_len)
		__field(__u16, family)
		__field(__u16, ethertype)
		__field(__u16, vlan_proto)
		__field(__u16, vlan_tci)
		__array(__u8, saddr, MSD_SOCKADDR_LEN)
		__array(__u8, daddr, MSD_SOCKADDR_LEN)
		__array(__u8, nd_target, MSD_ADDR6_LEN)
		__array(__u8, smac, ETH_ALEN)
		__array(__u8, dmac, ETH_ALEN)
		__field(__u32, seq)
		__field(__u32, ack)
		__field(__u32, payload_len)
		__field(__u16, arp_op)
		__field(__u16, ip_id)
		__field(__u16, sport)
		__field(__u16, dport)
		__field(__u16, window)
		__field(__u8, verdict)
		__field(__u8, responder)
		__field(__u8, protocol)
		__field(__u8, hop_limit)
		__field(__u8, icmp_type)
		__field(__u8, icmp_code)
		__field(__u8, tcp_flags)
		__dynamic_array(__u8, tcp_options, ev->options.len)
		__dynamic_array(__u8, payload, ev->payload.len)
		__field(__u32, reply_seq)
		__field(__u32, reply_ack)
		__field(__u16, reply_window)
		__field(__u8, reply_tcp_flags)
		__field(__u8, reply_icmp_type)
		__field(__u8, reply_icmp_code)
	),

	TP_fast_assign(
		__entry->netns = ev->netns;
		__entry->ifindex = ev->ifindex;
		msd_assign_str(dev, ev->dev);
		msd_assign_str(responder_name, ev->responder_name);
		__entry->req_len = ev->req_len;
		__entry->reply_len = ev->reply_len;
		__entry->family = ev->family;
		__entry->ethertype = ev->ethertype;
		__entry->vlan_proto = ev->vlan_proto;
		__entry->vlan_tci = ev->vlan_tci;
		memcpy(__entry->saddr, &ev->saddr, MSD_SOCKADDR_LEN);
		memcpy(__entry->daddr, &ev->daddr, MSD_SOCKADDR_LEN);
		memcpy(__entry->nd_target, &ev->nd_target, MSD_ADDR6_LEN);
		memcpy(__entry->smac, ev->smac, ETH_ALEN);
		memcpy(__entry->dmac, ev->dmac, ETH_ALEN);
		__entry->seq = ev->seq;
		__entry->ack = ev->ack;
		__entry->payload_len = ev->payload_len;
		__entry->arp_op = ev->arp_op;
		__entry->ip_id = ev->ip_id;
		__entry->sport = ntohs(ev->saddr.in.sin_port);
		__entry->dport = ntohs(ev->daddr.in.sin_port);
		__entry->window = ev->window;
		__entry->verdict = ev->verdict;
		__entry->responder = ev->responder;
		__entry->protocol = ev->protocol;
		__entry->hop_limit = ev->hop_limit;
		__entry->icmp_type = ev->icmp_type;
		__entry->icmp_code = ev->icmp_code;
		__entry->tcp_flags = ev->tcp_flags;
		memcpy(__get_dynamic_array(tcp_options), ev->options.p,
		       ev->options.len);
		memcpy(__get_dynamic_array(payload), ev->payload.p,
		       ev->payload.len);
		__entry->reply_seq = ev->reply_seq;
		__entry->reply_ack = ev->reply_ack;
		__entry->reply_window = ev->reply_window;
		__entry->reply_tcp_flags = ev->reply_tcp_flags;
		__entry->reply_icmp_type = ev->reply_icmp_type;
		__entry->reply_icmp_code = ev->reply_icmp_code;
	),

	TP_printk("verdict=%s responder=%s dev=%s ifindex=%u netns=%u smac=%pM dmac=%pM vlan_proto=0x%04x vlan_tci=0x%04x ethertype=0x%04x saddr=%pISpc daddr=%pISpc protocol=%u ip_id=%u hop_limit=%u icmp_type=%u icmp_code=%u arp_op=%u nd_target=%pI6c tcp_flags=0x%02x seq=%u ack=%u window=%u tcp_options=[%s] req_len=%u reply_len=%u payload_len=%u payload=[%s] reply_tcp_flags=0x%02x reply_seq=%u reply_ack=%u reply_window=%u reply_icmp_type=%u reply_icmp_code=%u",
		  msd_show_verdict(__entry->verdict),
		  __get_str(responder_name), __get_str(dev),
		  __entry->ifindex, __entry->netns,
		  __entry->smac, __entry->dmac,
		  __entry->vlan_proto, __entry->vlan_tci, __entry->ethertype,
		  __entry->saddr, __entry->daddr,
		  __entry->protocol, __entry->ip_id, __entry->hop_limit,
		  __entry->icmp_type, __entry->icmp_code, __entry->arp_op,
		  __entry->nd_target, __entry->tcp_flags,
		  __entry->seq, __entry->ack, __entry->window,
		  __print_hex_str(__get_dynamic_array(tcp_options),
				  __get_dynamic_array_len(tcp_options)),
		  __entry->req_len, __entry->reply_len, __entry->payload_len,
		  __print_hex_str(__get_dynamic_array(payload),
				  __get_dynamic_array_len(payload)),
		  __entry->reply_tcp_flags, __entry->reply_seq,
		  __entry->reply_ack, __entry->reply_window,
		  __entry->reply_icmp_type, __entry->reply_icmp_code)
);

/* The frame drew a reply, which is about to leave. */
DEFINE_EVENT(msd_frame, msd_answer,
	TP_PROTO(const struct msd_event *ev),
	TP_ARGS(ev)
);

/* The frame was consumed in silence. */
DEFINE_EVENT(msd_frame, msd_drop,
	TP_PROTO(const struct msd_event *ev),
	TP_ARGS(ev)
);

/* The bytes of a frame that was answered or dropped, and of its replies. */
TRACE_EVENT(msd_packet,

	TP_PROTO(const struct msd_event *ev, const struct msd_packet *pkt),

	TP_ARGS(ev, pkt),

	TP_STRUCT__entry(
		__field(__u64, request_id)
		__field(__u32, netns)
		__field(__u32, ifindex)
		__field(__u32, orig_len)
		__string(dev, ev->dev)
		__string(responder_name, ev->responder_name)
		__field(__u16, vlan_proto)
		__field(__u16, vlan_tci)
		__field(__u8, direction)
		__field(__u8, verdict)
		__field(__u8, responder)
		__dynamic_array(__u8, frame, pkt->frame.len)
	),

	TP_fast_assign(
		__entry->request_id = pkt->request_id;
		__entry->netns = ev->netns;
		__entry->ifindex = ev->ifindex;
		__entry->orig_len = pkt->orig_len;
		msd_assign_str(dev, ev->dev);
		msd_assign_str(responder_name, ev->responder_name);
		__entry->vlan_proto = pkt->vlan_proto;
		__entry->vlan_tci = pkt->vlan_tci;
		__entry->direction = pkt->direction;
		__entry->verdict = ev->verdict;
		__entry->responder = ev->responder;
		memcpy(__get_dynamic_array(frame), pkt->frame.p,
		       pkt->frame.len);
	),

	TP_printk("direction=%s request_id=%llu verdict=%s responder=%s dev=%s ifindex=%u netns=%u vlan_proto=0x%04x vlan_tci=0x%04x orig_len=%u frame_len=%u",
		  __print_symbolic(__entry->direction,
				   { MSD_DIRECTION_IN, "in" },
				   { MSD_DIRECTION_OUT, "out" }),
		  __entry->request_id, msd_show_verdict(__entry->verdict),
		  __get_str(responder_name), __get_str(dev),
		  __entry->ifindex, __entry->netns,
		  __entry->vlan_proto, __entry->vlan_tci, __entry->orig_len,
		  __get_dynamic_array_len(frame))
);

#endif /* MSD_TRACE_H */

/* Out of tree: Kbuild adds the folder that holds this one to the path. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH kmod
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
