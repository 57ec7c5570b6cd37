/* SPDX-License-Identifier: GPL-2.0-only */
/* A netlink socket of the test's own, to speak to the family as msdctl does. */
#ifndef MSD_KUNIT_NETLINK_H
#define MSD_KUNIT_NETLINK_H

#include <kunit/test.h>
#include <linux/types.h>

#define NL_ATTRS 4

/**
 * struct nl_attr - an attribute of a request
 * @type: of it; 0: none
 * @len: of its payload
 * @data: payload
 */
struct nl_attr {
	u16 type;
	u16 len;
	const void *data;
};

/**
 * struct nl_answer - what a request drew
 * @err: 0 or a negative error
 * @replies: messages before the end
 * @said: the refusal's sentence; empty: none
 */
struct nl_answer {
	int err;
	unsigned int replies;
	char said[128];
};

/* Open the socket. Return: 0 or a negative error. */
int nl_open(void);

/* Close it, and with it its edit. */
void nl_close(void);

/**
 * nl_ask() - send a command and read all it draws
 * @cmd: enum msd_cmd
 * @dump: ask for a dump
 * @attrs: NL_ATTRS attributes
 * @a: receives the outcome
 *
 * Return: 0, or a negative error of the socket.
 */
int nl_ask(u8 cmd, bool dump, const struct nl_attr *attrs, struct nl_answer *a);

extern const struct nl_attr nl_nothing[NL_ATTRS];

/* For init and exit of a suite: rig_attach(), a socket and an open edit. */
int nl_begin(struct kunit *test);
void nl_end(struct kunit *test);

/* Expect a refusal with a sentence, and that nothing changes. */
void nl_refuse(struct kunit *test, u8 cmd, bool dump,
	       const struct nl_attr *attrs);

/* Expect no error, and at least so many replies. */
void nl_accept(struct kunit *test, u8 cmd, bool dump,
	       const struct nl_attr *attrs, unsigned int replies);

#endif /* MSD_KUNIT_NETLINK_H */
