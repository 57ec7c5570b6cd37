// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a configuration file: text, json.c, then edits of interfaces.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "json.h"
#include "parse.h"

/* Longest word of the grammar and longest address, with NUL. */
#define KEY_SIZE 64
#define TEXT_SIZE 128
#define NO_OWN "no own address: give addresses, or `address any` (\"own\": \"any\")"

/**
 * struct field - a member of an interface
 * @name: its key
 * @has: HAS_* bit it sets
 * @read: read its value into an edit
 */
struct field {
	const char *name;
	__u32 has;
	bool (*read)(struct json *json, struct iface_edit *edit);
};

/* What a parse_*() function said, with the path. */
static bool parsed(struct json *json, int ret)
{
	return !ret || json_refuse(json, NULL);
}

/* Refuse the value read last: TEXT: WHY. */
static bool refuse_text(struct json *json, const char *text, const char *why)
{
	char quoted[80];

	err_set(json->err, "%s: %s", err_quote(quoted, sizeof(quoted), text),
		why);
	return json_refuse(json, NULL);
}

static bool read_mac(struct json *json, struct iface_edit *edit)
{
	char text[TEXT_SIZE];

	if (!json_string(json, text, sizeof(text)))
		return false;
	if (!strcmp(text, "default"))
		return true;
	return parsed(json, parse_mac(edit->mac, text, json->err));
}

static bool read_key(struct json *json, struct iface_edit *edit)
{
	char text[TEXT_SIZE];

	if (!json_string(json, text, sizeof(text)))
		return false;
	if (!strcmp(text, "random"))
		return true;
	return parsed(json, parse_key(edit->key, text, json->err));
}

static bool read_via(struct json *json, struct iface_edit *edit)
{
	char text[TEXT_SIZE];

	if (!json_string(json, text, sizeof(text)))
		return false;
	edit->via = via_find(text);
	if (edit->via == MSD_VIA_UNSPEC)
		return refuse_text(json, text, "neither rx-handler nor ingress");
	return true;
}

/* The module's rules, so that a file can be checked without it. */
static const char *banner_fault(const char *banner)
{
	static const char *const versions[] = { "SSH-2.0-", "SSH-1.99-" };
	const char *software = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(versions); i++)
		if (!strncmp(banner, versions[i], strlen(versions[i])))
			software = banner + strlen(versions[i]);
	if (!software)
		return "an SSH banner begins with SSH-2.0- or SSH-1.99-";
	i = strcspn(software, " -");
	if (!i || software[i] == '-')
		return "the software version of an SSH banner is not empty and has no minus sign";
	return NULL;
}

static bool read_banner(struct json *json, struct iface_edit *edit)
{
	char text[2 * MSD_SSH_BANNER_MAX];
	const char *fault;

	if (!json_string(json, text, sizeof(text)))
		return false;
	if (parse_banner(edit->banner, text, json->err))
		return refuse_text(json, text, strdupa(json->err->text));
	fault = banner_fault(text);
	return !fault || refuse_text(json, text, fault);
}

static bool read_snap(struct json *json, struct iface_edit *edit)
{
	return json_uint(json, &edit->snap, MSD_SNAP_MAX);
}

static bool meets(const struct addr_range *range, const char *text)
{
	struct addr_range other;
	struct err err;

	return !parse_range(&other, text, &err) && other.len == range->len &&
	       memcmp(range->first, other.last, range->len) <= 0 &&
	       memcmp(range->last, other.first, range->len) >= 0;
}

