/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink: transport (nl.c), messages to the kernel (nl_edit.c) and
 * replies (nl_get.c). Building and reading messages needs no socket, and is
 * tested without one.
 */
#ifndef MSDCTL_NL_H
#define MSDCTL_NL_H

#include <libmnl/libmnl.h>
#include "err.h"
#include "model.h"

/* Largest message we send, and the size we receive with. */
#define NL_BUF 32768

/**
 * union nl_buf - room for a request without lists
 * @msg: the request
 * @bytes: its bytes
 */
union nl_buf {
	struct nlmsghdr msg;
	char bytes[256];
};

/**
 * struct nl_blame - what a refusal is about
 * @ifindex: the interface; 0: not known
 * @has_addr: @addr is known
 * @addr: the address of the host that an own address is; 16 bytes, IPv4 as
 *	::ffff:a.b.c.d
 */
struct nl_blame {
	__u32 ifindex;
	bool has_addr;
	__u8 addr[16];
};

/**
 * struct nl - connection to the module
 * @sock: socket
 * @family: id of the generic netlink family
 * @seq: sequence number of the request under way
 * @unanswered: the last request went out, and no answer could be received
 * @error: errno of the last refusal
 * @blame: what it is about
 * @said: the kernel's words to what it last accepted, quoted; mostly none
 */
struct nl {
	struct mnl_socket *sock;
	__u16 family;
	__u32 seq;
	bool unanswered;
	int error;
	struct nl_blame blame;
	char said[400];
};

/**
 * struct nl_reply - messages that answered a request, back to back
 * @buf: the messages
 * @len: bytes
 * @cap: bytes that fit
 */
struct nl_reply {
	char *buf;
	size_t len;
	size_t cap;
};

/* nl.c */

/**
 * nl_open() - connect, and find the module
 * @nl: the connection, in the network namespace of the caller
 * @err: why not
 *
 * Return: 0, or -1; nothing to close then. nl->error is ENOENT when the module
 * is not loaded.
 */
int nl_open(struct nl *nl, struct err *err);

/**
 * nl_close() - disconnect. An edit that was not committed is gone
 * @nl: the connection
 */
void nl_close(struct nl *nl);

/**
 * nl_call() - send one request and wait until it is done
 * @nl: the connection
 * @msg: the request; header fields but type and flags are filled in here
 * @reply: receives the answers, to be released by the caller whatever is
 *	returned; NULL: none is expected. A dump that was interrupted by a
 *	change is repeated
 * @err: the kernel's sentence, with the address it names
 *
 * Return: 0 or -1.
 */
int nl_call(struct nl *nl, struct nlmsghdr *msg, struct nl_reply *reply,
	    struct err *err);

/**
 * nl_message() - begin a request
 * @buf: room for the message
 * @family: id of the family
 * @cmd: MSD_CMD_*
 * @flags: NLM_F_ACK or NLM_F_DUMP
 *
 * Return: the message, to which attributes can be added.
 */
struct nlmsghdr *nl_message(void *buf, __u16 family, __u8 cmd,
			    __u16 flags);

/**
 * nl_next() - walk over the answers
 * @reply: the answers
 * @msg: the one before; NULL: begin
 *
 * Return: the next complete message, or NULL.
 */
const struct nlmsghdr *nl_next(const struct nl_reply *reply,
			       const struct nlmsghdr *msg);

/* nl_edit.c */

/**
 * typedef nl_emit_t - what to do with a message of an edit
 * @msg: valid during the call
 * @arg: as given to nl_build_edit()
 *
 * Return: 0 to go on.
 */
typedef int (*nl_emit_t)(struct nlmsghdr *msg, void *arg);

/**
 * nl_build_edit() - the messages of an edit, in order, BEGIN and COMMIT included
 * @edits: one element an interface
 * @n: how many
 * @family: id of the family
 * @emit: gets each message
 * @arg: its argument
 *
 * Return: 0, or what @emit returned when it stopped.
 */
int nl_build_edit(const struct iface_edit *edits, size_t n, __u16 family,
		  nl_emit_t emit, void *arg);

/**
 * nl_edit() - carry out an edit: all of it or nothing
 * @nl: the connection
 * @edits: one element an interface
 * @n: how many
 * @err: why not; nl->blame tells which interface
 *
 * Return: 0 or -1. When the kernel has no memory for its answer to the commit,
 * the edit may have been carried out all the same: the sentence says so.
 */
int nl_edit(struct nl *nl, const struct iface_edit *edits, size_t n,
	    struct err *err);

/**
 * nl_reset_stats() - count from zero again
 * @nl: the connection
 * @ifindex: one of the interfaces; 0: all
 * @err: why not
 *
 * Return: 0 or -1; as of nl_edit().
 */
int nl_reset_stats(struct nl *nl, __u32 ifindex, struct err *err);

/* nl_get.c */

/**
 * nl_get_ifaces() - ask for interfaces
 * @nl: the connection
 * @cmd: MSD_CMD_IFACE_GET or MSD_CMD_STATS_GET
 * @ifindex: one of them; 0: all
 * @ifaces: out: array, to be released with iface_info_free()
 * @n: out: how many
 * @err: why not
 *
 * Return: 0 or -1.
 */
int nl_get_ifaces(struct nl *nl, __u8 cmd, __u32 ifindex,
		  struct iface_info **ifaces, size_t *n, struct err *err);

/**
 * nl_get_ranges() - ask for an address list
 * @nl: the connection
 * @ifindex: of the interface
 * @list: own or deny
 * @out: ranges are appended
 * @err: why not
 *
 * Return: 0 or -1.
 */
int nl_get_ranges(struct nl *nl, __u32 ifindex, enum msd_list list,
		  struct addr_list *out, struct err *err);

/**
 * nl_get_responders() - ask what the module can speak
 * @nl: the connection
 * @out: out: array in the order the responders are asked, to be freed
 * @n: out: how many
 * @err: why not
 *
 * Return: 0 or -1.
 */
int nl_get_responders(struct nl *nl, struct responder_info **out, size_t *n,
		      struct err *err);

/**
 * nl_get_version() - ask for the module's version
 * @nl: the connection
 * @out: receives it
 * @err: why not
 *
 * Return: 0 or -1.
 */
int nl_get_version(struct nl *nl, char out[NAME_MAX_LEN], struct err *err);

/**
 * nl_parse_iface() - read one answer about an interface
 * @msg: a complete message. About the same interface as the last element of
 *	@ifaces: its counters are added there, otherwise it is a new element
 * @ifaces: array; to be released with iface_info_free() in either case
 * @n: elements of @ifaces
 *
 * Return: 0, or -1 when the message is malformed or memory is short.
 */
int nl_parse_iface(const struct nlmsghdr *msg, struct iface_info **ifaces,
		   size_t *n);

/**
 * nl_parse_ranges() - read one answer with ranges
 * @msg: a complete message
 * @list: ranges are appended
 *
 * Return: 0, or -1 when the message is malformed or memory is short.
 */
int nl_parse_ranges(const struct nlmsghdr *msg, struct addr_list *list);

/**
 * nl_parse_responders() - read one answer about responders
 * @msg: a complete message
 * @out: array, grown by as many as the message holds; zeroed
 * @n: elements of @out
 *
 * Return: 0, or -1 when the message is malformed or memory is short; @out is
 * to be freed in either case.
 */
int nl_parse_responders(const struct nlmsghdr *msg, struct responder_info **out,
			size_t *n);

#endif /* MSDCTL_NL_H */
