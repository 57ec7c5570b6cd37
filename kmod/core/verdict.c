// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the verdicts: counters, events and JSON all print these.
 */
#include <linux/kernel.h>
#include <linux/build_bug.h>
#include "core.h"

static const char *const names[] = {
	[MSD_PASS_MAC] = "pass-mac",
	[MSD_PASS_ETHERTYPE] = "pass-ethertype",
	[MSD_PASS_TARGET] = "pass-target",
	[MSD_PASS_ADDRESS] = "pass-address",
	[MSD_PASS_SHORT] = "pass-short",
	[MSD_ANSWER_ARP] = "answer-arp",
	[MSD_ANSWER_ECHO] = "answer-echo",
	[MSD_ANSWER_NDISC] = "answer-ndisc",
	[MSD_ANSWER_ECHO6] = "answer-echo6",
	[MSD_ANSWER_SYNACK] = "answer-synack",
	[MSD_ANSWER_TCP] = "answer-tcp",
	[MSD_ANSWER_ACK] = "answer-ack",
	[MSD_ANSWER_FIN] = "answer-fin",
	[MSD_ANSWER_UDP] = "answer-udp",
	[MSD_DROP_SOURCE_MAC] = "drop-source-mac",
	[MSD_DROP_SOURCE] = "drop-source",
	[MSD_DROP_DENIED] = "drop-denied",
	[MSD_DROP_BROADCAST] = "drop-broadcast",
	[MSD_DROP_ARP] = "drop-arp",
	[MSD_DROP_IP_HEADER] = "drop-ip-header",
	[MSD_DROP_IP_CHECKSUM] = "drop-ip-checksum",
	[MSD_DROP_FRAGMENT] = "drop-fragment",
	[MSD_DROP_PROTOCOL] = "drop-protocol",
	[MSD_DROP_CHECKSUM] = "drop-checksum",
	[MSD_DROP_ICMP] = "drop-icmp",
	[MSD_DROP_NDISC] = "drop-ndisc",
	[MSD_DROP_TCP_HEADER] = "drop-tcp-header",
	[MSD_DROP_TCP_RST] = "drop-tcp-rst",
	[MSD_DROP_TCP_ACK] = "drop-tcp-ack",
	[MSD_DROP_TCP_FLAGS] = "drop-tcp-flags",
	[MSD_DROP_TCP_COOKIE] = "drop-tcp-cookie",
	[MSD_DROP_UDP_LENGTH] = "drop-udp-length",
	[MSD_DROP_UDP_SILENT] = "drop-udp-silent",
	[MSD_DROP_REPLY_SIZE] = "drop-reply-size",
	[MSD_DROP_FRAME_SIZE] = "drop-frame-size",
	[MSD_DROP_MEMORY] = "drop-memory",
	[MSD_DROP_XMIT] = "drop-xmit",
};

static_assert(ARRAY_SIZE(names) == __MSD_VERDICT_MAX);

const char *msd_verdict_name(enum msd_verdict v)
{
	return v < __MSD_VERDICT_MAX && names[v] ? names[v] : "unknown";
}