/* Addresses nobody may answer for, by the module's rules. */
static const char *own_fault(const struct addr_range *range)
{
	static const struct {
		const char *range;
		const char *why;
	} never[] = {
		{ "0.0.0.0/8", "touches 0.0.0.0/8; \"any\" means every address" },
		{ "127.0.0.0/8", "touches 127.0.0.0/8 (loopback)" },
		{ "224.0.0.0/3",
		  "touches 224.0.0.0/3 (multicast, reserved, broadcast)" },
		{ "::/127", "contains :: or ::1; \"any\" means every address" },
		{ "::ffff:0:0/96",
		  "touches ::ffff:0:0/96 (IPv4-mapped addresses)" },
		{ "ff00::/8", "touches ff00::/8 (multicast)" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(never); i++)
		if (meets(range, never[i].range))
			return never[i].why;
	return NULL;
}

static bool read_range(struct json *json, struct addr_list *list, bool own)
{
	char text[TEXT_SIZE];
	struct addr_range range;
	const char *fault;

	if (!json_string(json, text, sizeof(text)))
		return false;
	if (!parsed(json, parse_range(&range, text, json->err)))
		return false;
	fault = own ? own_fault(&range) : NULL;
	if (fault)
		return refuse_text(json, text, fault);
	if (list->n == RANGES_MAX)
		return refuse_text(json, text,
				   "a list has more than 1000000 ranges");
	return !addr_list_add(list, &range) ||
	       json_refuse(json, "out of memory");
}

static bool read_ranges(struct json *json, struct addr_list *list, bool own)
{
	if (!json_array(json))
		return false;
	while (json_item(json))
		if (!read_range(json, list, own))
			return false;
	return !json->failed;
}

/* Every address is answered for only if that is said. */
static bool read_own(struct json *json, struct iface_edit *edit)
{
	char text[TEXT_SIZE];

	if (!json_is_string(json)) {
		if (!read_ranges(json, &edit->own, true))
			return false;
		return edit->own.n || json_refuse(json, NO_OWN);
	}
	if (!json_string(json, text, sizeof(text)))
		return false;
	if (strcmp(text, "any"))
		return refuse_text(json, text, "neither a list nor \"any\"");
	edit->has |= HAS_ANY;
	return true;
}

static bool read_deny(struct json *json, struct iface_edit *edit)
{
	return read_ranges(json, &edit->deny, false);
}

/* "any", or a list of IDs and FIRST-LAST. */
static bool read_vlan(struct json *json, struct iface_edit *edit)
{
	char text[TEXT_SIZE];

	if (json_is_string(json)) {
		if (!json_string(json, text, sizeof(text)))
			return false;
		return !strcmp(text, "any") ||
		       refuse_text(json, text, "neither a list nor \"any\"");
	}
	if (!json_array(json))
		return false;
	while (json_item(json)) {
		if (!json_string(json, text, sizeof(text)))
			return false;
		if (!parsed(json, parse_vlan(&edit->vlans, text, json->err)))
			return false;
	}
	if (!json->failed && !edit->vlans.n)
		return json_refuse(json, "no VLAN: give some, or \"any\"");
	return !json->failed;
}

static bool has_proto(const struct iface_edit *edit, const char *name)
{
	size_t i;

	for (i = 0; i < edit->nprotos; i++)
		if (!strcmp(edit->protos[i].name, name))
			return true;
	return false;
}

static bool read_protos(struct json *json, struct iface_edit *edit)
{
	char name[NAME_MAX_LEN];

	if (!json_object(json))
		return false;
	while (json_key(json, name, sizeof(name))) {
		struct proto_switch *p = &edit->protos[edit->nprotos];

		if (has_proto(edit, name))
			return json_refuse(json, "given before");
		if (!*name)
			return json_refuse(json, "not the name of a protocol");
		if (edit->nprotos == PROTOS_MAX)
			return json_refuse(json, "too many protocols");
		if (!json_bool(json, &p->on))
			return false;
		strcpy(p->name, name);
		edit->nprotos++;
	}
	return !json->failed;
}

static bool read_force(struct json *json, struct iface_edit *edit)
{
	bool force;

	if (!json_bool(json, &force))
		return false;
	if (!force)
		edit->has &= ~HAS_FORCE;
	return true;
}

static const struct field fields[] = {
	{ "mac", HAS_MAC, read_mac },
	{ "key", HAS_KEY, read_key },
	{ "via", HAS_VIA, read_via },
	{ "ssh-banner", HAS_BANNER, read_banner },
	{ "snap", HAS_SNAP, read_snap },
	{ "vlan", HAS_VLAN, read_vlan },
	{ "own", HAS_OWN, read_own },
	{ "deny", HAS_DENY, read_deny },
	{ "proto", 0, read_protos },
	{ "force", HAS_FORCE, read_force },
};

static size_t find_field(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(name, fields[i].name))
			break;
	return i;
}

