/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the verdicts, which counters, events and JSON all print, and their
 * classes.
 */
#ifndef MSD_VERDICT_H
#define MSD_VERDICT_H

#include <linux/kmasscanned.h>

/*
 * One ROW(verdict, name) each, in the order of the enum; the last one is LAST(),
 * for lists that may not end in a comma.
 */
#define MSD_VERDICT_NAMES(ROW, LAST)				\
	ROW(MSD_PASS_MAC, "pass-mac")				\
	ROW(MSD_PASS_ETHERTYPE, "pass-ethertype")		\
	ROW(MSD_PASS_TARGET, "pass-target")			\
	ROW(MSD_PASS_ADDRESS, "pass-address")			\
	ROW(MSD_PASS_SHORT, "pass-short")			\
	ROW(MSD_ANSWER_ARP, "answer-arp")			\
	ROW(MSD_ANSWER_ECHO, "answer-echo")			\
	ROW(MSD_ANSWER_NDISC, "answer-ndisc")			\
	ROW(MSD_ANSWER_ECHO6, "answer-echo6")			\
	ROW(MSD_ANSWER_SYNACK, "answer-synack")			\
	ROW(MSD_ANSWER_TCP, "answer-tcp")			\
	ROW(MSD_ANSWER_ACK, "answer-ack")			\
	ROW(MSD_ANSWER_FIN, "answer-fin")			\
	ROW(MSD_ANSWER_UDP, "answer-udp")			\
	ROW(MSD_DROP_SOURCE_MAC, "drop-source-mac")		\
	ROW(MSD_DROP_SOURCE, "drop-source")			\
	ROW(MSD_DROP_DENIED, "drop-denied")			\
	ROW(MSD_DROP_BROADCAST, "drop-broadcast")		\
	ROW(MSD_DROP_ARP, "drop-arp")				\
	ROW(MSD_DROP_IP_HEADER, "drop-ip-header")		\
	ROW(MSD_DROP_IP_CHECKSUM, "drop-ip-checksum")		\
	ROW(MSD_DROP_FRAGMENT, "drop-fragment")			\
	ROW(MSD_DROP_PROTOCOL, "drop-protocol")			\
	ROW(MSD_DROP_CHECKSUM, "drop-checksum")			\
	ROW(MSD_DROP_ICMP, "drop-icmp")				\
	ROW(MSD_DROP_NDISC, "drop-ndisc")			\
	ROW(MSD_DROP_TCP_HEADER, "drop-tcp-header")		\
	ROW(MSD_DROP_TCP_RST, "drop-tcp-rst")			\
	ROW(MSD_DROP_TCP_ACK, "drop-tcp-ack")			\
	ROW(MSD_DROP_TCP_FLAGS, "drop-tcp-flags")		\
	ROW(MSD_DROP_TCP_COOKIE, "drop-tcp-cookie")		\
	ROW(MSD_DROP_UDP_LENGTH, "drop-udp-length")		\
	ROW(MSD_DROP_UDP_SILENT, "drop-udp-silent")		\
	ROW(MSD_DROP_REPLY_SIZE, "drop-reply-size")		\
	ROW(MSD_DROP_FRAME_SIZE, "drop-frame-size")		\
	ROW(MSD_DROP_MEMORY, "drop-memory")			\
	ROW(MSD_DROP_XMIT, "drop-xmit")				\
	ROW(MSD_PASS_DHCP, "pass-dhcp")				\
	ROW(MSD_PASS_DAD, "pass-dad")				\
	LAST(MSD_PASS_VLAN, "pass-vlan")

/**
 * enum msd_class - what a verdict does with the frame
 * @MSD_CLASS_PASS: the host's stack gets it
 * @MSD_CLASS_ANSWER: consumed, a reply goes out
 * @MSD_CLASS_DROP: consumed in silence
 */
enum msd_class {
	MSD_CLASS_PASS,
	MSD_CLASS_ANSWER,
	MSD_CLASS_DROP,
};

/**
 * msd_class() - class of a verdict
 * @v: the verdict; what is none counts as dropped
 *
 * New verdicts stand at the end of the enum, so its order tells nothing.
 */
static inline enum msd_class msd_class(enum msd_verdict v)
{
	switch (v) {
	case MSD_PASS_MAC:
	case MSD_PASS_ETHERTYPE:
	case MSD_PASS_TARGET:
	case MSD_PASS_ADDRESS:
	case MSD_PASS_SHORT:
	case MSD_PASS_DHCP:
	case MSD_PASS_DAD:
	case MSD_PASS_VLAN:
		return MSD_CLASS_PASS;
	case MSD_ANSWER_ARP:
	case MSD_ANSWER_ECHO:
	case MSD_ANSWER_NDISC:
	case MSD_ANSWER_ECHO6:
	case MSD_ANSWER_SYNACK:
	case MSD_ANSWER_TCP:
	case MSD_ANSWER_ACK:
	case MSD_ANSWER_FIN:
	case MSD_ANSWER_UDP:
		return MSD_CLASS_ANSWER;
	default:
		return MSD_CLASS_DROP;
	}
}

#endif /* MSD_VERDICT_H */
