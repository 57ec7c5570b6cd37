// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU TCG plugin: count guest instructions between two markers.
 *
 * The guest marks with a seven-byte nop that carries a number, bytes
 * 0f 1f 80 NN 00 5a 5a: 1 starts a run, 2 ends it. At the end of run SEQ,
 * counted from 1, the file named by the argument out=FILE gets
 *
 *	B SEQ ADDRESS INSNS EXECUTIONS REP	for each block that was executed
 *	T SEQ INSNS REPS			the sum
 *
 * A block of one repeated string instruction (rep stos and so on) is executed
 * once per iteration; such blocks have REP 1 and are summed apart, because an
 * iteration is not what one pays for on a CPU that has fast string operations.
 *
 * One virtual CPU only: the counters are plain.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "qemu-plugin.h"

#define BUCKETS 65536	/* the hash has 16 bits */
#define MARK_SIZE 7
#define MARK_START 1

QEMU_PLUGIN_EXPORT int qemu_plugin_version = 1;

struct block {
	unsigned long addr;
	size_t insns;
	bool rep;
	unsigned long count;	/* executions so far */
	unsigned long base;	/* count at the start of the run */
	struct block *next;
};

static struct block *blocks[BUCKETS];
static FILE *out;
static int seq;

/* A block may be translated more than once: same place, same counter. */
static struct block *block_get(unsigned long addr, size_t insns, bool rep)
{
	unsigned long hash = (addr * 0x9e3779b97f4a7c15UL ^ insns) >> 48;
	struct block *b;

	for (b = blocks[hash]; b; b = b->next)
		if (b->addr == addr && b->insns == insns && b->rep == rep)
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->addr = addr;
	b->insns = insns;
	b->rep = rep;
	b->next = blocks[hash];
	blocks[hash] = b;
	return b;
}

static void run_start(void)
{
	struct block *b;
	int i;

	for (i = 0; i < BUCKETS; i++)
		for (b = blocks[i]; b; b = b->next)
			b->base = b->count;
}

static void run_end(void)
{
	unsigned long insns = 0, reps = 0, n;
	struct block *b;
	int i;

	seq++;
	for (i = 0; i < BUCKETS; i++) {
		for (b = blocks[i]; b; b = b->next) {
			n = b->count - b->base;
			if (!n)
				continue;
			if (b->rep)
				reps += n;
			else
				insns += n * b->insns;
			fprintf(out, "B %d %lx %zu %lu %d\n", seq, b->addr,
				b->insns, n, b->rep);
		}
	}
	fprintf(out, "T %d %lu %lu\n", seq, insns, reps);
	fflush(out);
}

static void marked(unsigned int cpu, void *arg)
{
	(void)cpu;
	if ((unsigned long)arg == MARK_START)
		run_start();
	else
		run_end();
}

static bool is_marker(const struct qemu_plugin_insn *insn)
{
	const unsigned char *p = qemu_plugin_insn_data(insn);

	return qemu_plugin_insn_size(insn) == MARK_SIZE &&
	       !memcmp(p, "\x0f\x1f\x80", 3) && !memcmp(p + 4, "\0\x5a\x5a", 3);
}

/* movs, cmps, stos, lods or scas behind a rep prefix and perhaps a REX one. */
static bool is_rep(const struct qemu_plugin_insn *insn)
{
	const unsigned char *p = qemu_plugin_insn_data(insn);
	size_t i, n = qemu_plugin_insn_size(insn);

	if (n < 2 || (p[0] != 0xf2 && p[0] != 0xf3))
		return false;
	for (i = 1; i < n - 1; i++)
		if ((p[i] & 0xf0) != 0x40)
			return false;
	return p[i] >= 0xa4 && p[i] <= 0xaf && p[i] != 0xa8 && p[i] != 0xa9;
}

static void translated(unsigned long id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	struct qemu_plugin_insn *insn;
	struct block *b;
	bool rep = n == 1 && is_rep(qemu_plugin_tb_get_insn(tb, 0));
	unsigned long mark;

	(void)id;
	for (i = 0; i < n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		if (!is_marker(insn))
			continue;
		mark = ((const unsigned char *)qemu_plugin_insn_data(insn))[3];
		qemu_plugin_register_vcpu_insn_exec_cb(insn, marked,
						       QEMU_PLUGIN_CB_NO_REGS,
						       (void *)mark);
	}
	b = block_get(qemu_plugin_tb_vaddr(tb), n, rep);
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &b->count, 1);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(unsigned long id,
					   const struct qemu_info_t *info,
					   int argc, char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4) && !out)
			out = fopen(argv[i] + 4, "w");
	if (!out) {
		fprintf(stderr, "insnprof: needs out=FILE it can write\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
