/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shell on a device of the test's own, whose driver keeps what it is given.
 * Addresses, MACs, key and configuration are those of tests/unit/env.h.
 */
#ifndef MSD_KUNIT_RIG_H
#define MSD_KUNIT_RIG_H

#include <kunit/test.h>
#include <linux/skbuff.h>
#include "../../kmod/msd.h"
#include "../unit/frames.h"

/**
 * struct rig - the device
 * @dev: it; two transmit queues
 * @sent: what the driver was given
 * @busy: the driver takes nothing
 */
struct rig {
	struct net_device *dev;
	struct sk_buff_head sent;
	bool busy;
};

extern struct rig rig;

/* load.c */

/* kmod/main.c's load and unload. */
int rig_load(void);
void rig_unload(void);

/* rig.c */

/* For suite_init and suite_exit: the shell loaded, the device registered. */
int rig_up(struct kunit_suite *suite);
void rig_down(struct kunit_suite *suite);

/* A configuration with the own addresses of env.h; NULL without memory. */
struct msd_iface_cfg *rig_cfg(void);

/* For init and exit of a suite: the responder on the device. */
int rig_attach(struct kunit *test);
void rig_detach(struct kunit *test);

/* The same with a hook of choice. Return: 0 or a negative error. */
int rig_attach_via(enum msd_via via);

/* The interface, or NULL. */
struct msd_iface *rig_iface(void);

/* The frame a description makes, in an skb of its own. */
struct sk_buff *rig_skb(const struct pkt *p);

/* Receive a frame as from the driver, then flush what it drew. */
void rig_receive(struct sk_buff *skb);

/* Wait until no reply waits: a poll may have been left to ksoftirqd. */
void rig_settle(void);

/* Frames counted with a verdict. */
u64 rig_count(enum msd_verdict v);

/*
 * Register the array cases as a suite on the device; _begin and _end frame each
 * case: rig_attach and rig_detach, or what calls them.
 */
#define RIG_SUITE(_name, _begin, _end)		\
	static struct kunit_suite suite = {	\
		.name = _name,			\
		.suite_init = rig_up,		\
		.suite_exit = rig_down,		\
		.init = _begin,			\
		.exit = _end,			\
		.test_cases = cases,		\
	};					\
	kunit_test_suite(suite)

#endif /* MSD_KUNIT_RIG_H */
