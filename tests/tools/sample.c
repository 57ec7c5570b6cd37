// SPDX-License-Identifier: GPL-2.0-only
/* Write a capture file of every shape to standard output, for ./pcapng to read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/pcapng.h"

#define START	1700000000123456789ULL
#define END	1700000009000000001ULL

/* A TCP SYN to 192.0.2.129, checksums right; and one with a tag in the frame. */
static const __u8 syn[] = {
	0x52, 0x54, 0x00, 0x00, 0x00, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x50,
	0x08, 0x00, 0x45, 0x00, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06,
	0xb6, 0x1c, 0xc0, 0x00, 0x02, 0x32, 0xc0, 0x00, 0x02, 0x81, 0x30, 0x39,
	0x00, 0x50, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x50, 0x02,
	0xfa, 0xf0, 0xff, 0xb3, 0x00, 0x00,
};

static struct pcapng_block block;

static int put(void)
{
	return fwrite(block.data, block.len, 1, stdout) != 1;
}

/* One packet; what is not given is that of a dropped SYN. */
static int packet(struct pcapng_frame frame)
{
	static __u64 serial;

	frame.time = START + 1000000001ULL * serial++;
	if (!frame.data)
		frame.data = syn;
	if (!frame.len)
		frame.len = sizeof(syn);
	if (!frame.orig_len)
		frame.orig_len = frame.len;
	if (!frame.verdict)
		frame.verdict = PCAPNG_DROP;
	pcapng_packet(&block, &frame);
	return put();
}

static int packets(const __u8 *large, const char *text)
{
	int ret = 0;

	ret |= packet((struct pcapng_frame){ .id = 1, .verdict = PCAPNG_TX,
					     .comment = "answer-synack" });
	ret |= packet((struct pcapng_frame){ .id = 1, .verdict = PCAPNG_TX,
					     .outbound = true,
					     .comment = "answer-data http" });
	ret |= packet((struct pcapng_frame){ .id = ~0ULL, .vlan_proto = 0x8100,
					     .vlan_tci = 0x6064 });
	ret |= packet((struct pcapng_frame){ .iface = 1, .vlan_proto = 0x88a8,
					     .vlan_tci = 0xffff, .len = 53,
					     .orig_len = 54 });
	ret |= packet((struct pcapng_frame){ .data = large,
					     .len = 2 * PCAPNG_FRAME_MAX,
					     .orig_len = 65535,
					     .vlan_proto = 0x8100,
					     .vlan_tci = 1, .comment = text });
	/* too short for the MACs: the tag has no place */
	ret |= packet((struct pcapng_frame){ .len = 11, .vlan_proto = 0x8100,
					     .verdict = PCAPNG_PASS,
					     .comment = "" });
	return ret;
}

int main(void)
{
	const struct pcapng_stats stats = {
		.iface = 1, .start = START, .end = END, .received = 1ULL << 40,
		.dropped = 7, .written = (1ULL << 40) - 7, .comment = "seven lost",
	};
	__u8 *large = malloc(2 * PCAPNG_FRAME_MAX);
	/* longer than an option may be, cut inside a character of two bytes */
	char *text = calloc(1, 2 * PCAPNG_TEXT_MAX);
	int i, ret;

	if (!large || !text)
		return EXIT_FAILURE;
	memset(large, 0, 2 * PCAPNG_FRAME_MAX);
	for (i = 0; i < PCAPNG_TEXT_MAX; i++)
		text[i] = i % 2 ? 0xa9 : 0xc3;
	text[PCAPNG_TEXT_MAX] = 0xa9;
	pcapng_section(&block, "Linux 6.1", "msdctl 0");
	ret = put();
	pcapng_interface(&block, "eth0");
	ret |= put();
	pcapng_interface(&block, "v1");
	ret |= put();
	ret |= packets(large, text);
	pcapng_statistics(&block, &stats);
	ret |= put();
	free(large);
	free(text);
	return ret || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
