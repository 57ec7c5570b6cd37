// SPDX-License-Identifier: GPL-2.0-only
/* From what a configuration file says to what has to be done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "json.h"

int config_blame(const struct iface_edit *edit, const char *member,
		 struct err *err)
{
	char path[JSON_PATH] = ".interfaces";
	size_t n;

	json_path_key(path, edit->ifname, strlen(edit->ifname));
	n = strlen(path);
	snprintf(path + n, sizeof(path) - n, "%s", member);
	return err_prefix(err, path);
}

static bool holds(const struct addr_range *range, const __u8 addr[16])
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	__u8 len = memcmp(addr, mapped, sizeof(mapped)) ? 16 : 4;

	if (range->len != len)
		return false;
	addr += 16 - range->len;
	return memcmp(range->first, addr, range->len) <= 0 &&
	       memcmp(range->last, addr, range->len) >= 0;
}

int config_blame_own(const struct config *config, const __u8 addr[16],
		     struct err *err)
{
	char member[32];
	size_t i, r;

	for (i = 0; i < config->n; i++) {
		const struct iface_edit *edit = &config->edits[i];

		for (r = 0; r < edit->own.n && !(edit->has & HAS_FORCE); r++)
			if (holds(&edit->own.r[r], addr)) {
				snprintf(member, sizeof(member), ".own[%zu]",
					 r);
				return config_blame(edit, member, err);
			}
	}
	return -1;
}

static const struct iface_info *find_iface(const struct config_state *state,
					   __u32 ifindex)
{
	size_t i;

	for (i = 0; i < state->n; i++)
		if (state->ifaces[i].ifindex == ifindex)
			return &state->ifaces[i];
	return NULL;
}

static bool is_spoken(const struct config_state *state, const char *name)
{
	size_t i;

	for (i = 0; i < state->nprotos; i++)
		if (!strcmp(state->protos[i].name, name))
			return true;
	return false;
}

static int check_protos(const struct iface_edit *edit,
			const struct config_state *state, struct err *err)
{
	char path[JSON_PATH] = ".proto";
	size_t i;

	for (i = 0; i < edit->nprotos; i++) {
		const char *name = edit->protos[i].name;

		if (is_spoken(state, name))
			continue;
		json_path_key(path, name, strlen(name));
		err_set(err, "the module has no such protocol");
		return config_blame(edit, path, err);
	}
	return 0;
}

static bool names_proto(const struct iface_edit *edit, const char *name)
{
	size_t i;

	for (i = 0; i < edit->nprotos; i++)
		if (!strcmp(edit->protos[i].name, name))
			return true;
	return false;
}

/* Switch on what the file does not name. */
static int fill_protos(struct iface_edit *edit,
		       const struct config_state *state, struct err *err)
{
	size_t i;

	for (i = 0; i < state->nprotos; i++) {
		struct proto_switch *p = &edit->protos[edit->nprotos];

		if (names_proto(edit, state->protos[i].name))
			continue;
		if (edit->nprotos == PROTOS_MAX) {
			err_set(err, "the module has too many protocols");
			return config_blame(edit, ".proto", err);
		}
		strcpy(p->name, state->protos[i].name);
		p->on = true;
		edit->nprotos++;
	}
	return 0;
}

/*
 * The hook of an attached interface stays: to exchange it would leave a gap,
 * and a new key, as the kernel gives none out.
 */
static int check_via(const struct iface_edit *edit,
		     const struct iface_info *now, struct err *err)
{
	__u32 via = edit->has & HAS_VIA ? edit->via : MSD_VIA_RX_HANDLER;

	if (via == now->via)
		return 0;
	err_set(err, "%s: %s is attached via %s, which only detaching changes",
		via_name(via), edit->ifname, via_name(now->via));
	return config_blame(edit, ".via", err);
}

/* What is not named gets its default; the key has none and stays. */
static int change(struct iface_edit *edit, const struct iface_info *now,
		  const struct config_state *state, struct err *err)
{
	if (check_via(edit, now, err))
		return -1;
	if (!(edit->has & HAS_BANNER))
		strcpy(edit->banner, MSD_SSH_BANNER_DEFAULT);
	if (!(edit->has & HAS_SNAP))
		edit->snap = MSD_SNAP_DEFAULT;
	edit->op = EDIT_SET;
	edit->has |= HAS_MAC | HAS_BANNER | HAS_SNAP | HAS_VLAN |
		     HAS_OWN | HAS_DENY;
	edit->has &= ~HAS_VIA;
	return fill_protos(edit, state, err);
}

static int plan_iface(struct iface_edit *edit, const struct config_state *state,
		      struct err *err)
{
	const struct iface_info *now = find_iface(state, edit->ifindex);

	if (check_protos(edit, state, err))
		return -1;
	return now ? change(edit, now, state, err) : 0;
}

static bool is_named(const struct config *config, __u32 ifindex)
{
	size_t i;

	for (i = 0; i < config->n; i++)
		if (config->edits[i].ifindex == ifindex)
			return true;
	return false;
}

/* Detach what the file does not name. */
static int plan_rest(struct config *config, const struct config_state *state,
		     struct err *err)
{
	struct iface_edit *edits = reallocarray(config->edits,
						config->n + state->n + 1,
						sizeof(*edits));
	size_t i;

	if (!edits)
		return err_set(err, "out of memory");
	config->edits = edits;
	for (i = 0; i < state->n; i++) {
		const struct iface_info *now = &state->ifaces[i];

		if (is_named(config, now->ifindex))
			continue;
		edits = &config->edits[config->n++];
		*edits = (struct iface_edit){ .op = EDIT_DETACH,
					      .ifindex = now->ifindex };
		strcpy(edits->ifname, now->ifname);
	}
	return 0;
}

int config_plan(struct config *config, const struct config_state *state,
		struct err *err)
{
	size_t i;

	for (i = 0; i < config->n; i++)
		if (plan_iface(&config->edits[i], state, err))
			return -1;
	return plan_rest(config, state, err);
}
