// SPDX-License-Identifier: GPL-2.0-only
/* msdctl proto list: prints the responders that the module has. */
#include <stdlib.h>
#include <string.h>
#include "cmd.h"

static const char *transports(__u32 bits)
{
	static const char *const names[] = { "none", "tcp", "udp", "tcp+udp" };

	return bits < ARRAY_SIZE(names) ? names[bits] : "unknown";
}

/* State of a responder on an interface. */
static const char *state(const struct iface_info *iface, const char *name)
{
	size_t i;

	for (i = 0; i < iface->nresponders; i++)
		if (!strcmp(iface->responders[i].name, name))
			return iface->responders[i].on ? "on" : "off";
	return "unknown";
}

static void proto_row(struct out *out, const struct responder_info *r,
		      const struct iface_info *iface)
{
	out_row(out, r->name);
	out_cell_str(out, transports(r->transports));
	out_cell_uint(out, r->patterns);
	if (iface)
		out_cell_str(out, state(iface, r->name));
	out_cell_str(out, r->source);
}

static void proto_table(struct out *out, const struct responder_info *list,
			size_t n, const struct iface_info *iface)
{
	static const char *const plain[] = {
		"proto", "transports", "patterns", "source", NULL,
	};
	static const char *const with_state[] = {
		"proto", "transports", "patterns", "state", "source", NULL,
	};
	size_t i;

	out_table(out, NULL, iface ? with_state : plain, 0);
	for (i = 0; i < n; i++)
		proto_row(out, &list[i], iface);
	out_table_end(out);
}

/* The interface whose states are wanted. */
static int get_iface(struct nl *nl, const char *dev, struct iface_info **ifaces,
		     size_t *n, struct err *err)
{
	__u32 ifindex;

	if (find_device(dev, &ifindex, err))
		return -1;
	if (nl_get_ifaces(nl, MSD_CMD_IFACE_GET, ifindex, ifaces, n, err))
		return err_prefix(err, dev);
	if (*n)
		return 0;
	iface_info_free(*ifaces, *n);
	*ifaces = NULL;
	return err_set(err, "%s: the responder is not attached", dev);
}

static int proto_list(struct nl *nl, struct ctl *ctl, const char *dev)
{
	struct responder_info *list = NULL;
	struct iface_info *ifaces = NULL;
	size_t nifaces = 0;
	size_t n = 0;
	int ret = 0;

	if (dev)
		ret = get_iface(nl, dev, &ifaces, &nifaces, &ctl->err);
	if (!ret)
		ret = nl_get_responders(nl, &list, &n, &ctl->err);
	if (!ret) {
		proto_table(ctl->out, list, n, ifaces);
		free(list);
	}
	iface_info_free(ifaces, nifaces);
	return ret ? EXIT_FAILURE : 0;
}

int cmd_proto(struct ctl *ctl, struct words words)
{
	const char *verb = next_word(&words);
	const char *dev = next_word(&words);
	struct nl nl;
	int ret;

	if (!verb || strcmp(verb, "list"))
		return wrong_word(&ctl->err, verb ? verb : "proto",
				  "list is what it can do");
	ret = end_of_words(&ctl->err, &words);
	if (ret)
		return ret;
	if (nl_open(&nl, &ctl->err))
		return EXIT_FAILURE;
	ret = proto_list(&nl, ctl, dev);
	nl_close(&nl);
	return ret;
}
