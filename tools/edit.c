// SPDX-License-Identifier: GPL-2.0-only
/* attach and set: one list of keywords, which is also what help prints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd.h"
#include "module.h"
#include "parse.h"

#define ON_ATTACH	0x01
#define ON_SET		0x02
#define ON_BOTH		(ON_ATTACH | ON_SET)

/**
 * struct keyword - one word of the grammar
 * @name: the word
 * @args: what follows it
 * @help: one line
 * @ops: where it may stand
 * @has: HAS_* bit it sets
 * @once: it may stand only once
 * @parse: take what follows. Return: 0, EXIT_FAILURE or EXIT_USAGE
 */
struct keyword {
	const char *name;
	const char *args;
	const char *help;
	unsigned int ops;
	__u32 has;
	bool once;
	int (*parse)(struct iface_edit *edit, struct words *words,
		     struct err *err);
};

static const struct keyword *find_keyword(const char *word);

static int usage(int failed)
{
	return failed ? EXIT_USAGE : 0;
}

/* The value of a keyword. Return: NULL with a sentence at the end. */
static const char *value(struct words *words, const char *what,
			 struct err *err)
{
	const char *word = next_word(words);

	if (!word)
		err_set(err, "%s is missing", what);
	return word;
}

static int parse_mac_word(struct iface_edit *edit, struct words *words,
			  struct err *err)
{
	const char *word = value(words, "LLADDR", err);

	if (!word)
		return EXIT_USAGE;
	memset(edit->mac, 0, MAC_LEN);
	if (!strcmp(word, "default"))
		return 0;
	return usage(parse_mac(edit->mac, word, err));
}

static int parse_key_word(struct iface_edit *edit, struct words *words,
			  struct err *err)
{
	const char *word = value(words, "HEX32", err);

	if (!word)
		return EXIT_USAGE;
	memset(edit->key, 0, KEY_LEN);
	if (!strcmp(word, "random"))
		return 0;
	return usage(parse_key(edit->key, word, err));
}

static int parse_key_file_word(struct iface_edit *edit, struct words *words,
			       struct err *err)
{
	const char *word = value(words, "FILE", err);

	if (!word)
		return EXIT_USAGE;
	return parse_key_file(edit->key, word, err) ? EXIT_FAILURE : 0;
}

/* Files and prefixes add at least one range each: a list that was given and is
 * still empty was emptied with "any" or "none".
 */
static bool emptied(const struct iface_edit *edit, __u32 has,
		    const struct addr_list *list)
{
	return edit->has & has && !list->n;
}

/* Prefixes up to the next keyword. */
static int parse_prefixes(struct addr_list *list, const char *word,
			  struct words *words, struct err *err)
{
	struct addr_range range;

	do {
		if (parse_range(&range, word, err))
			return EXIT_USAGE;
		if (addr_list_add(list, &range)) {
			err_set(err, "out of memory");
			return EXIT_FAILURE;
		}
	} while (words->n && !find_keyword(*words->v) &&
		 (word = next_word(words)));
	return 0;
}

/**
 * struct target - list that a keyword fills
 * @list: the list
 * @has: its HAS_* bit
 * @none: word for an empty list; it stands alone
 * @word: HAS_* bit of that word, or 0
 */
struct target {
	struct addr_list *list;
	__u32 has;
	const char *none;
	__u32 word;
};

static int parse_list(struct iface_edit *edit, struct target to,
		      struct words *words, struct err *err)
{
	const char *word = value(words, "PREFIX", err);

	if (!word)
		return EXIT_USAGE;
	if (!strcmp(word, to.none)) {
		if (to.list->n)
			return wrong_word(err, word, "addresses are given, too");
		edit->has |= to.word;
		return 0;
	}
	if (emptied(edit, to.has, to.list))
		return wrong_word(err, to.none, "addresses are given, too");
	return parse_prefixes(to.list, word, words, err);
}

static int parse_list_file(struct iface_edit *edit, struct target to,
			   struct words *words, struct err *err)
{
	const char *word = value(words, "FILE", err);

	if (!word)
		return EXIT_USAGE;
	if (emptied(edit, to.has, to.list))
		return wrong_word(err, to.none, "addresses are given, too");
	return parse_range_file(to.list, word, err) ? EXIT_FAILURE : 0;
}

