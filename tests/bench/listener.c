// SPDX-License-Identifier: GPL-2.0-only
/*
 * Competitor of the bench: a TCP socket that listens and never accepts, on the
 * port given. Prints "ready" when it listens; ends by a signal.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: listener PORT\n");
		return 2;
	}
	at.sin_port = htons(atoi(argv[1]));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(fd, 1024)) {
		perror("listener");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
