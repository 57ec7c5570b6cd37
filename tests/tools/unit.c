// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of msdctl's parts below the command line. Prints TAP. */
#include <stdio.h>
#include <string.h>
#include "tap.h"

static int count, failed;

bool tap_ok(bool ok, const char *what)
{
	printf("%sok %d - %s\n", ok ? "" : "not ", ++count, what);
	failed += !ok;
	return ok;
}

bool tap_str(const char *got, const char *want, const char *what)
{
	bool same = !strcmp(got, want);

	tap_ok(same, what);
	if (!same)
		printf("# got  '%s'\n# want '%s'\n", got, want);
	return same;
}

int tap_done(void)
{
	printf("1..%d\n", count);
	return failed || !count;
}

int main(void)
{
	test_model();
	test_files();
	test_config();
	test_counters();
	test_messages();
	test_replies();
	test_transport();
	test_output();
	test_records();
	return tap_done();
}
