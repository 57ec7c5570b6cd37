// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every attribute of every command: too short, too long, missing where it is
 * required, sent where it does not belong, out of range. Each is refused with a
 * sentence and changes nothing.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include "../../kmod/edit.h"
#include "netlink.h"
#include "rig.h"

#define A(a) BIT(MSD_A_##a)
#define IFACE_FLAGS (A(FORCE) | A(CLEAR_OWN) | A(CLEAR_DENY))
#define IFACE (A(IFINDEX) | A(MAC) | A(KEY) | A(VIA) | A(SNAP) |	\
	       A(SSH_BANNER) | A(RESPONDER) | IFACE_FLAGS)
#define LIST (A(IFINDEX) | A(LIST))

/**
 * struct command - what a command takes
 * @name: for the case's name
 * @cmd: enum msd_cmd
 * @dump: it is a dump
 * @takes: bit per attribute it takes
 * @needs: bit per attribute it cannot do without
 */
struct command {
	const char *name;
	u8 cmd;
	bool dump;
	u32 takes;
	u32 needs;
};

static const struct command commands[] = {
	{ "begin", MSD_CMD_EDIT_BEGIN },
	{ "attach", MSD_CMD_EDIT_ATTACH, false, IFACE, A(IFINDEX) },
	{ "set", MSD_CMD_EDIT_SET, false, IFACE, A(IFINDEX) },
	{ "ranges", MSD_CMD_EDIT_RANGES, false, LIST | A(RANGE), LIST },
	{ "detach", MSD_CMD_EDIT_DETACH, false, A(IFINDEX), A(IFINDEX) },
	{ "commit", MSD_CMD_EDIT_COMMIT },
	{ "iface-get", MSD_CMD_IFACE_GET, true, A(IFINDEX) },
	{ "ranges-get", MSD_CMD_RANGES_GET, true, LIST, LIST },
	{ "stats-get", MSD_CMD_STATS_GET, true, A(IFINDEX) },
	{ "stats-reset", MSD_CMD_STATS_RESET, false, A(IFINDEX) },
	{ "responder-get", MSD_CMD_RESPONDER_GET, true },
	{ "version-get", MSD_CMD_VERSION_GET },
};

/* How an attribute is wrong. */
enum wrong {
	SHORT,
	LONG,
	RANGE,
	MISSING,
	FOREIGN,
	NWRONG,
};

static const char *const wrongs[NWRONG] = {
	"short", "long", "out of range", "missing", "foreign",
};

/* Length of an attribute with one right length; 0 for flags; else -1. */
static int right_len(u16 attr)
{
	switch (attr) {
	case MSD_A_IFINDEX:
	case MSD_A_VIA:
	case MSD_A_SNAP:
	case MSD_A_LIST:
		return 4;
	case MSD_A_MAC:
		return ETH_ALEN;
	case MSD_A_KEY:
		return 16;
	case MSD_A_FORCE:
	case MSD_A_CLEAR_OWN:
	case MSD_A_CLEAR_DENY:
		return 0;
	default:
		return -1;
	}
}

/* Does this way of being wrong apply? */
static bool applies(const struct command *c, u16 attr, enum wrong w)
{
	bool takes = c->takes & BIT(attr);

	switch (w) {
	case SHORT:
		return takes && right_len(attr) > 0;
	case LONG:
		return takes && right_len(attr) >= 0;
	case RANGE:
		return takes && right_len(attr) == 4;
	case MISSING:
		return c->needs & BIT(attr);
	default:
		return !takes && attr;
	}
}

/**
 * struct trial - one wrong request
 * @c: command
 * @attr: the attribute that is wrong
 * @wrong: how
 */
struct trial {
	const struct command *c;
	u16 attr;
	enum wrong wrong;
};

static const void *next_trial(const void *prev, char *desc)
{
	static struct trial t;
	bool found = false;

	if (!prev)
		t = (struct trial){ commands, 0, NWRONG - 1 };
	while (!found) {
		if (++t.wrong == NWRONG) {
			t.wrong = 0;
			t.attr++;
		}
		/* one beyond the last attribute there is */
		if (t.attr > MSD_A_MAX + 1) {
			t.attr = 1;
			if (++t.c == commands + ARRAY_SIZE(commands))
				return NULL;
		}
		found = applies(t.c, t.attr, t.wrong);
	}
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s: attribute %u %s", t.c->name,
		 t.attr, wrongs[t.wrong]);
	return &t;
}

static u32 ifindex;
static u32 list = MSD_LIST_OWN;
static const u32 zero, much = MSD_SNAP_MAX + 1;
static const u8 bytes[32] = { 1, 2, 3, 4 };

static struct nl_attr right(u16 attr)
{
	if (attr == MSD_A_LIST)
		return (struct nl_attr){ attr, 4, &list };
	return (struct nl_attr){ attr, 4, &ifindex };
}

