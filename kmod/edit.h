/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Edits: changes collected on a netlink socket and carried out at once.
 */
#ifndef MSD_EDIT_H
#define MSD_EDIT_H

#include <net/genetlink.h>
#include "msd.h"

/* Edits open at a time in one network namespace. */
#define MSD_EDITS_MAX 64
/* Interfaces one edit may name. */
#define MSD_EDIT_IFACES_MAX 1024

/**
 * enum msd_stage - what an edit wants of an interface
 * @MSD_STAGE_ATTACH: put the responder on it
 * @MSD_STAGE_SET: change it
 * @MSD_STAGE_DETACH: take the responder off
 */
enum msd_stage {
	MSD_STAGE_ATTACH,
	MSD_STAGE_SET,
	MSD_STAGE_DETACH,
};

/**
 * struct msd_staged - one interface of an edit
 * @list: in msd_edit.staged
 * @ifindex: of the device
 * @stage: what is to be done
 * @via: ATTACH: how
 * @has_mac: @mac was named
 * @has_key: @key was named
 * @force: own addresses may be the host's
 * @any: answer for all addresses but the host's
 * @own_kept: the own addresses stay as they are
 * @has_vlans: @some_vlans and @vlans were named
 * @some_vlans: as in struct msd_config
 * @clear_own: drop all own ranges first
 * @clear_deny: drop all deny ranges first
 * @has_snap: @snap was named
 * @ssh_len: length of @ssh; 0: not named
 * @mac: own MAC; zero: the device's own
 * @ssh: SSH identification
 * @snap: payload bytes an event holds
 * @key: cookie key; zero: a new random one
 * @vlans: as in struct msd_config
 * @on: responders to switch on, bit = row
 * @off: responders to switch off
 * @own: own ranges to add
 * @deny: deny ranges to add
 * @cfg: commit: the configuration to be published
 * @iface: commit: the interface it is for
 */
struct msd_staged {
	struct list_head list;
	u32 ifindex;
	enum msd_stage stage;
	enum msd_via via;
	bool has_mac;
	bool has_key;
	bool force;
	bool any;
	bool own_kept;
	bool has_vlans;
	bool some_vlans;
	bool clear_own;
	bool clear_deny;
	bool has_snap;
	u8 ssh_len;
	u8 mac[ETH_ALEN];
	char ssh[MSD_SSH_MAX];
	u16 snap;
	siphash_key_t key;
	u64 vlans[4096 / 64];
	u64 on;
	u64 off;
	struct msd_draft own;
	struct msd_draft deny;
	struct msd_iface_cfg *cfg;
	struct msd_iface *iface;
};

/**
 * struct msd_edit - changes collected on one netlink socket
 * @net: the network namespace whose memory it takes
 * @refs: one of msd_net.edits, one of each command that works on it
 * @lock: guards what follows
 * @spent: committed or discarded; nothing can be added
 * @n: number of interfaces in @staged
 * @staged: what is to be done, in the order it was said
 */
struct msd_edit {
	struct msd_net *net;
	refcount_t refs;
	struct mutex lock;	/* see above */
	bool spent;
	u32 n;
	struct list_head staged;
};

/* netlink.c */

extern const struct nla_policy msd_range_policy[MSD_RANGE_MAX + 1];
extern const struct nla_policy msd_responder_policy[MSD_RESPONDER_MAX + 1];

extern const struct nla_policy msd_tag_policy[MSD_TAG_MAX + 1];

/* vlan.c */

/**
 * msd_vlan_read() - what a request says of VLANs
 * @st: receives it
 * @info: the request
 *
 * Return: 0 or a negative error, with a sentence.
 */
int msd_vlan_read(struct msd_staged *st, struct genl_info *info);

/**
 * msd_vlan_put() - add the listed VLANs to a reply
 * @skb: the reply
 * @cfg: has them
 *
 * Return: 0 or -EMSGSIZE.
 */
int msd_vlan_put(struct sk_buff *skb, const struct msd_config *cfg);

/**
 * msd_vlan_warn() - say so if listed VLANs may not pass the device's filter
 * @dev: the device
 * @cfg: lists them
 * @extack: receives the sentence, which is no refusal
 *
 * Context: RTNL.
 */
void msd_vlan_warn(const struct net_device *dev, const struct msd_config *cfg,
		   struct netlink_ext_ack *extack);

/* check.c: what an administrator may ask for */

/**
 * msd_check_own4() - may these be own addresses?
 * @r: IPv4 range
 * @attr: attribute to blame
 * @extack: receives the sentence
 *
 * Return: 0 or -EINVAL.
 */
int msd_check_own4(const struct msd_range4 *r, const struct nlattr *attr,
		   struct netlink_ext_ack *extack);

/* msd_check_own6() - the same for IPv6. */
int msd_check_own6(const struct msd_range6 *r, const struct nlattr *attr,
		   struct netlink_ext_ack *extack);

/**
 * msd_check_mac() - may this be our own MAC address?
 * @attr: MSD_A_MAC
 * @extack: receives the sentence
 *
 * Return: 0 or -EINVAL.
 */
int msd_check_mac(const struct nlattr *attr, struct netlink_ext_ack *extack);

/**
 * msd_check_ssh() - is this an SSH identification (RFC 4253 section 4.2)?
 * @attr: MSD_A_SSH_BANNER; a NUL at its end does not count
 * @extack: receives the sentence
 *
 * Return: its length, or -EINVAL.
 */
int msd_check_ssh(const struct nlattr *attr, struct netlink_ext_ack *extack);

/**
 * msd_say_full() - put the refusal of msd_charge() into words
 * @extack: receives the sentence
 *
 * Return: -ENOSPC.
 */
int msd_say_full(struct netlink_ext_ack *extack);

/* commit.c */

/**
 * msd_commit() - carry out an edit, or change nothing
 * @net: network namespace
 * @edit: the edit; spent afterwards, whatever the outcome
 * @extack: receives the sentence
 *
 * Context: process; @edit->lock held, RTNL not.
 * Return: 0 or a negative error.
 */
int msd_commit(struct net *net, struct msd_edit *edit,
	       struct netlink_ext_ack *extack);

/* edit.c: doit of the MSD_CMD_EDIT_* commands */

int msd_edit_begin(struct sk_buff *skb, struct genl_info *info);
int msd_edit_attach(struct sk_buff *skb, struct genl_info *info);
int msd_edit_set(struct sk_buff *skb, struct genl_info *info);
int msd_edit_ranges(struct sk_buff *skb, struct genl_info *info);
int msd_edit_detach(struct sk_buff *skb, struct genl_info *info);
int msd_edit_commit(struct sk_buff *skb, struct genl_info *info);

/**
 * msd_edit_drop() - discard the edit of a socket, if it has one
 * @mn: network namespace
 * @portid: the socket
 *
 * Takes no lock unless it has.
 */
void msd_edit_drop(struct msd_net *mn, u32 portid);

/**
 * msd_edit_drop_all() - discard all edits
 * @mn: network namespace that ends
 */
void msd_edit_drop_all(struct msd_net *mn);

#endif /* MSD_EDIT_H */