static struct target own_list(struct iface_edit *edit)
{
	return (struct target){ &edit->own, HAS_OWN, "any", HAS_ANY };
}

static struct target deny_list(struct iface_edit *edit)
{
	return (struct target){ &edit->deny, HAS_DENY, "none", 0 };
}

static int parse_address(struct iface_edit *edit, struct words *words,
			 struct err *err)
{
	return parse_list(edit, own_list(edit), words, err);
}

static int parse_address_file(struct iface_edit *edit, struct words *words,
			      struct err *err)
{
	return parse_list_file(edit, own_list(edit), words, err);
}

static int parse_deny(struct iface_edit *edit, struct words *words,
		      struct err *err)
{
	return parse_list(edit, deny_list(edit), words, err);
}

static int parse_deny_file(struct iface_edit *edit, struct words *words,
			   struct err *err)
{
	return parse_list_file(edit, deny_list(edit), words, err);
}

static int parse_via(struct iface_edit *edit, struct words *words,
		     struct err *err)
{
	const char *word = value(words, "rx-handler or ingress", err);

	if (!word)
		return EXIT_USAGE;
	edit->via = via_find(word);
	if (edit->via == MSD_VIA_UNSPEC)
		return wrong_word(err, word, "neither rx-handler nor ingress");
	return 0;
}

static int parse_banner_word(struct iface_edit *edit, struct words *words,
			     struct err *err)
{
	const char *word = value(words, "TEXT", err);

	if (!word)
		return EXIT_USAGE;
	return usage(parse_banner(edit->banner, word, err));
}

static int parse_snap_word(struct iface_edit *edit, struct words *words,
			   struct err *err)
{
	const char *word = value(words, "BYTES", err);

	if (!word)
		return EXIT_USAGE;
	return usage(parse_snap(&edit->snap, word, err));
}

/* VLANs up to the next keyword. */
static int parse_vlan_words(struct iface_edit *edit, struct words *words,
			    struct err *err)
{
	const char *word = value(words, "ID", err);

	if (!word)
		return EXIT_USAGE;
	if (!strcmp(word, "any"))
		return 0;
	do {
		if (parse_vlan(&edit->vlans, word, err))
			return EXIT_USAGE;
	} while (words->n && !find_keyword(*words->v) &&
		 (word = next_word(words)));
	return 0;
}

static int parse_proto(struct iface_edit *edit, struct words *words,
		       struct err *err)
{
	const char *name = value(words, "NAME", err);
	const char *state = name ? value(words, "on or off", err) : NULL;
	struct proto_switch *p = &edit->protos[edit->nprotos];

	if (!state)
		return EXIT_USAGE;
	if (edit->nprotos == PROTOS_MAX)
		return wrong_word(err, name, "too many protocols at once");
	if (!*name || strlen(name) >= sizeof(p->name))
		return wrong_word(err, name, "not the name of a protocol");
	if (strcmp(state, "on") && strcmp(state, "off"))
		return wrong_word(err, state, "neither on nor off");
	strcpy(p->name, name);
	p->on = !strcmp(state, "on");
	edit->nprotos++;
	return 0;
}

static int parse_force(struct iface_edit *edit, struct words *words,
		       struct err *err)
{
	(void)edit;
	(void)words;
	(void)err;
	return 0;
}

static const struct keyword keywords[] = {
	{ "mac", "LLADDR|default",
	  "own MAC address; default: the device's",
	  ON_BOTH, HAS_MAC, true, parse_mac_word },
	{ "address", "PREFIX...|any",
	  "own addresses; any: all but the host's own",
	  ON_BOTH, HAS_OWN, false, parse_address },
	{ "address-file", "FILE",
	  "the same, one a line; -: standard input",
	  ON_BOTH, HAS_OWN, false, parse_address_file },
	{ "deny", "PREFIX...|none",
	  "clients that get no answer",
	  ON_BOTH, HAS_DENY, false, parse_deny },
	{ "deny-file", "FILE",
	  "the same, one a line; -: standard input",
	  ON_BOTH, HAS_DENY, false, parse_deny_file },
	{ "key", "HEX32|random",
	  "key of the SYN cookie",
	  ON_BOTH, HAS_KEY, true, parse_key_word },
	{ "key-file", "FILE",
	  "the same from a file, so that ps does not show it",
	  ON_BOTH, HAS_KEY, true, parse_key_file_word },
	{ "via", "rx-handler|ingress",
	  "how frames are taken; ingress: for bridge and bond ports",
	  ON_ATTACH, HAS_VIA, true, parse_via },
	{ "ssh-banner", "TEXT",
	  "SSH identification, such as SSH-2.0-1",
	  ON_BOTH, HAS_BANNER, true, parse_banner_word },
	{ "snap", "BYTES",
	  "payload an event holds, 0 to 1024",
	  ON_BOTH, HAS_SNAP, true, parse_snap_word },
	{ "vlan", "ID...|any",
	  "VLANs whose frames are taken; 0: untagged",
	  ON_BOTH, HAS_VLAN, true, parse_vlan_words },
	{ "proto", "NAME on|off",
	  "switch a protocol; \"msdctl proto list\" names them",
	  ON_BOTH, 0, false, parse_proto },
	{ "force", "",
	  "own addresses may contain the host's",
	  ON_BOTH, HAS_FORCE, true, parse_force },
};

