// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a fuzz target over files without the fuzzer.
 *
 *   replay-TARGET [--verdicts|--said] FILE|FOLDER...
 *
 * With --verdicts prints each verdict with the number of frames that drew it,
 * and fails unless each that the core can return was drawn. With --said prints a
 * digest of all that each file drew, which is the same on every machine.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "fuzz.h"

static unsigned int files;
static bool print_said;

/* Nothing is mutated here. */
size_t LLVMFuzzerMutate(u8 *data __maybe_unused, size_t size,
			size_t max __maybe_unused)
{
	return size;
}

static void run_file(const char *path)
{
	static u8 data[MSD_FRAME_MAX + 64];
	FILE *f = fopen(path, "r");
	size_t len;

	if (!f) {
		perror(path);
		exit(2);
	}
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	fuzz_said = FUZZ_DIGEST;
	LLVMFuzzerTestOneInput(data, len);
	if (print_said)
		printf("%016llx %s\n", (unsigned long long)fuzz_said, path);
	files++;
}

static void run_path(const char *path)
{
	struct dirent **names;
	char sub[4096];
	struct stat st;
	int n, i;

	if (!stat(path, &st) && S_ISREG(st.st_mode)) {
		run_file(path);
		return;
	}
	n = scandir(path, &names, NULL, alphasort);
	if (n < 0) {
		perror(path);
		exit(2);
	}
	for (i = 0; i < n; i++) {
		snprintf(sub, sizeof(sub), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			run_path(sub);
		free(names[i]);
	}
	free(names);
}

/* The shell's own: the core neither limits, allocates nor transmits. */
static bool of_shell(enum msd_verdict v)
{
	return v == MSD_DROP_FRAME_SIZE || v == MSD_DROP_MEMORY ||
	       v == MSD_DROP_XMIT;
}

static int print_verdicts(void)
{
	unsigned int v, missing = 0;

	for (v = 0; v < __MSD_VERDICT_MAX; v++) {
		printf("%-18s %8llu%s\n", msd_verdict_name(v),
		       (unsigned long long)fuzz_verdicts[v],
		       of_shell(v) ? "  (the shell's)" : "");
		missing += !fuzz_verdicts[v] && !of_shell(v);
	}
	printf("%u passed, %u failed\n", __MSD_VERDICT_MAX - 3 - missing,
	       missing);
	return missing ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	bool verdicts = argc > 1 && !strcmp(argv[1], "--verdicts");
	int i;

	print_said = argc > 1 && !strcmp(argv[1], "--said");
	for (i = 1 + verdicts + print_said; i < argc; i++)
		run_path(argv[i]);
	if (!files) {
		fprintf(stderr, "replay: no input\n");
		return 2;
	}
	if (verdicts)
		return print_verdicts();
	printf("%u inputs\n", files);
	return EXIT_SUCCESS;
}
