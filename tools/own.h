/* SPDX-License-Identifier: GPL-2.0-only */
/* The own MAC of an interface, asked of the module when it is wanted. */
#ifndef MSDCTL_OWN_H
#define MSDCTL_OWN_H

#include "model.h"

/**
 * struct own - what the module said last
 * @ifaces: interfaces of this network namespace; @n of them
 * @n: how many
 * @asked: CLOCK_MONOTONIC in seconds, when; 0: never
 */
struct own {
	struct iface_info *ifaces;
	size_t n;
	__u64 asked;
};

/**
 * own_mac() - own MAC of an interface
 * @own: zeroed before the first call. The answer may be a second old
 * @ifindex: the interface
 *
 * Return: six bytes, valid until the next call; NULL when it is not known.
 */
const __u8 *own_mac(struct own *own, __u32 ifindex);

/**
 * own_free() - forget it
 * @own: the answers
 */
void own_free(struct own *own);

#endif /* MSDCTL_OWN_H */
