/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Responders on demand. The linker sends the core's calls of msd_proto_ask()
 * here; without a fake they go on to the real one.
 */
#ifndef MSD_FAKE_H
#define MSD_FAKE_H

#include "../../kmod/proto/proto.h"

/**
 * struct fake - what the next requests are told
 * @on: use it at all
 * @ask: result; an answer consists of @len bytes of fake_byte()
 * @len: length of the reply
 * @close: end the connection, with an answer or in silence
 * @port: port the reply comes from, 0: the one asked
 * @whole: say "more" until the request has this many bytes
 * @need: ... and that it needs so many
 * @until: ... and what must come first
 * @asked: out: number of questions
 * @seen_len: out: length of the last request
 * @seen: out: its first bytes
 * @offset: out: its offset
 */
struct fake {
	bool on;
	enum msd_ask ask;
	u32 len;
	bool close;
	u16 port;
	u32 whole;
	u32 need;
	enum msd_until until;
	u32 asked;
	u32 seen_len;
	u8 seen[8192];
	u32 offset;
};

extern struct fake fake;

/* Switch the fake on: it answers with @len bytes. */
void fake_answer(u32 len);

/* Back to the real responders; at the end of each test that used a fake. */
void fake_off(void);

/* Byte @i of a fake reply. */
u8 fake_byte(u32 i);

#endif /* MSD_FAKE_H */
