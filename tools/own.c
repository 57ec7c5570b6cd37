// SPDX-License-Identifier: GPL-2.0-only
/*
 * MAC addresses of the attached interfaces, for the log's lines about replies.
 */
#include <time.h>
#include "netlink.h"
#include "own.h"

static const __u8 *find(const struct own *own, __u32 ifindex)
{
	size_t i;

	for (i = 0; i < own->n; i++)
		if (own->ifaces[i].ifindex == ifindex)
			return own->ifaces[i].mac;
	return NULL;
}

/* What is no longer attached keeps its last answer: it had it when it spoke. */
static void ask(struct own *own, __u32 ifindex)
{
	struct own fresh = { .asked = own->asked };
	struct err ignored;
	struct nl nl;
	int ret;

	if (nl_open(&nl, &ignored))
		return;
	ret = nl_get_ifaces(&nl, MSD_CMD_IFACE_GET, 0, &fresh.ifaces, &fresh.n,
			    &ignored);
	nl_close(&nl);
	if (ret)
		return;
	if (find(&fresh, ifindex)) {
		own_free(own);
		*own = fresh;
	} else {
		own_free(&fresh);
	}
}

const __u8 *own_mac(struct own *own, __u32 ifindex)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (own->asked != (__u64)now.tv_sec) {
		own->asked = now.tv_sec;
		ask(own, ifindex);
	}
	return find(own, ifindex);
}

void own_free(struct own *own)
{
	iface_info_free(own->ifaces, own->n);
	*own = (struct own){ .asked = 0 };
}
