/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small test harness: TEST() registers itself, CHECK*() print what they saw,
 * output is TAP version 14 with one last line "N passed, N failed". The same
 * tests run in the kernel, where TEST() is another: tests/kunit/unit.h.
 */
#ifndef MSD_UNIT_H
#define MSD_UNIT_H

#include <linux/types.h>
#include <linux/string.h>

/**
 * struct unit_test - one registered test
 * @file: source file, the first half of its name
 * @name: function, the second half
 * @run: the test
 * @next: next in the order of registration
 */
struct unit_test {
	const char *file;
	const char *name;
	void (*run)(void);
	struct unit_test *next;
};

/* Append a test to the list; called before main() by TEST(). */
void unit_register(struct unit_test *t);

/* Before a test: nothing has failed, random numbers start anew. */
void unit_begin(void);

/* After it: the number of checks that failed. */
unsigned int unit_end(void);

/**
 * unit_check() - note the outcome of one check of the running test
 * @ok: outcome
 * @file: source file of the check
 * @line: its line
 * @fmt: what to print when it failed
 *
 * Return: @ok.
 */
__printf(4, 5)
bool unit_check(bool ok, const char *file, int line, const char *fmt, ...);

/* Compare numbers; prints both in decimal and hexadecimal on failure. */
bool unit_equal(long long a, long long b, const char *what, const char *file,
		int line);

/* Compare bytes; prints both in hexadecimal on failure. */
bool unit_bytes(const void *a, size_t alen, const void *b, size_t blen,
		const char *what, const char *file, int line);

/* A line of commentary in the output. */
__printf(1, 2)
void unit_note(const char *fmt, ...);

/* Start a case within a test: the text is printed if a check of it fails. */
__printf(1, 2)
void unit_case(const char *fmt, ...);

/* Failed checks of the running test. */
unsigned int unit_failures(void);

/* Deterministic random numbers, reseeded before every test. */
u64 unit_random(void);

/* A random number below @n. */
u32 unit_below(u32 n);

#define TEST(ident)							\
	static void test_##ident(void);					\
	__attribute__((constructor)) static void register_##ident(void)	\
	{								\
		static struct unit_test t = {				\
			.file = __FILE__, .name = #ident,		\
			.run = test_##ident,				\
		};							\
		unit_register(&t);					\
	}								\
	static void test_##ident(void)

#define CHECK(cond) unit_check((cond), __FILE__, __LINE__, "%s", #cond)
#define CHECKF(cond, ...) unit_check((cond), __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_EQ(a, b) \
	unit_equal((long long)(a), (long long)(b), #a " == " #b, __FILE__, __LINE__)
#define CHECK_BYTES(a, alen, b, blen) \
	unit_bytes(a, alen, b, blen, #a " == " #b, __FILE__, __LINE__)

/* Leave the test (a void function) when it makes no sense to go on. */
#define REQUIRE(cond) do {	\
	if (!CHECK(cond))	\
		return;		\
} while (0)

#endif /* MSD_UNIT_H */
