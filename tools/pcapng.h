/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The blocks of a capture file: draft-ietf-opsawg-pcapng, one section, native
 * byte order, Ethernet, times in nanoseconds since 1970. Makes bytes; knows no
 * kernel, no clock and no file.
 */
#ifndef MSDCTL_PCAPNG_H
#define MSDCTL_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* Frame bytes kept of one packet; what is longer is cut here, too. */
#define PCAPNG_FRAME_MAX 4096
/* Longest text of an option; what is longer is cut. */
#define PCAPNG_TEXT_MAX 255
/* Longest block: such a frame with a tag, such a text, and the fixed parts. */
#define PCAPNG_BLOCK_MAX (PCAPNG_FRAME_MAX + PCAPNG_TEXT_MAX + 256)

/**
 * struct pcapng_block - a block of the file
 * @len: bytes of it
 * @data: the bytes, to be written as they are
 */
struct pcapng_block {
	size_t len;
	__u8 data[PCAPNG_BLOCK_MAX];
};

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
 * pcapng_section() - the Section Header Block, which begins the file
 * @block: out
 * @os: operating system
 * @app: program that writes
 */
void pcapng_section(struct pcapng_block *block, const char *os,
		    const char *app);

/**
 * pcapng_interface() - an Interface Description Block
 * @block: out
 * @name: name of the device
 */
void pcapng_interface(struct pcapng_block *block, const char *name);

/**
 * pcapng_packet() - an Enhanced Packet Block
 * @block: out
 * @frame: the packet; its interface has been described before
 */
void pcapng_packet(struct pcapng_block *block,
		   const struct pcapng_frame *frame);

/**
 * pcapng_statistics() - an Interface Statistics Block
 * @block: out
 * @stats: numbers of one interface
 */
void pcapng_statistics(struct pcapng_block *block,
		       const struct pcapng_stats *stats);

#endif /* MSDCTL_PCAPNG_H */