static struct nl_attr spoilt(const struct trial *t)
{
	int len = max(right_len(t->attr), 0);

	switch (t->wrong) {
	case SHORT:
		return (struct nl_attr){ t->attr, len - 1, bytes };
	case LONG:
		return (struct nl_attr){ t->attr, len + 1, bytes };
	case RANGE:
		return (struct nl_attr){ t->attr, len,
					 t->attr == MSD_A_SNAP ? &much : &zero };
	case MISSING:
		return (struct nl_attr){};
	default:
		return (struct nl_attr){ t->attr, 4, bytes };
	}
}

static void wrong(struct kunit *test)
{
	const struct trial *t = test->param_value;
	struct nl_attr attrs[NL_ATTRS] = {};
	unsigned int n = 0, i;

	for (i = 1; i <= MSD_A_MAX; i++)
		if ((t->c->needs & BIT(i)) && i != t->attr)
			attrs[n++] = right(i);
	attrs[n] = spoilt(t);
	nl_refuse(test, t->c->cmd, t->c->dump, attrs);
}

/* The commands do work when asked rightly. */
static void right_ones(struct kunit *test)
{
	const struct nl_attr dev[NL_ATTRS] = { right(MSD_A_IFINDEX) };
	const struct nl_attr both[NL_ATTRS] = { right(MSD_A_IFINDEX),
						right(MSD_A_LIST) };

	nl_accept(test, MSD_CMD_VERSION_GET, false, nl_nothing, 1);
	nl_accept(test, MSD_CMD_RESPONDER_GET, true, nl_nothing, 1);
	nl_accept(test, MSD_CMD_EDIT_DETACH, false, dev, 0);
	nl_accept(test, MSD_CMD_EDIT_COMMIT, false, nl_nothing, 0);
	KUNIT_EXPECT_PTR_EQ(test, rig_iface(), NULL);
	nl_accept(test, MSD_CMD_EDIT_BEGIN, false, nl_nothing, 0);
	nl_accept(test, MSD_CMD_EDIT_ATTACH, false, dev, 0);
	nl_accept(test, MSD_CMD_EDIT_RANGES, false, both, 0);
	nl_accept(test, MSD_CMD_EDIT_COMMIT, false, nl_nothing, 0);
	KUNIT_EXPECT_NOT_NULL(test, rig_iface());
	nl_accept(test, MSD_CMD_IFACE_GET, true, dev, 1);
	nl_accept(test, MSD_CMD_RANGES_GET, true, both, 0);
	nl_accept(test, MSD_CMD_STATS_GET, true, dev, 1);
	nl_accept(test, MSD_CMD_STATS_RESET, false, dev, 0);
	nl_accept(test, MSD_CMD_STATS_RESET, false, nl_nothing, 0);
}

/* Without BEGIN nothing is staged; a socket's edit dies with it. */
static void no_edit(struct kunit *test)
{
	const struct nl_attr dev[NL_ATTRS] = { right(MSD_A_IFINDEX) };

	nl_close();
	KUNIT_EXPECT_EQ(test, atomic_read(&msd_net(dev_net(rig.dev))->nedits), 0);
	KUNIT_ASSERT_EQ(test, nl_open(), 0);
	nl_refuse(test, MSD_CMD_EDIT_ATTACH, false, dev);
	nl_refuse(test, MSD_CMD_EDIT_SET, false, dev);
	nl_refuse(test, MSD_CMD_EDIT_DETACH, false, dev);
	nl_refuse(test, MSD_CMD_EDIT_COMMIT, false, nl_nothing);
}

/* A device that has the responder already: the whole edit is refused. */
static void attached_twice(struct kunit *test)
{
	const struct nl_attr dev[NL_ATTRS] = { right(MSD_A_IFINDEX) };
	u32 generation = msd_net(dev_net(rig.dev))->generation;
	struct nl_answer a;

	nl_accept(test, MSD_CMD_EDIT_ATTACH, false, dev, 0);
	KUNIT_ASSERT_EQ(test, nl_ask(MSD_CMD_EDIT_COMMIT, false, nl_nothing, &a), 0);
	KUNIT_EXPECT_EQ(test, a.err, -EEXIST);
	KUNIT_EXPECT_GT(test, strlen(a.said), 0ul);
	KUNIT_EXPECT_EQ(test, msd_net(dev_net(rig.dev))->generation, generation);
	KUNIT_EXPECT_NOT_NULL(test, rig_iface());
}

static int begin(struct kunit *test)
{
	ifindex = rig.dev->ifindex;
	return nl_begin(test);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(wrong, next_trial),
	KUNIT_CASE(right_ones),
	KUNIT_CASE(no_edit),
	KUNIT_CASE(attached_twice),
	{}
};

RIG_SUITE("msd_policy", begin, nl_end);
