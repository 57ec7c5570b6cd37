/* SPDX-License-Identifier: GPL-2.0-only */
/* Does a network device still exist? Without asking again and again. */
#ifndef MSDCTL_LINKS_H
#define MSDCTL_LINKS_H

#include <stdbool.h>
#include <libmnl/libmnl.h>
#include <linux/types.h>
#include "err.h"

/**
 * links_open() - a socket that becomes readable when devices change
 * @err: why not
 *
 * Return: the socket, or NULL.
 */
struct mnl_socket *links_open(struct err *err);

/**
 * links_drain() - read what it has, so that it waits again
 * @links: the socket
 *
 * What the messages say does not matter, and some may have been lost: look
 * with link_exists() for yourself.
 */
void links_drain(struct mnl_socket *links);

/**
 * link_exists() - is the device in this network namespace?
 * @ifindex: its index
 *
 * Return: true when it is.
 */
bool link_exists(__u32 ifindex);

/**
 * own_netns() - which network namespace are we in?
 *
 * Return: its inode number; 0 when it cannot be told.
 */
__u32 own_netns(void);

#endif /* MSDCTL_LINKS_H */
