/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text to model: addresses, address files, MAC addresses, keys. Every function
 * returns 0, or -1 with a sentence that quotes the offending text.
 */
#ifndef MSDCTL_PARSE_H
#define MSDCTL_PARSE_H

#include <stdio.h>
#include "err.h"
#include "model.h"

/**
 * parse_bom() - skip the byte order mark of UTF-8
 * @text: what begins here
 * @len: bytes of it
 *
 * Return: @text, or what comes behind the mark.
 */
const char *parse_bom(const char *text, size_t len);

/**
 * parse_range() - address, ADDRESS/LENGTH or FIRST-LAST
 * @out: the range
 * @text: IPv4 or IPv6; blanks may stand around the hyphen. A prefix with host
 *	bits set is refused, and the sentence names the network address meant
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_range(struct addr_range *out, const char *text, struct err *err);

/**
 * parse_range_stream() - read an address file
 * @list: ranges are appended; unspecified content after an error
 * @in: one range a line; blank lines, comments from "#" or ";" on and text after
 *	a TAB are skipped; LF or CRLF; a byte order mark may begin a line, for
 *	files are appended to one another
 * @name: name of the file in sentences
 * @err: why not, as NAME:LINE: TEXT: WHY
 *
 * A file without a single address is refused: an empty list means every
 * address, and that is never meant by a file.
 *
 * Return: 0 or -1.
 */
int parse_range_stream(struct addr_list *list, FILE *in, const char *name,
		       struct err *err);

/**
 * parse_range_file() - the same from a path
 * @list: ranges are appended
 * @path: file; "-" is standard input
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_range_file(struct addr_list *list, const char *path,
		     struct err *err);

/**
 * parse_mac() - unicast MAC address
 * @out: six bytes
 * @text: six groups of one or two hex digits and colons; not all zero
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_mac(__u8 out[MAC_LEN], const char *text, struct err *err);

/**
 * parse_key() - cookie key
 * @out: sixteen bytes
 * @text: 32 hex digits, not all zero. Sentences do not quote it
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_key(__u8 out[KEY_LEN], const char *text, struct err *err);

/**
 * parse_key_file() - cookie key from a file that holds 32 hex digits
 * @out: sixteen bytes
 * @path: file; "-" is standard input. Blanks and newlines around are skipped
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_key_file(__u8 out[KEY_LEN], const char *path, struct err *err);

/**
 * parse_banner() - SSH identification
 * @out: the text
 * @text: MSD_SSH_BANNER_MIN to MSD_SSH_BANNER_MAX printable ASCII characters
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_banner(char out[MSD_SSH_BANNER_MAX + 1], const char *text,
		 struct err *err);

/**
 * parse_file_name() - name of a file in sentences
 * @path: file; "-" is standard input
 *
 * Return: @path or "stdin".
 */
const char *parse_file_name(const char *path);

/**
 * parse_text_file() - read a file as it is
 * @text: out: its bytes, to be freed
 * @len: out: how many
 * @path: file; "-" is standard input
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_text_file(char **text, size_t *len, const char *path,
		    struct err *err);

/**
 * parse_vlan() - VLAN ID or FIRST-LAST
 * @list: a range is appended
 * @text: decimal, 0 (untagged) to MSD_VLAN_ID_MAX
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_vlan(struct vlan_list *list, const char *text, struct err *err);

/**
 * parse_snap() - payload bytes an event holds
 * @out: the number
 * @text: decimal, 0 to MSD_SNAP_MAX
 * @err: why not
 *
 * Return: 0 or -1.
 */
int parse_snap(__u32 *out, const char *text, struct err *err);

#endif /* MSDCTL_PARSE_H */
