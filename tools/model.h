/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plain structs between the command line, files and the kernel. parse.c fills
 * them and knows no netlink; the nl files send and fill them and know no argv.
 */
#ifndef MSDCTL_MODEL_H
#define MSDCTL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include <net/if.h>
#include <linux/kmasscanned.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define MAC_LEN 6
#define KEY_LEN 16
#define NAME_MAX_LEN 32		/* responder or verdict, with NUL */
#define SOURCE_MAX_LEN 128	/* RFC or document, with NUL */
#define PROTOS_MAX 128		/* responders one edit switches */
#define RANGES_MAX 1000000	/* ranges the module takes for one list */
#define IFACES_MAX 1024		/* interfaces it takes in one edit */

/**
 * struct addr_range - closed range of addresses of one family
 * @len: bytes of an address: 4 or 16
 * @first: lowest address, network order
 * @last: highest address, network order
 */
struct addr_range {
	__u8 len;
	__u8 first[16];
	__u8 last[16];
};

/**
 * struct addr_list - growing list of ranges, in any order
 * @r: the ranges
 * @n: how many
 * @cap: how many fit
 */
struct addr_list {
	struct addr_range *r;
	size_t n;
	size_t cap;
};

/**
 * struct proto_switch - a responder to be switched
 * @name: its name
 * @on: new state
 */
struct proto_switch {
	char name[NAME_MAX_LEN];
	bool on;
};

/**
 * struct vlan_list - ranges of VLAN IDs
 * @r: first and last of each; 0 is untagged
 * @n: how many; none: all VLANs
 */
struct vlan_list {
	__u32 r[MSD_VLAN_RANGES_MAX][2];
	size_t n;
};

/**
 * enum edit_op - what is done to an interface
 * @EDIT_ATTACH: put the responder on it
 * @EDIT_SET: change what is named, keep the rest
 * @EDIT_DETACH: take the responder off
 */
enum edit_op {
	EDIT_ATTACH,
	EDIT_SET,
	EDIT_DETACH,
};

/* Which members of struct iface_edit were given. */
#define HAS_MAC		0x01
#define HAS_KEY		0x02
#define HAS_VIA		0x04
#define HAS_BANNER	0x08
#define HAS_OWN		0x10	/* replaces the list; empty: HAS_ANY */
#define HAS_DENY	0x20	/* replaces the list; empty: none */
#define HAS_FORCE	0x40
#define HAS_SNAP	0x80
#define HAS_VLAN	0x200	/* replaces the list; empty: all */
#define HAS_ANY		0x100	/* every address but the host's; with HAS_OWN */

/**
 * struct iface_edit - one interface's part of an edit
 * @op: what to do
 * @ifindex: to which interface
 * @ifname: its name; a file names it so, before @ifindex is known
 * @has: HAS_* bits
 * @mac: own MAC; zeros: the device's
 * @key: cookie key; zeros: a new random one
 * @via: hook
 * @banner: SSH identification
 * @snap: payload bytes an event holds
 * @vlans: VLANs whose frames are taken
 * @own: own addresses
 * @deny: clients that get no answer
 * @protos: responders to switch
 * @nprotos: how many
 */
struct iface_edit {
	enum edit_op op;
	__u32 ifindex;
	char ifname[IF_NAMESIZE];
	__u32 has;
	__u8 mac[MAC_LEN];
	__u8 key[KEY_LEN];
	enum msd_via via;
	char banner[MSD_SSH_BANNER_MAX + 1];
	__u32 snap;
	struct vlan_list vlans;
	struct addr_list own;
	struct addr_list deny;
	struct proto_switch protos[PROTOS_MAX];
	size_t nprotos;
};

/**
 * struct counter - frames of one verdict, or requests of one responder
 * @frames: how many
 * @rx_bytes: bytes received with them
 * @tx_frames: frames sent in reply
 * @tx_bytes: bytes of those
 */
struct counter {
	__u64 frames;
	__u64 rx_bytes;
	__u64 tx_frames;
	__u64 tx_bytes;
};

/**
 * struct verdict_info - one verdict's counter
 * @name: such as "drop-tcp-cookie"
 * @count: its counter
 */
