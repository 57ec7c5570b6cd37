/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reply parser and judge. Shares nothing with the core: every length and
 * checksum is worked out anew, slowly.
 */
#ifndef MSD_PARSE_H
#define MSD_PARSE_H

#include "env.h"

/**
 * struct reply - a frame of ours, taken apart
 * @dmac: destination MAC
 * @smac: source MAC
 * @ethertype: behind the tags
 * @l2_len: length of the link header with its tags
 * @family: 4, 6, or 0 for ARP
 * @saddr: source address (ARP: sender)
 * @daddr: destination address (ARP: target)
 * @tos: type of service or traffic class
 * @ttl: or hop limit
 * @proto: transport protocol
 * @sport: source port; ICMP: type
 * @dport: destination port; ICMP: code
 * @seq: sequence number
 * @ack: acknowledgment number
 * @flags: TCP flags
 * @window: TCP window
 * @opt: TCP options
 * @opt_len: their length
 * @data: payload; ICMP: behind the checksum; ARP: the whole packet
 * @len: its length
 */
struct reply {
	u8 dmac[ETH_ALEN];
	u8 smac[ETH_ALEN];
	u16 ethertype;
	u32 l2_len;
	u8 family;
	struct in6_addr saddr;
	struct in6_addr daddr;
	u8 tos;
	u8 ttl;
	u8 proto;
	u16 sport;
	u16 dport;
	u32 seq;
	u32 ack;
	u8 flags;
	u16 window;
	const u8 *opt;
	u32 opt_len;
	const u8 *data;
	u32 len;
};

/**
 * reply_parse() - take a frame apart
 * @p: the frame
 * @len: its length
 * @r: receives the parts
 *
 * Return: NULL, or what is wrong with it.
 */
const char *reply_parse(const u8 *p, u32 len, struct reply *r);

/**
 * reply_judge() - does an answer keep to the rules of the house?
 * @ctx: what the core was given
 * @frame: the request
 * @verdict: what it said
 * @out: what it built
 *
 * Whatever the request: a verdict in range; frames exactly with an answer, all
 * within the buffer and the MTU; sent to the MAC that asked, from ours, with
 * the same tags; right headers, lengths and checksums; from an own unicast
 * address and never to a group, save the advertisement that answers a
 * duplicate address probe.
 *
 * Return: NULL, or what is wrong.
 */
const char *reply_judge(const struct msd_ctx *ctx, struct msd_view frame,
			enum msd_verdict verdict, const struct msd_out *out);

/* Does the verdict promise a reply? */
bool verdict_answers(enum msd_verdict v);

#endif /* MSD_PARSE_H */
