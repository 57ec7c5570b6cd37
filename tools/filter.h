/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which frames msdctl monitor shows. A list is a word with commas; a frame must
 * match one item of each list that was given. Parsers return 0, or -1 with a
 * sentence that quotes the offending item.
 */
#ifndef MSDCTL_FILTER_H
#define MSDCTL_FILTER_H

#include "err.h"
#include "model.h"
#include "record.h"

#define FILTER_ITEMS_MAX 64

/**
 * struct filter - the lists; an empty one lets all pass
 * @netns: inode number of the network namespace to show; 0: all
 * @ifindex: devices; @nifindex of them
 * @nifindex: how many
 * @verdicts: bit by enum msd_verdict
 * @protos: names of responders and layers; @nprotos of them
 * @nprotos: how many
 * @from: sources
 * @to: destinations
 * @ports: source or destination port; @nports of them
 * @nports: how many
 */
struct filter {
	__u32 netns;
	__u32 ifindex[FILTER_ITEMS_MAX];
	size_t nifindex;
	__u64 verdicts;
	char protos[FILTER_ITEMS_MAX][NAME_MAX_LEN];
	size_t nprotos;
	struct addr_list from;
	struct addr_list to;
	__u16 ports[FILTER_ITEMS_MAX];
	size_t nports;
};

/**
 * filter_verdicts() - names of verdicts
 * @f: receives them
 * @text: the list; "drop" is all that begin with "drop-", and so on
 * @err: why not
 *
 * Return: 0 or -1.
 */
int filter_verdicts(struct filter *f, const char *text, struct err *err);

/**
 * filter_protos() - names of layers and responders
 * @f: receives them
 * @text: the list
 * @known: is there a responder of that name?
 * @data: its argument
 * @err: why not
 *
 * Return: 0 or -1.
 */
int filter_protos(struct filter *f, const char *text,
		  bool (*known)(void *data, const char *name), void *data,
		  struct err *err);

/**
 * filter_addrs() - addresses and prefixes
 * @list: receives them
 * @text: the list
 * @err: why not
 *
 * Return: 0 or -1.
 */
int filter_addrs(struct addr_list *list, const char *text, struct err *err);

/**
 * filter_ports() - port numbers
 * @f: receives them
 * @text: the list
 * @err: why not
 *
 * Return: 0 or -1.
 */
int filter_ports(struct filter *f, const char *text, struct err *err);

/**
 * filter_device() - is it a device that is to be shown?
 * @f: the filter
 * @netns: inode number of its network namespace
 * @ifindex: its index
 *
 * Return: true when it is.
 */
bool filter_device(const struct filter *f, __u32 netns, __u32 ifindex);

/**
 * filter_match() - is a frame to be shown?
 * @f: the filter
 * @r: the frame
 *
 * Return: true when it is.
 */
bool filter_match(const struct filter *f, const struct record *r);

/* Room for a filter of the kernel's, with NUL: it takes less than a page. */
#define FILTER_KERNEL_MAX 4096

/**
 * filter_kernel() - a filter as the kernel has them
 * @out: the expression; "": none. It lets pass all that filter_match() does,
 *	and of the rest what only addresses or too long lists tell apart
 * @f: the filter
 */
void filter_kernel(char out[FILTER_KERNEL_MAX], const struct filter *f);

/**
 * filter_free() - release what the lists hold
 * @f: the filter
 */
void filter_free(struct filter *f);

#endif /* MSDCTL_FILTER_H */
