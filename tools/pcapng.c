// SPDX-License-Identifier: GPL-2.0-only
/* Writes the blocks of a pcapng file. */
#include <string.h>
#include "pcapng.h"

#define BLOCK_SECTION		0x0a0d0d0a
#define BLOCK_INTERFACE		1
#define BLOCK_STATISTICS	5
#define BLOCK_PACKET		6

#define BYTE_ORDER_MAGIC	0x1a2b3c4d
#define LINKTYPE_ETHERNET	1
#define TSRESOL_NANOSECONDS	9

#define OPT_END			0
#define OPT_COMMENT		1
#define SHB_OS			3
#define SHB_USERAPPL		4
#define IF_NAME			2
#define IF_TSRESOL		9
#define EPB_FLAGS		2
#define EPB_PACKETID		5
#define EPB_VERDICT		7
#define ISB_STARTTIME		2
#define ISB_ENDTIME		3
#define ISB_IFRECV		4
#define ISB_OSDROP		7
#define ISB_USRDELIV		8

#define EPB_INBOUND		1
#define EPB_OUTBOUND		2
#define VERDICT_XDP		2

#define MACS_LEN		12
#define TAG_LEN			4

static void put(struct pcapng_block *block, const void *data, size_t len)
{
	memcpy(block->data + block->len, data, len);
	block->len += len;
}

static void put_u16(struct pcapng_block *block, __u16 val)
{
	put(block, &val, sizeof(val));
}

static void put_u32(struct pcapng_block *block, __u32 val)
{
	put(block, &val, sizeof(val));
}

static void put_u64(struct pcapng_block *block, __u64 val)
{
	put(block, &val, sizeof(val));
}

/* A time is two words, the upper one first in either byte order. */
static void put_time(struct pcapng_block *block, __u64 time)
{
	put_u32(block, time >> 32);
	put_u32(block, time);
}

/* Everything in a block begins at a multiple of four bytes. */
static void pad(struct pcapng_block *block)
{
	while (block->len % 4)
		block->data[block->len++] = 0;
}

static void option(struct pcapng_block *block, __u16 code, const void *data,
		   __u16 len)
{
	put_u16(block, code);
	put_u16(block, len);
	put(block, data, len);
	pad(block);
}

/* Cut where a UTF-8 character begins. */
static void option_text(struct pcapng_block *block, __u16 code,
			const char *text)
{
	size_t len = text ? strnlen(text, PCAPNG_TEXT_MAX + 1) : 0;

	if (len > PCAPNG_TEXT_MAX)
		for (len = PCAPNG_TEXT_MAX; len && (text[len] & 0xc0) == 0x80;)
			len--;
	if (len)
		option(block, code, text, len);
}

static void option_u32(struct pcapng_block *block, __u16 code, __u32 val)
{
	option(block, code, &val, sizeof(val));
}

static void option_u64(struct pcapng_block *block, __u16 code, __u64 val)
{
	option(block, code, &val, sizeof(val));
}

static void option_time(struct pcapng_block *block, __u16 code, __u64 time)
{
	const __u32 words[] = { time >> 32, time };

	option(block, code, words, sizeof(words));
}

/* The length of the block stands at both its ends; it is known at the last. */
static void begin(struct pcapng_block *block, __u32 type)
{
	block->len = 0;
	put_u32(block, type);
	put_u32(block, 0);
}

static void finish(struct pcapng_block *block)
{
	__u32 len;

	put_u16(block, OPT_END);
	put_u16(block, 0);
	len = block->len + sizeof(len);
	put_u32(block, len);
	memcpy(block->data + sizeof(__u32), &len, sizeof(len));
}

void pcapng_section(struct pcapng_block *block, const char *os,
		    const char *app)
{
	begin(block, BLOCK_SECTION);
	put_u32(block, BYTE_ORDER_MAGIC);
	put_u16(block, 1); /* version 1.0 */
	put_u16(block, 0);
	put_u64(block, ~0ULL); /* length of the section: not known */
	option_text(block, SHB_OS, os);
	option_text(block, SHB_USERAPPL, app);
	finish(block);
}

void pcapng_interface(struct pcapng_block *block, const char *name)
{
	const __u8 resolution = TSRESOL_NANOSECONDS;

	begin(block, BLOCK_INTERFACE);
	put_u16(block, LINKTYPE_ETHERNET);
	put_u16(block, 0);
	put_u32(block, PCAPNG_FRAME_MAX + TAG_LEN);
	option_text(block, IF_NAME, name);
	option(block, IF_TSRESOL, &resolution, sizeof(resolution));
	finish(block);
}

/* The frame's bytes as they were on the wire, and their two lengths. */
static void put_frame(struct pcapng_block *block,
		      const struct pcapng_frame *frame)
{
	__u32 len = frame->len < PCAPNG_FRAME_MAX ? frame->len : PCAPNG_FRAME_MAX;
	__u32 head = frame->vlan_proto && len >= MACS_LEN ? MACS_LEN : 0;
	__u32 tag = head ? TAG_LEN : 0;
	const __u16 tci = frame->vlan_tci;
	const __u16 proto = frame->vlan_proto;
	const __u8 wire[TAG_LEN] = { proto >> 8, proto, tci >> 8, tci };

	put_u32(block, len + tag);
	put_u32(block, frame->orig_len + tag);
	put(block, frame->data, head);
	put(block, wire, tag);
	put(block, (const __u8 *)frame->data + head, len - head);
	pad(block);
}

static void option_verdict(struct pcapng_block *block,
			   enum pcapng_verdict verdict)
{
	const __u64 action = verdict;
	__u8 data[1 + sizeof(action)] = { VERDICT_XDP };

	memcpy(data + 1, &action, sizeof(action));
	option(block, EPB_VERDICT, data, sizeof(data));
}

void pcapng_packet(struct pcapng_block *block,
		   const struct pcapng_frame *frame)
{
	begin(block, BLOCK_PACKET);
	put_u32(block, frame->iface);
	put_time(block, frame->time);
	put_frame(block, frame);
	option_text(block, OPT_COMMENT, frame->comment);
	option_u32(block, EPB_FLAGS,
		   frame->outbound ? EPB_OUTBOUND : EPB_INBOUND);
	option_u64(block, EPB_PACKETID, frame->id);
	option_verdict(block, frame->verdict);
	finish(block);
}

void pcapng_statistics(struct pcapng_block *block,
		       const struct pcapng_stats *stats)
{
	begin(block, BLOCK_STATISTICS);
	put_u32(block, stats->iface);
	put_time(block, stats->end);
	option_text(block, OPT_COMMENT, stats->comment);
	option_time(block, ISB_STARTTIME, stats->start);
	option_time(block, ISB_ENDTIME, stats->end);
	option_u64(block, ISB_IFRECV, stats->received);
	option_u64(block, ISB_OSDROP, stats->dropped);
	option_u64(block, ISB_USRDELIV, stats->written);
	finish(block);
}
