// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters of monitor and capture: verdicts, responders, prefixes and ports.
 */
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "../kmod/core/verdict.h"
#include "filter.h"
#include "parse.h"

#define ITEM_MAX 128

static int refuse(struct err *err, const char *item, const char *why)
{
	char quoted[80];

	return err_set(err, "%s: %s", err_quote(quoted, sizeof(quoted), item),
		       why);
}

/**
 * typedef item_fn - takes one item of a list
 * @data: as given to each_item()
 * @item: the item
 * @err: why not
 */
typedef int item_fn(void *data, const char *item, struct err *err);

static int each_item(const char *text, item_fn *fn, void *data, struct err *err)
{
	char item[ITEM_MAX];
	size_t n;

	for (;; text += n + 1) {
		n = strcspn(text, ",");
		if (n >= sizeof(item))
			return refuse(err, text, "too long");
		memcpy(item, text, n);
		item[n] = '\0';
		if (!n)
			return err_set(err, "an item of the list is empty");
		if (fn(data, item, err))
			return -1;
		if (!text[n])
			return 0;
	}
}

/* The whole name, or its beginning before a hyphen. */
static bool names(const char *item, const char *verdict)
{
	size_t n = strlen(item);

	return !strncmp(verdict, item, n) &&
	       (!verdict[n] || verdict[n] == '-');
}

static int add_verdict(void *data, const char *item, struct err *err)
{
	struct filter *f = data;
	__u64 found = 0;
	__u32 v;

	for (v = 0; v <= MSD_VERDICT_MAX; v++)
		if (msd_class(v) != MSD_CLASS_PASS &&
		    names(item, verdict_name(v)))
			found |= 1ULL << v;
	if (!found && names("pass", item))
		return refuse(err, item, "frames that pass raise no event");
	if (!found)
		return refuse(err, item, "no such verdict");
	f->verdicts |= found;
	return 0;
}

int filter_verdicts(struct filter *f, const char *text, struct err *err)
{
	static_assert(__MSD_VERDICT_MAX <= 64, "a bit for each verdict");

	return each_item(text, add_verdict, f, err);
}

/**
 * struct protos - where names of protocols go
 * @f: to here
 * @known: see filter_protos()
 * @data: its argument
 */
struct protos {
	struct filter *f;
	bool (*known)(void *data, const char *name);
	void *data;
};

static bool is_layer(const char *name)
{
	static const char *const layers[] = {
		"eth", "arp", "ipv4", "ipv6", "icmp", "icmpv6", "tcp", "udp",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(layers); i++)
		if (!strcmp(name, layers[i]))
			return true;
	return false;
}

static int add_proto(void *data, const char *item, struct err *err)
{
	struct protos *p = data;

	if (!is_layer(item) && !p->known(p->data, item))
		return refuse(err, item, "no such protocol");
	if (strlen(item) >= NAME_MAX_LEN || p->f->nprotos == FILTER_ITEMS_MAX)
		return refuse(err, item, "one too many");
	strcpy(p->f->protos[p->f->nprotos++], item);
	return 0;
}

int filter_protos(struct filter *f, const char *text,
		  bool (*known)(void *data, const char *name), void *data,
		  struct err *err)
{
	struct protos protos = { .f = f, .known = known, .data = data };

	return each_item(text, add_proto, &protos, err);
}

static int add_addr(void *data, const char *item, struct err *err)
{
	struct addr_range range;

	if (parse_range(&range, item, err))
		return -1;
	return addr_list_add(data, &range) ? err_set(err, "out of memory") : 0;
}

int filter_addrs(struct addr_list *list, const char *text, struct err *err)
{
	return each_item(text, add_addr, list, err);
}

static int add_port(void *data, const char *item, struct err *err)
{
	struct filter *f = data;
	unsigned long port;
	char *end;

	port = strtoul(item, &end, 10);
	if (strspn(item, "0123456789") != strlen(item) || port > 0xffff)
		return refuse(err, item, "not a port: 0 to 65535");
	if (f->nports == FILTER_ITEMS_MAX)
		return refuse(err, item, "one too many");
	f->ports[f->nports++] = port;
	return 0;
}

int filter_ports(struct filter *f, const char *text, struct err *err)
{
	return each_item(text, add_port, f, err);
}

bool filter_device(const struct filter *f, __u32 netns, __u32 ifindex)
{
	size_t i;

	if (f->netns && f->netns != netns)
		return false;
	for (i = 0; i < f->nifindex; i++)
		if (f->ifindex[i] == ifindex)
			return true;
	return !f->nifindex;
}

static bool match_proto(const struct filter *f, const struct record *r)
{
	const char *layer = record_layer(r);
	const char *network = "eth";
	size_t i;

	if (record_is_ip(r))
		network = r->family == AF_INET ? "ipv4" : "ipv6";
	for (i = 0; i < f->nprotos; i++)
		if (!strcmp(f->protos[i], r->responder) ||
		    !strcmp(f->protos[i], layer) ||
		    !strcmp(f->protos[i], network))
			return true;
	return !f->nprotos;
}

static bool match_addr(const struct addr_list *list, const struct record *r,
		       const __u8 *addr)
{
	size_t len = r->family == AF_INET6 ? 16 : 4;
	size_t i;

	for (i = 0; r->family && i < list->n; i++)
		if (list->r[i].len == len &&
		    memcmp(list->r[i].first, addr, len) <= 0 &&
		    memcmp(list->r[i].last, addr, len) >= 0)
			return true;
	return !list->n;
}

static bool match_port(const struct filter *f, const struct record *r)
{
	int transport = record_transport(r);
	size_t i;

	if (!f->nports)
		return true;
	if (transport != IPPROTO_TCP && transport != IPPROTO_UDP)
		return false;
	for (i = 0; i < f->nports; i++)
		if (f->ports[i] == r->sport || f->ports[i] == r->dport)
			return true;
	return false;
}

bool filter_match(const struct filter *f, const struct record *r)
{
	if (f->verdicts && (r->verdict > MSD_VERDICT_MAX ||
			    !(f->verdicts >> r->verdict & 1)))
		return false;
	return filter_device(f, r->netns, r->ifindex) && match_proto(f, r) &&
	       match_addr(&f->from, r, r->saddr) &&
	       match_addr(&f->to, r, r->daddr) && match_port(f, r);
}

void filter_free(struct filter *f)
{
	addr_list_free(&f->from);
	addr_list_free(&f->to);
}
