/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family and its dumps.
 */
#ifndef MSD_GENL_H
#define MSD_GENL_H

#include <net/genetlink.h>
#include "msd.h"

/* dump.c */

/**
 * struct msd_cursor - where a dump over interfaces goes on
 * @begun: the request was looked at
 * @next: least ifindex to show
 * @last: greatest ifindex to show
 * @item: first counter to show of the interface @next
 */
struct msd_cursor {
	bool begun;
	u32 next;
	u32 last;
	u32 item;
};

/**
 * msd_dump_ifaces() - dump something of all interfaces, or of the one named
 * @skb: message being built
 * @cb: the dump
 * @fill: adds messages about one interface; -EMSGSIZE: go on from @cur later
 *
 * Return: what a dumpit callback returns.
 */
int msd_dump_ifaces(struct sk_buff *skb, struct netlink_callback *cb,
		    int (*fill)(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct msd_iface *iface,
				struct msd_cursor *cur));

/**
 * msd_dump_put() - begin one message of a dump
 * @skb: message being built
 * @cb: the dump
 * @cmd: enum msd_cmd
 *
 * Return: for genlmsg_end() and genlmsg_cancel(), or NULL when @skb is full.
 */
void *msd_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

/* msd_dump_iface() - dumpit of MSD_CMD_IFACE_GET */
int msd_dump_iface(struct sk_buff *skb, struct netlink_callback *cb);

/* msd_dump_ranges() - dumpit of MSD_CMD_RANGES_GET */
int msd_dump_ranges(struct sk_buff *skb, struct netlink_callback *cb);

/* msd_dump_ranges_done() - done of MSD_CMD_RANGES_GET */
int msd_dump_ranges_done(struct netlink_callback *cb);

/* msd_dump_responders() - dumpit of MSD_CMD_RESPONDER_GET */
int msd_dump_responders(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink.c */

extern struct genl_family msd_genl;

/**
 * msd_may_dump() - may this be told to who asks?
 * @cb: the dump
 *
 * Not a start callback: on 6.1 those have no extack.
 *
 * Return: 0 or -EPERM.
 */
int msd_may_dump(struct netlink_callback *cb);

/**
 * msd_netlink_init() - register the family
 *
 * Return: 0 or a negative error.
 */
int msd_netlink_init(void);

/* msd_netlink_exit() - no command runs afterwards */
void msd_netlink_exit(void);

/* stats.c */

/* msd_dump_stats() - dumpit of MSD_CMD_STATS_GET */
int msd_dump_stats(struct sk_buff *skb, struct netlink_callback *cb);

/* msd_stats_reset() - doit of MSD_CMD_STATS_RESET */
int msd_stats_reset(struct sk_buff *skb, struct genl_info *info);

#endif /* MSD_GENL_H */
