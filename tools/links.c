// SPDX-License-Identifier: GPL-2.0-only
/* Names and numbers of network devices, asked over rtnetlink. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/stat.h>
#include <net/if.h>
#include "links.h"

struct mnl_socket *links_open(struct err *err)
{
	struct mnl_socket *links;

	links = mnl_socket_open2(NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (links && !mnl_socket_bind(links, RTMGRP_LINK, MNL_SOCKET_AUTOPID))
		return links;
	err_set(err, "netlink: %s", strerror(errno));
	if (links)
		mnl_socket_close(links);
	return NULL;
}

void links_drain(struct mnl_socket *links)
{
	char buf[8192];

	while (mnl_socket_recvfrom(links, buf, sizeof(buf)) > 0 ||
	       errno == ENOBUFS)
		errno = 0;
}

bool link_exists(__u32 ifindex)
{
	char name[IF_NAMESIZE];

	return if_indextoname(ifindex, name) || errno != ENXIO;
}

__u32 own_netns(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : st.st_ino;
}
