// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets, and the requests that are not fuzzed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "fuzz.h"

#define ROOM 8192

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static void give_up(const char *what)
{
	fprintf(stderr, "netfuzz: %s: %s\n", what, strerror(errno));
	exit(2);
}

int socket_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int on = 1, room = 4 << 20;

	if (fd < 0)
		give_up("socket");
	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		give_up("setsockopt");
	/* Somebody unprivileged has to do with less. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	return fd;
}

struct nlmsghdr *request(void *buf, uint16_t family, uint16_t flags, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = flags;
	genl->cmd = cmd;
	genl->version = MSD_GENL_VERSION;
	return nlh;
}

/* Send a request; the first message that comes is in @buf. */
static void ask(int fd, const struct nlmsghdr *nlh, void *buf)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (sendto(fd, nlh, nlh->nlmsg_len, 0, (void *)&kernel, sizeof(kernel)) < 0)
		give_up("sendto");
	if (recv(fd, buf, ROOM, 0) < (ssize_t)sizeof(struct nlmsgerr))
		give_up("recv");
}

uint16_t family_id(void)
{
	uint8_t buf[ROOM] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = request(buf, GENL_ID_CTRL, NLM_F_REQUEST, CTRL_CMD_GETFAMILY);
	const struct nlattr *attr;
	int fd = socket_open();

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, MSD_GENL_NAME);
	ask(fd, nlh, buf);
	close(fd);
	if (nlh->nlmsg_type == GENL_ID_CTRL)
		mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
			if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
				return mnl_attr_get_u16(attr);
	errno = ENOENT;
	give_up("family " MSD_GENL_NAME);
	return 0;
}

int begin_edit(int fd, uint16_t family)
{
	uint8_t buf[ROOM] __attribute__((aligned(8)));
	const struct nlmsgerr *end;

	ask(fd, request(buf, family, NLM_F_REQUEST | NLM_F_ACK, MSD_CMD_EDIT_BEGIN), buf);
	end = mnl_nlmsg_get_payload((struct nlmsghdr *)buf);
	return end->error;
}

unsigned int crowd_open(uint16_t family, int *fd)
{
	unsigned int i, begun = 0;
	int err;

	for (i = 0; i < EDITS_MAX; i++) {
		fd[i] = socket_open();
		err = begin_edit(fd[i], family);
		begun += !err;
		if (err && err != -EBUSY) {
			printf("# finding: the begin of an edit drew %d\n", err);
			exit(1);
		}
	}
	return begun;
}

void crowd_close(const int *fd)
{
	unsigned int i;

	for (i = 0; i < EDITS_MAX; i++)
		close(fd[i]);
}
