/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share. Each target is one file with
 * LLVMFuzzerTestOneInput(); it is linked with libFuzzer, and once more with
 * replay.c to run a corpus without it.
 */
#ifndef MSD_FUZZ_H
#define MSD_FUZZ_H

#include "../unit/env.h"
#include "../unit/frames.h"
#include "../unit/parse.h"

/* An acknowledgment number with these upper bits is made a valid one. */
#define FUZZ_ACK 0xc00c0000

/* Frames seen with each verdict. */
extern u64 fuzz_verdicts[__MSD_VERDICT_MAX];

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
/* libFuzzer's own mutator, for those of targets. */
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

/* Report a finding and abort, so that the fuzzer keeps the input. */
__printf(1, 2) __noreturn
void fuzz_fail(const char *fmt, ...);

/*
 * A reply repeats bytes its client chose, such as a transaction number, and
 * those may look like another protocol's request: of a reply to a forged
 * request one more reply may come, but the talk ends there.
 */
#define FUZZ_HOPS 2
#define FUZZ_SPACES (FUZZ_HOPS + 1)

/**
 * struct fuzz_answer - one answer of the core
 * @verdict: verdict
 * @flow: what was learnt
 * @out: frames, in a buffer of their own
 */
struct fuzz_answer {
	enum msd_verdict verdict;
	struct msd_flow flow;
	struct msd_out out;
};

/**
 * fuzz_ask() - put a frame to the core and judge the answer
 * @ctx: context
 * @frame: the frame; copied to where its end is the end of an allocation
 * @len: its length
 * @a: receives the answer; its frames live until the next call with the same
 *	@which
 * @which: below FUZZ_SPACES, which reply buffer to use
 */
void fuzz_ask(const struct msd_ctx *ctx, const u8 *frame, u32 len,
	      struct fuzz_answer *a, int which);

/* Where a digest begins (FNV-1a). */
#define FUZZ_DIGEST 0xcbf29ce484222325ULL

/* The digest @sum of what came before, and of these bytes. */
static inline u64 fuzz_digest(u64 sum, const void *data, u32 len)
{
	const u8 *p = data;

	while (len--)
		sum = (sum ^ *p++) * 0x100000001b3ULL;
	return sum;
}

/* The same of a number; machines of either byte order agree. */
static inline u64 fuzz_digest_u32(u64 sum, u32 n)
{
	__be32 wire = htonl(n);

	return fuzz_digest(sum, &wire, sizeof(wire));
}

/* The same of a reply: length and bytes of each of its frames. */
static inline u64 fuzz_digest_reply(u64 sum, const struct fuzz_answer *a)
{
	u32 i;

	for (i = 0; i < a->out.nframes; i++) {
		const struct msd_frame *f = &a->out.frame[i];

		sum = fuzz_digest_u32(sum, f->len);
		sum = fuzz_digest(sum, a->out.buf.data + f->off, f->len);
	}
	return sum;
}

/* Digest of all the core has said, results included, to be set and read. */
extern u64 fuzz_said;

/* Are two answers the same, byte for byte? */
bool fuzz_same(const struct fuzz_answer *a, const struct fuzz_answer *b);

/**
 * fuzz_feed_back() - put every frame of an answer to a responder at the client
 * @ctx: context of the responder that answered
 * @a: its answer
 *
 * Follows the talk between the two, and fails when it does not end.
 */
void fuzz_feed_back(const struct msd_ctx *ctx, const struct fuzz_answer *a);

/* Bits of what fuzz_repair() leaves as it is. */
#define FUZZ_KEEP_LENGTHS 1
#define FUZZ_KEEP_CHECKSUMS 2
#define FUZZ_KEEP_ACK 4

/**
 * fuzz_repair() - make a mutated frame plausible
 * @ctx: key and time for the cookie
 * @frame: the frame
 * @len: its length
 * @keep: FUZZ_KEEP_*
 *
 * Without this nearly everything would end at the first checksum.
 */
void fuzz_repair(const struct msd_ctx *ctx, u8 *frame, u32 len, u8 keep);

/* A zeroed flow table; the same one each time. */
struct msd_flowtab *fuzz_flows(void);

#endif /* MSD_FUZZ_H */
