// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every attribute of every command: too short, too long, missing where it is
 * required, sent where it does not belong, out of range. Each is refused with a
 * sentence and changes nothing.
 */
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/kthread.h>
#include <linux/rtnetlink.h>
#include "../../kmod/edit.h"
#include "netlink.h"
#include "rig.h"

#define A(a) BIT(MSD_A_##a)
#define IFACE_FLAGS (A(FORCE) | A(CLEAR_OWN) | A(CLEAR_DENY) | A(ANY) | \
		     A(CLEAR_VLAN))
#define IFACE (A(IFINDEX) | A(MAC) | A(KEY) | A(VIA) | A(SNAP) |	\
	       A(SSH_BANNER) | A(RESPONDER) | A(VLAN) | IFACE_FLAGS)
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
	case MSD_A_ANY:
	case MSD_A_CLEAR_VLAN:
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
	const struct nl_attr any[NL_ATTRS] = { right(MSD_A_IFINDEX),
					       { MSD_A_ANY, 0, bytes } };

	nl_accept(test, MSD_CMD_VERSION_GET, false, nl_nothing, 1);
	nl_accept(test, MSD_CMD_RESPONDER_GET, true, nl_nothing, 1);
	nl_accept(test, MSD_CMD_EDIT_DETACH, false, dev, 0);
	nl_accept(test, MSD_CMD_EDIT_COMMIT, false, nl_nothing, 0);
	KUNIT_EXPECT_PTR_EQ(test, rig_iface(), NULL);
	nl_accept(test, MSD_CMD_EDIT_BEGIN, false, nl_nothing, 0);
	nl_accept(test, MSD_CMD_EDIT_ATTACH, false, any, 0);
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
	const struct nl_attr any[NL_ATTRS] = { right(MSD_A_IFINDEX),
					       { MSD_A_ANY, 0, bytes } };
	u32 generation = msd_net(dev_net(rig.dev))->generation;
	struct nl_answer a;

	nl_accept(test, MSD_CMD_EDIT_ATTACH, false, any, 0);
	KUNIT_ASSERT_EQ(test, nl_ask(MSD_CMD_EDIT_COMMIT, false, nl_nothing, &a), 0);
	KUNIT_EXPECT_EQ(test, a.err, -EEXIST);
	KUNIT_EXPECT_GT(test, strlen(a.said), 0ul);
	KUNIT_EXPECT_EQ(test, msd_net(dev_net(rig.dev))->generation, generation);
	KUNIT_EXPECT_NOT_NULL(test, rig_iface());
}

/* What a commit draws of a set with these attributes and perhaps a range. */
static void set_own(struct kunit *test, const struct nl_attr *attrs, bool range,
		    int wanted)
{
	static const u32 first[2] = { (NLA_HDRLEN + 4) | MSD_RANGE_FIRST << 16,
				      0xc0000202 };
	const struct nl_attr ranges[NL_ATTRS] = {
		right(MSD_A_IFINDEX), right(MSD_A_LIST),
		{ MSD_A_RANGE | NLA_F_NESTED, sizeof(first), first },
	};
	struct nl_answer a;

	nl_accept(test, MSD_CMD_EDIT_BEGIN, false, nl_nothing, 0);
	nl_accept(test, MSD_CMD_EDIT_SET, false, attrs, 0);
	if (range)
		nl_accept(test, MSD_CMD_EDIT_RANGES, false, ranges, 0);
	KUNIT_ASSERT_EQ(test, nl_ask(MSD_CMD_EDIT_COMMIT, false, nl_nothing, &a), 0);
	KUNIT_EXPECT_EQ(test, a.err, wanted);
	KUNIT_EXPECT_EQ(test, !a.err, !strlen(a.said));
}

/* Every address is a word; an empty list is not. */
static void any_address(struct kunit *test)
{
	const struct nl_attr any[NL_ATTRS] = { right(MSD_A_IFINDEX),
					       { MSD_A_ANY, 0, bytes } };
	const struct nl_attr clear[NL_ATTRS] = { right(MSD_A_IFINDEX),
						 { MSD_A_CLEAR_OWN, 0, bytes } };
	const struct nl_attr dev[NL_ATTRS] = { right(MSD_A_IFINDEX) };

	set_own(test, clear, false, -EINVAL);
	set_own(test, any, true, -EINVAL);
	set_own(test, dev, false, 0);
	set_own(test, any, false, 0);
	set_own(test, dev, false, 0);
	set_own(test, clear, false, -EINVAL);
	set_own(test, clear, true, 0);
}

/* An edit that is refused for its size leaves nothing behind. */
static void memory(struct kunit *test)
{
	atomic_long_t *taken = &msd_net(dev_net(rig.dev))->memory;
	const struct nl_attr dev[NL_ATTRS] = { right(MSD_A_IFINDEX) };
	long before = atomic_long_read(taken);

	KUNIT_EXPECT_EQ(test, before, 0l);
	atomic_long_add(MSD_MEMORY_MAX, taken);
	nl_refuse(test, MSD_CMD_EDIT_SET, false, dev);
	KUNIT_EXPECT_EQ(test, atomic_long_read(taken), (long)MSD_MEMORY_MAX);
	atomic_long_sub(MSD_MEMORY_MAX, taken);
	nl_accept(test, MSD_CMD_EDIT_SET, false, dev, 0);
	KUNIT_EXPECT_GT(test, atomic_long_read(taken), 0l);
	nl_close();
	KUNIT_EXPECT_EQ(test, atomic_long_read(taken), 0l);
	KUNIT_ASSERT_EQ(test, nl_open(), 0);
}

/*
 * A thread that holds the lock of commits until it may go, or half a minute: the
 * test's own must not, for netlink's locks come before it.
 */
static struct {
	struct msd_net *mn;
	struct completion held;
	struct completion go;
	struct completion done;
} holder;

static int hold(void *arg)
{
	mutex_lock(&holder.mn->commit);
	complete(&holder.held);
	wait_for_completion_timeout(&holder.go, 30 * HZ);
	mutex_unlock(&holder.mn->commit);
	kthread_complete_and_exit(&holder.done, 0);
}

static void hold_commit(struct kunit *test, struct msd_net *mn)
{
	holder.mn = mn;
	init_completion(&holder.held);
	init_completion(&holder.go);
	init_completion(&holder.done);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(hold, NULL, "hold")));
	wait_for_completion(&holder.held);
}

/* While a commit is under way, other sockets are served and closed. */
static void no_wait(struct kunit *test)
{
	struct msd_net *mn = msd_net(dev_net(rig.dev));

	hold_commit(test, mn);
	nl_accept(test, MSD_CMD_VERSION_GET, false, nl_nothing, 1);
	nl_close();
	KUNIT_ASSERT_EQ(test, nl_open(), 0);
	nl_accept(test, MSD_CMD_EDIT_BEGIN, false, nl_nothing, 0);
	nl_accept(test, MSD_CMD_VERSION_GET, false, nl_nothing, 1);
	/* A socket without an edit takes not even the table's lock. */
	xa_lock(&mn->edits);
	msd_edit_drop(mn, U32_MAX);
	xa_unlock(&mn->edits);
	complete(&holder.go);
	wait_for_completion(&holder.done);
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
	KUNIT_CASE(any_address),
	KUNIT_CASE(memory),
	KUNIT_CASE(no_wait),
	{}
};

RIG_SUITE("msd_policy", begin, nl_end);
