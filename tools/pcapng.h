/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Write a capture file: draft-ietf-opsawg-pcapng, one section, native byte
 * order, Ethernet, times in nanoseconds since 1970. Knows no kernel and no
 * clock. A block is put together in memory and written whole, so a reader of
 * a pipe never waits inside one, and a file that a signal cut short ends
 * between two blocks. Write errors are sticky: ferror() of the stream.
 */
#ifndef MSDCTL_PCAPNG_H
#define MSDCTL_PCAPNG_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

/* Frame bytes kept of one packet; what is longer is cut here, too. */
#define PCAPNG_FRAME_MAX 4096
/* Longest text of an option; what is longer is cut. */
#define PCAPNG_TEXT_MAX 255

/**
 * enum pcapng_verdict - epb_verdict, as of an XDP program (<linux/bpf.h>)
 * @PCAPNG_DROP: XDP_DROP, the frame was consumed and nothing was sent
 * @PCAPNG_PASS: XDP_PASS, the frame went on to the host's stack
 * @PCAPNG_TX: XDP_TX, a reply left by the device the frame came in on
 */
enum pcapng_verdict {
	PCAPNG_DROP = 1,
	PCAPNG_PASS = 2,
	PCAPNG_TX = 3,
};

/**
 * struct pcapng_frame - one packet
 * @iface: number of its interface, counted from 0 in the order they were
 *	described
 * @time: nanoseconds since 1970
 * @data: the frame from its destination MAC on, without the tag below
 * @len: bytes at @data
 * @orig_len: bytes the frame had on the wire, without the tag below; more
 *	than @len when it was cut
 * @vlan_proto: EtherType of the VLAN tag that hardware took off, host byte
 *	order, or 0. It is put back behind the MACs
 * @vlan_tci: the tag's priority, DEI and VLAN id, host byte order
 * @outbound: sent, else received
 * @verdict: what became of it
 * @id: the same for a request and its replies
 * @comment: UTF-8 for a person, or NULL
 */
struct pcapng_frame {
	__u32 iface;
	__u64 time;
	const void *data;
	__u32 len;
	__u32 orig_len;
	__u16 vlan_proto;
	__u16 vlan_tci;
	bool outbound;
	enum pcapng_verdict verdict;
	__u64 id;
	const char *comment;
};

/**
 * struct pcapng_stats - an interface at the end of the capture
 * @iface: number of the interface
 * @start: when the capture began, nanoseconds since 1970
 * @end: when it ended
 * @received: packets the capture was offered, those lost included
 * @dropped: of these, lost for want of room between kernel and program
 * @written: packets in the file
 * @comment: UTF-8 for a person, or NULL
 */
struct pcapng_stats {
	__u32 iface;
	__u64 start;
	__u64 end;
	__u64 received;
	__u64 dropped;
	__u64 written;
	const char *comment;
};

/**
 * pcapng_section() - write the Section Header Block
 * @to: stream
 * @os: operating system
 * @app: program that writes
 *
 * Return: 0, or -1 when the stream has failed.
 */
int pcapng_section(FILE *to, const char *os, const char *app);

/**
 * pcapng_interface() - write an Interface Description Block
 * @to: stream
 * @name: name of the device
 *
 * Return: 0, or -1 when the stream has failed.
 */
int pcapng_interface(FILE *to, const char *name);

/**
 * pcapng_packet() - write an Enhanced Packet Block
 * @to: stream
 * @frame: the packet; its interface has been described before
 *
 * Return: 0, or -1 when the stream has failed.
 */
int pcapng_packet(FILE *to, const struct pcapng_frame *frame);

/**
 * pcapng_statistics() - write an Interface Statistics Block
 * @to: stream
 * @stats: numbers of one interface
 *
 * Return: 0, or -1 when the stream has failed.
 */
int pcapng_statistics(FILE *to, const struct pcapng_stats *stats);

#endif /* MSDCTL_PCAPNG_H */
