/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the verdicts: counters, events and JSON all print these.
 */
#ifndef MSD_VERDICT_H
#define MSD_VERDICT_H

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
	LAST(MSD_DROP_XMIT, "drop-xmit")

#endif /* MSD_VERDICT_H */
