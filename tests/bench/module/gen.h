/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frame generator for the bench: what gen.c and frame.c share.
 */
#ifndef MSD_GEN_H
#define MSD_GEN_H

#include <linux/atomic.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/wait.h>

/* Clients are 198.51.100.1 to .254, each with ports from 1024 up. */
#define MSD_GEN_CLIENTS 254
#define MSD_GEN_PORTS 64512
#define MSD_GEN_FLOWS_MAX (MSD_GEN_CLIENTS * MSD_GEN_PORTS)

/* Flows whose initial sequence number is remembered at a time. */
#define MSD_GEN_CHUNK 65536

/**
 * enum msd_gen_kind - requests
 * @MSD_GEN_ARP: ARP request
 * @MSD_GEN_ECHO: ICMP echo request, IP packet of 84 bytes
 * @MSD_GEN_SYN: SYN, TCP header of 40 bytes
 * @MSD_GEN_HTTP: HTTP request on a connection whose SYN-ACK was seen
 * @MSD_GEN_PART: the first half of one; draws a bare ACK
 * @MSD_GEN_STUN: STUN Binding request over UDP
 * @MSD_GEN_PAYLOAD: 64 bytes over UDP, different in each, that are no protocol
 * @MSD_GEN_NKINDS: how many there are
 */
enum msd_gen_kind {
	MSD_GEN_ARP,
	MSD_GEN_ECHO,
	MSD_GEN_SYN,
	MSD_GEN_HTTP,
	MSD_GEN_PART,
	MSD_GEN_STUN,
	MSD_GEN_PAYLOAD,
	MSD_GEN_NKINDS,
};

/**
 * struct msd_gen_job - one request to generate frames
 * @dev: device the frames are sent on and the replies come in by
 * @kind: what is being sent now
 * @dmac: destination MAC address
 * @base: first flow whose sequence number is in @isn
 * @isn: our peer's initial sequence numbers, MSD_GEN_CHUNK of them
 * @sent: frames sent since the counters were last cleared
 * @answered: right replies since then
 * @other: any other frame received since then
 * @want: wake @waitq when @answered gets here
 * @waitq: where the sender waits
 */
struct msd_gen_job {
	struct net_device *dev;
	enum msd_gen_kind kind;
	u8 dmac[ETH_ALEN];
	u32 base;
	u32 *isn;
	u32 sent;
	atomic_t answered;
	atomic_t other;
	u32 want;
	wait_queue_head_t waitq;
};

/**
 * msd_gen_frame() - build a request
 * @job: says what kind
 * @flow: which client
 *
 * Return: the frame, ready for the device, or NULL without memory.
 */
struct sk_buff *msd_gen_frame(const struct msd_gen_job *job, u32 flow);

/**
 * msd_gen_is_answer() - is a frame the right reply to what is being sent?
 * @job: says what is; @job->isn learns the sequence number of a SYN-ACK
 * @skb: received frame, data at its network header
 */
bool msd_gen_is_answer(struct msd_gen_job *job, struct sk_buff *skb);

#endif /* MSD_GEN_H */
