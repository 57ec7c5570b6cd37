// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: what msdctl parses, on the command line, in files and in
 * the kernel's answers. The first byte picks the parser. Built and run by
 * tests/tools/Makefile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../tools/netlink.h"
#include "../../tools/parse.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

/* A refusal has its sentence, a success is read back as the same range. */
static void fuzz_range(const char *text)
{
	struct addr_range range, back;
	struct err err = { "" };
	char out[RANGE_TEXT];

	if (parse_range(&range, text, &err)) {
		if (!*err.text)
			abort();
		return;
	}
	if (memcmp(range.first, range.last, range.len) > 0 ||
	    parse_range(&back, addr_range_text(&range, out), &err) ||
	    memcmp(&range, &back, sizeof(range)))
		abort();
}

static void fuzz_file(const __u8 *data, size_t size)
{
	FILE *in = size ? fmemopen((void *)data, size, "r") : NULL;
	struct addr_list list = { 0 };
	struct err err = { "" };
	size_t i;

	if (!in)
		return;
	if (!parse_range_stream(&list, in, "f", &err) == !list.n && !*err.text)
		abort();
	for (i = 0; i < list.n; i++)
		if (memcmp(list.r[i].first, list.r[i].last, list.r[i].len) > 0)
			abort();
	addr_list_free(&list);
	fclose(in);
}

static void fuzz_words(const char *text)
{
	char banner[MSD_SSH_BANNER_MAX + 1];
	struct err err = { "" };
	__u8 mac[MAC_LEN];
	__u8 key[KEY_LEN];
	char quoted[8];
	__u32 snap;

	if (!parse_snap(&snap, text, &err) && snap > MSD_SNAP_MAX)
		abort();
	if (!parse_mac(mac, text, &err) && mac[0] & 1)
		abort();
	parse_key(key, text, &err);
	parse_banner(banner, text, &err);
	if (strlen(err_quote(quoted, sizeof(quoted), text)) >= sizeof(quoted))
		abort();
}

/* One message whose body is the input, padded as nl.c keeps it. */
static void fuzz_reply(const __u8 *data, size_t size)
{
	struct responder_info *responders = NULL;
	struct iface_info *ifaces = NULL;
	struct addr_list list = { 0 };
	size_t n = 0, nresponders = 0;
	struct nlmsghdr *msg;

	msg = calloc(1, NLMSG_ALIGN(sizeof(*msg) + size));
	if (!msg)
		return;
	*msg = (struct nlmsghdr){ .nlmsg_len = sizeof(*msg) + size };
	memcpy(msg + 1, data, size);
	nl_parse_iface(msg, &ifaces, &n);
	nl_parse_iface(msg, &ifaces, &n);
	nl_parse_ranges(msg, &list);
	nl_parse_responders(msg, &responders, &nresponders);
	iface_info_free(ifaces, n);
	addr_list_free(&list);
	free(responders);
	free(msg);
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	char text[512];
	size_t n;

	if (!size)
		return 0;
	n = size - 1 < sizeof(text) - 1 ? size - 1 : sizeof(text) - 1;
	memcpy(text, data + 1, n);
	text[n] = '\0';
	switch (data[0] % 4) {
	case 0:
		fuzz_range(text);
		break;
	case 1:
		fuzz_file(data + 1, size - 1);
		break;
	case 2:
		fuzz_words(text);
		break;
	case 3:
		fuzz_reply(data + 1, size - 1);
		break;
	}
	return 0;
}
