// SPDX-License-Identifier: GPL-2.0-only
/*
 * frames DEVICE TIMES: send each frame of standard input so many times
 *
 * Input: one frame a line, in hexadecimal. A line is sent TIMES times before
 * the next. Output: the number of frames sent. What comes back is received and
 * not read before the end, so that its memory cannot be used again at once.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define FRAME_MAX 2000
#define ROOM (64 * 1024 * 1024)

static size_t parse(const char *line, unsigned char *frame)
{
	size_t n = 0;

	while (n < FRAME_MAX && sscanf(line + 2 * n, "%2hhx", &frame[n]) == 1)
		n++;
	return n;
}

/* Return: a socket that keeps what the device receives, not what it sends. */
static int open_socket(struct sockaddr_ll *addr)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;
	int room = ROOM;

	if (fd < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)addr, sizeof(*addr))) {
		perror("frames: packet socket");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_ALL) };
	unsigned char frame[FRAME_MAX];
	char line[2 * FRAME_MAX + 2];
	unsigned long sent = 0;
	int fd, i, times;
	size_t len;

	to.sll_ifindex = argc == 3 ? if_nametoindex(argv[1]) : 0;
	if (!to.sll_ifindex) {
		fputs("frames: usage: frames DEVICE TIMES <HEX\n", stderr);
		return 2;
	}
	times = atoi(argv[2]);
	fd = open_socket(&to);
	while (fgets(line, sizeof(line), stdin)) {
		len = parse(line, frame);
		for (i = 0; i < times; i++) {
			if (send(fd, frame, len, 0) < 0) {
				perror("frames: send");
				return 1;
			}
			sent++;
		}
	}
	printf("%lu\n", sent);
	return 0;
}
