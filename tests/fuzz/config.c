// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: a configuration file of msdctl. A refusal has its sentence,
 * and the same text is read twice alike.
 */
#include <stdlib.h>
#include <string.h>
#include "../../tools/config.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

static void check_ranges(const struct addr_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (memcmp(list->r[i].first, list->r[i].last,
			   list->r[i].len) > 0)
			abort();
}

static void check_edits(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->n; i++) {
		const struct iface_edit *edit = &config->edits[i];

		if (!*edit->ifname || !memchr(edit->ifname, 0, IF_NAMESIZE))
			abort();
		check_ranges(&edit->own);
		check_ranges(&edit->deny);
	}
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct config first = { 0 }, again = { 0 };
	struct err err = { "" }, err2 = { "" };
	/* its end is the end of an allocation */
	char *text = malloc(size + !size);
	int ret;

	if (!text)
		abort();
	memcpy(text, data, size);
	ret = config_parse(&first, text, size, &err);
	if (!!ret != !!*err.text)
		abort();
	if (!ret)
		check_edits(&first);
	if (config_parse(&again, text, size, &err2) != ret ||
	    strcmp(err.text, err2.text) || again.n != first.n)
		abort();
	config_free(&first);
	config_free(&again);
	free(text);
	return 0;
}