static bool read_iface(struct json *json, struct iface_edit *edit)
{
	unsigned int seen = 0;
	char key[KEY_SIZE];

	if (!json_object(json))
		return false;
	while (json_key(json, key, sizeof(key))) {
		size_t i = find_field(key);

		if (i == ARRAY_SIZE(fields))
			return json_refuse(json, "unknown key");
		if (seen & 1u << i)
			return json_refuse(json, "given before");
		seen |= 1u << i;
		edit->has |= fields[i].has;
		if (!fields[i].read(json, edit))
			return false;
	}
	if (!json->failed && !(edit->has & HAS_OWN))
		return json_refuse(json, NO_OWN);
	return !json->failed;
}

/* By the kernel's rules (dev_valid_name()). */
static bool device_name_ok(const char *name)
{
	size_t i;

	if (!*name || strlen(name) >= IF_NAMESIZE || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return false;
	for (i = 0; name[i]; i++)
		if (name[i] == '/' || name[i] == ':' ||
		    isspace((unsigned char)name[i]))
			return false;
	return true;
}

static bool named_before(const struct config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->n; i++)
		if (!strcmp(config->edits[i].ifname, name))
			return true;
	return false;
}

/* An element of its own, or NULL without memory. */
static struct iface_edit *append(struct config *config, const char *name)
{
	struct iface_edit *edits = reallocarray(config->edits, config->n + 1,
						sizeof(*edits));

	if (!edits)
		return NULL;
	config->edits = edits;
	edits += config->n++;
	*edits = (struct iface_edit){ .op = EDIT_ATTACH };
	strcpy(edits->ifname, name);
	return edits;
}

static bool read_ifaces(struct json *json, struct config *config)
{
	char name[KEY_SIZE];

	if (!json_object(json))
		return false;
	while (json_key(json, name, sizeof(name))) {
		struct iface_edit *edit;

		if (!device_name_ok(name))
			return json_refuse(json, "not the name of a device");
		if (named_before(config, name))
			return json_refuse(json, "given before");
		if (config->n == IFACES_MAX)
			return json_refuse(json, "too many interfaces");
		edit = append(config, name);
		if (!edit)
			return json_refuse(json, "out of memory");
		if (!read_iface(json, edit))
			return false;
	}
	return !json->failed;
}

static bool read_config(struct json *json, struct config *config)
{
	char key[KEY_SIZE];
	bool seen = false;

	if (!json_object(json))
		return false;
	while (json_key(json, key, sizeof(key))) {
		if (strcmp(key, "interfaces"))
			return json_refuse(json, "unknown key");
		if (seen)
			return json_refuse(json, "given before");
		seen = true;
		if (!read_ifaces(json, config))
			return false;
	}
	if (!json->failed && !seen)
		return json_refuse(json, "interfaces is missing");
	return json_end(json);
}

int config_parse(struct config *config, const char *text, size_t len,
		 struct err *err)
{
	struct json json;

	*config = (struct config){ 0 };
	json_begin(&json, text, len, err);
	return read_config(&json, config) ? 0 : -1;
}

void config_free(struct config *config)
{
	while (config->n)
		iface_edit_free(&config->edits[--config->n]);
	free(config->edits);
	config->edits = NULL;
}
