// SPDX-License-Identifier: GPL-2.0-only
/* Names and classes of the verdicts. */
#include "../../kmod/core/net.h"
#include "unit.h"

static const char *kind(enum msd_verdict v)
{
	static const char *const kinds[] = {
		[MSD_CLASS_PASS] = "pass-",
		[MSD_CLASS_ANSWER] = "answer-",
		[MSD_CLASS_DROP] = "drop-",
	};

	return kinds[msd_class(v)];
}

TEST(names)
{
	unsigned int v, w;

	for (v = 0; v < __MSD_VERDICT_MAX; v++) {
		const char *name = msd_verdict_name(v);

		unit_case("%s", name);
		CHECK(!strncmp(name, kind(v), strlen(kind(v))));
		CHECK_EQ(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
			 strlen(name));
		CHECK_EQ(msd_is_answer(v), !strncmp(name, "answer-", 7));
		CHECK_EQ(msd_is_pass(v), !strncmp(name, "pass-", 5));
		for (w = 0; w < v; w++)
			CHECK(strcmp(name, msd_verdict_name(w)));
	}
}

TEST(outside)
{
	CHECK(!strcmp(msd_verdict_name(__MSD_VERDICT_MAX), "unknown"));
	CHECK(!strcmp(msd_verdict_name((enum msd_verdict)-1), "unknown"));
	CHECK(!strcmp(msd_verdict_name((enum msd_verdict)1000), "unknown"));
	CHECK(!msd_is_answer(__MSD_VERDICT_MAX));
	CHECK(!msd_is_pass(__MSD_VERDICT_MAX));
}