static const struct keyword *find_keyword(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (!strcmp(word, keywords[i].name))
			return &keywords[i];
	return NULL;
}

static void print_keywords(unsigned int op)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (keywords[i].ops & op)
			printf("  %-12s  %-18s  %s\n", keywords[i].name,
			       keywords[i].args, keywords[i].help);
}

void attach_keywords(void)
{
	print_keywords(ON_ATTACH);
}

void set_keywords(void)
{
	print_keywords(ON_SET);
}

static int parse_keyword(struct iface_edit *edit, const char *word,
			 struct words *words, struct err *err)
{
	const struct keyword *kw = find_keyword(word);
	int ret;

	if (!kw)
		return wrong_word(err, word, "unknown word");
	if (!(kw->ops & (edit->op == EDIT_SET ? ON_SET : ON_ATTACH)))
		return wrong_word(err, word, "only when attaching");
	if (kw->once && edit->has & kw->has)
		return wrong_word(err, word, "given before");
	ret = kw->parse(edit, words, err);
	edit->has |= kw->has;
	if (ret == EXIT_USAGE)
		err_prefix(err, word);
	return ret;
}

static int parse_edit(struct iface_edit *edit, struct words *words,
		      struct err *err)
{
	const char *word;

	while ((word = next_word(words))) {
		int ret = parse_keyword(edit, word, words, err);

		if (ret)
			return ret;
	}
	if (edit->op == EDIT_SET && !edit->has && !edit->nprotos) {
		err_set(err, "nothing to set");
		return EXIT_USAGE;
	}
	return 0;
}

static int commit(const char *dev, struct iface_edit *edit, struct err *err)
{
	struct nl nl;
	int ret;

	if (find_device(dev, &edit->ifindex, err))
		return EXIT_FAILURE;
	if (edit->op == EDIT_ATTACH ? module_open(&nl, "msdctl", err) :
				      nl_open(&nl, err))
		return EXIT_FAILURE;
	ret = nl_edit(&nl, edit, 1, err) ? EXIT_FAILURE : 0;
	if (!ret)
		warn_said(dev, &nl);
	nl_close(&nl);
	if (ret)
		err_prefix(err, dev);
	return ret;
}

void warn_said(const char *dev, const struct nl *nl)
{
	if (*nl->said)
		fprintf(stderr, "msdctl: %s%s%s\n", dev, *dev ? ": " : "",
			nl->said);
}

void warn_any(const char *dev, const struct iface_edit *edit)
{
	if (edit->has & HAS_ANY)
		fprintf(stderr,
			"msdctl: %s: address any: answering for every address but this host's, which takes over unused addresses of a shared network\n",
			dev);
}

static int run(struct ctl *ctl, struct words *words, enum edit_op op)
{
	struct iface_edit edit = { .op = op };
	const char *dev;
	int ret = take_device(words, &dev, &ctl->err);

	if (!ret)
		ret = parse_edit(&edit, words, &ctl->err);
	if (!ret)
		ret = commit(dev, &edit, &ctl->err);
	if (!ret)
		warn_any(dev, &edit);
	iface_edit_free(&edit);
	return ret;
}

int cmd_attach(struct ctl *ctl, struct words words)
{
	return run(ctl, &words, EDIT_ATTACH);
}

int cmd_set(struct ctl *ctl, struct words words)
{
	return run(ctl, &words, EDIT_SET);
}
