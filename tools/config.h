/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration files: one JSON object that says which interfaces have the
 * responder, and how. Reading one (config.c), and what has to be done so that
 * it is true (plan.c). Neither knows files or netlink.
 *
 * {
 *   "interfaces": {
 *     "eth0": {
 *       "mac": "02:00:00:00:00:01",	or "default", which is the default
 *       "key": "00112233445566778899aabbccddeeff", or "random"; absent: keep
 *		the key of an attached interface, a random one for a new one
 *       "via": "rx-handler",		or "ingress"; default: rx-handler
 *       "ssh-banner": "SSH-2.0-1",	this is the default
 *       "snap": 64,			payload bytes of events; this is the default
 *       "vlan": [ "0", "10-19" ],	or "any", which is the default
 *       "own": [ "192.0.2.0/24" ],	or "any"; required
 *       "deny": [],			default: [], nobody
 *       "proto": { "ssh": false },	default: all are on
 *       "force": false			this is the default
 *     }
 *   }
 * }
 */
#ifndef MSDCTL_CONFIG_H
#define MSDCTL_CONFIG_H

#include "model.h"
#include "err.h"

/**
 * struct config - what a file says
 * @edits: one element an interface, with its name; as for a new attachment
 *	until config_plan() turns them into what has to be done
 * @n: how many
 */
struct config {
	struct iface_edit *edits;
	size_t n;
};

/**
 * struct config_state - what the kernel says
 * @ifaces: interfaces that have the responder
 * @n: how many
 * @protos: what the module speaks
 * @nprotos: how many
 */
struct config_state {
	const struct iface_info *ifaces;
	size_t n;
	const struct responder_info *protos;
	size_t nprotos;
};

/**
 * config_parse() - read a configuration file
 * @config: out; to be released in either case
 * @text: its text
 * @len: bytes
 * @err: why not, as LINE:COLUMN: PATH: TEXT: WHY
 *
 * Return: 0 or -1.
 */
int config_parse(struct config *config, const char *text, size_t len,
		 struct err *err);

/**
 * config_free() - release what config_parse() made
 * @config: it is empty then
 */
void config_free(struct config *config);

/**
 * config_plan() - turn what a file says into an edit
 * @config: with the index of each interface. Elements become an attachment or a
 *	change that leaves nothing as it was but a key not named; interfaces the
 *	file does not name are appended, to be detached
 * @state: what is so now
 * @err: why not, as PATH: TEXT: WHY
 *
 * Return: 0 or -1.
 */
int config_plan(struct config *config, const struct config_state *state,
		struct err *err);

/**
 * config_blame() - put the path of an interface before a sentence
 * @edit: the interface
 * @member: path below it, such as ".via"; or ""
 * @err: the sentence
 *
 * Return: always -1.
 */
int config_blame(const struct iface_edit *edit, const char *member,
		 struct err *err);

/**
 * config_blame_own() - the same for the own range that holds an address of the
 *	host, of the first interface without force
 * @config: the interfaces
 * @addr: 16 bytes, IPv4 as ::ffff:a.b.c.d
 * @err: the sentence; stays as it is when no range holds the address
 *
 * Return: always -1.
 */
int config_blame_own(const struct config *config, const __u8 addr[16],
		     struct err *err);

#endif /* MSDCTL_CONFIG_H */