struct verdict_info {
	char name[NAME_MAX_LEN];
	struct counter count;
};

/**
 * struct responder_info - what the kernel says of a responder; members that do
 *	not belong to the question asked are zero
 * @name: its name
 * @source: RFC or document it follows
 * @transports: 1 TCP, 2 UDP, 3 both
 * @patterns: number of patterns
 * @on: switched on
 * @count: requests answered
 */
struct responder_info {
	char name[NAME_MAX_LEN];
	char source[SOURCE_MAX_LEN];
	__u32 transports;
	__u32 patterns;
	bool on;
	struct counter count;
};

/**
 * struct iface_info - what the kernel says of an interface; members that do not
 *	belong to the question asked are zero
 * @ifindex: index
 * @ifname: name
 * @mac: own MAC in use
 * @mac_fixed: it was given
 * @key_fixed: the key was given
 * @forced: own addresses may be the host's
 * @any: every address but the host's is answered for
 * @via: hook
 * @banner: SSH identification
 * @snap: payload bytes an event holds
 * @generation: grows with every change
 * @vlans: VLANs whose frames are taken
 * @own_ranges: ranges of the own list
 * @deny_ranges: ranges of the deny list
 * @verdicts: counters; @nverdicts of them
 * @nverdicts: how many
 * @responders: state and counters; @nresponders of them
 * @nresponders: how many
 */
struct iface_info {
	__u32 ifindex;
	char ifname[IF_NAMESIZE];
	__u8 mac[MAC_LEN];
	bool mac_fixed;
	bool key_fixed;
	bool forced;
	bool any;
	__u32 via;
	char banner[MSD_SSH_BANNER_MAX + 1];
	__u32 snap;
	__u32 generation;
	struct vlan_list vlans;
	__u32 own_ranges;
	__u32 deny_ranges;
	struct verdict_info *verdicts;
	size_t nverdicts;
	struct responder_info *responders;
	size_t nresponders;
};

/* model.c */

/**
 * addr_list_add() - append a range
 * @list: the list
 * @range: copied
 *
 * Return: 0, or -1 without memory.
 */
int addr_list_add(struct addr_list *list, const struct addr_range *range);

/**
 * addr_list_free() - release the ranges and empty the list
 * @list: the list
 */
void addr_list_free(struct addr_list *list);

/* Longest text of a range, with NUL: two IPv6 addresses and a hyphen. */
#define RANGE_TEXT 96

/**
 * addr_range_text() - write a range as address, prefix or FIRST-LAST
 * @range: the range
 * @out: receives the shortest form parse_range() reads back
 *
 * Return: @out.
 */
const char *addr_range_text(const struct addr_range *range,
			    char out[RANGE_TEXT]);

/* Longest text of a range of VLANs, with NUL. */
#define VLAN_TEXT 24

/**
 * vlan_text() - write a range of VLANs as ID or FIRST-LAST
 * @range: first and last
 * @out: receives what parse_vlan() reads back
 *
 * Return: @out.
 */
const char *vlan_text(const __u32 range[2], char out[VLAN_TEXT]);

/* Text of a MAC address, with NUL. */
#define MAC_TEXT 18

/**
 * mac_text() - write a MAC address
 * @mac: six bytes
 * @out: receives six groups and colons
 *
 * Return: @out.
 */
const char *mac_text(const __u8 mac[MAC_LEN], char out[MAC_TEXT]);

/**
 * via_name() - name of a hook
 * @via: enum msd_via as received
 *
 * Return: such as "ingress"; "unknown" for a value from a newer module.
 */
const char *via_name(__u32 via);

/**
 * via_find() - hook by name
 * @name: the name
 *
 * Return: the hook, or MSD_VIA_UNSPEC.
 */
enum msd_via via_find(const char *name);

/**
 * iface_edit_free() - release what an edit holds
 * @edit: the edit
 */
void iface_edit_free(struct iface_edit *edit);

/**
 * iface_info_free() - release an array of interfaces
 * @ifaces: the array, or NULL
 * @n: how many
 */
void iface_info_free(struct iface_info *ifaces, size_t n);

#endif /* MSDCTL_MODEL_H */
