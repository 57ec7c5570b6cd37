// SPDX-License-Identifier: GPL-2.0-only
/* load and check: a configuration file becomes true, or is only read. */
#include <stdio.h>
#include <stdlib.h>
#include "cmd.h"
#include "config.h"
#include "module.h"
#include "parse.h"

/*
 * Put the name of the file before the sentence; @gap: what comes in between.
 * Return: EXIT_FAILURE.
 */
static int blame_file(const char *path, const char *gap, struct err *err)
{
	struct err inner = *err;
	char quoted[80];

	err_quote(quoted, sizeof(quoted), parse_file_name(path));
	err_set(err, "%s%s%.400s", quoted, gap, inner.text);
	return EXIT_FAILURE;
}

/* The file of the command line. @config is to be released in either case. */
static int take_config(struct words *words, const char **path,
		       struct config *config, struct err *err)
{
	char *text;
	size_t len;
	int ret;

	*config = (struct config){ 0 };
	*path = next_word(words);
	if (!*path) {
		err_set(err, "FILE is missing");
		return EXIT_USAGE;
	}
	if (end_of_words(err, words))
		return EXIT_USAGE;
	if (parse_text_file(&text, &len, *path, err))
		return EXIT_FAILURE;
	ret = config_parse(config, text, len, err);
	free(text);
	return ret ? blame_file(*path, ":", err) : 0;
}

static int find_devices(struct config *config, struct err *err)
{
	size_t i;

	for (i = 0; i < config->n; i++) {
		struct iface_edit *edit = &config->edits[i];

		edit->ifindex = if_nametoindex(edit->ifname);
		if (edit->ifindex)
			continue;
		err_set(err, "no such device");
		return config_blame(edit, "", err);
	}
	return 0;
}

/* Turn @config into an edit, from what the kernel says now. */
static int plan(struct nl *nl, struct config *config, struct err *err)
{
	struct responder_info *protos = NULL;
	struct iface_info *ifaces = NULL;
	size_t n = 0, nprotos = 0;
	int ret = find_devices(config, err);

	if (!ret)
		ret = nl_get_ifaces(nl, MSD_CMD_IFACE_GET, 0, &ifaces, &n, err);
	if (ret)
		return ret;
	ret = nl_get_responders(nl, &protos, &nprotos, err);
	if (!ret) {
		struct config_state state = { ifaces, n, protos, nprotos };

		ret = config_plan(config, &state, err);
		free(protos);
	}
	iface_info_free(ifaces, n);
	return ret;
}

/* Say where in the file the interface is that the kernel refused. */
static void blame(const struct nl *nl, const struct config *config,
		  struct err *err)
{
	size_t i;

	if (nl->blame.has_addr) {
		config_blame_own(config, nl->blame.addr, err);
		return;
	}
	for (i = 0; i < config->n; i++)
		if (config->edits[i].ifindex == nl->blame.ifindex)
			config_blame(&config->edits[i], "", err);
}

static int edit(struct nl *nl, struct config *config, struct err *err)
{
	if (plan(nl, config, err))
		return -1;
	if (!config->n || !nl_edit(nl, config->edits, config->n, err))
		return 0;
	blame(nl, config, err);
	return -1;
}

static int commit(const char *path, struct config *config, struct err *err)
{
	struct nl nl;
	int ret;

	if (module_open(&nl, "msdctl", err))
		return EXIT_FAILURE;
	ret = edit(&nl, config, err);
	if (!ret)
		warn_said("", &nl);
	nl_close(&nl);
	return ret ? blame_file(path, ": ", err) : 0;
}

int cmd_load(struct ctl *ctl, struct words words)
{
	struct config config;
	const char *path;
	size_t i;
	int ret = take_config(&words, &path, &config, &ctl->err);

	if (!ret)
		ret = commit(path, &config, &ctl->err);
	for (i = 0; i < config.n && !ret; i++)
		warn_any(config.edits[i].ifname, &config.edits[i]);
	config_free(&config);
	return ret;
}

int cmd_check(struct ctl *ctl, struct words words)
{
	struct config config;
	const char *path;
	int ret = take_config(&words, &path, &config, &ctl->err);

	config_free(&config);
	return ret;
}
