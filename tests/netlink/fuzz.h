/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink fuzzer: what its files share.
 *
 * A worker is a process in a network namespace with some sockets. It builds
 * datagrams of one or more messages (message.c), spoils many of them (spoil.c),
 * foretells for each message what must come back, sends them and compares
 * (judge.c). Everything a worker does follows from its seed; what the kernel
 * answers also depends on the other workers.
 */
#ifndef NETFUZZ_H
#define NETFUZZ_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/kmasscanned.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATAGRAM_MAX 65536
/* Bytes a message needs to be built. */
#define MESSAGE_MAX 12288
/* Requests on one socket whose answers were not looked at yet. */
#define PENDING_MAX 256
#define IFINDEX_MAX 16
/* As in kmod/edit.h. */
#define EDITS_MAX 64
#define EDIT_IFACES_MAX 1024
#define SENTENCE_LEN 160
#define SENTENCES_MAX 128
#define COMMANDS (MSD_CMD_MAX + 2)

/**
 * struct rng - a random sequence
 * @state: never 0
 */
struct rng {
	uint64_t state;
};

/**
 * enum expect - what a request must draw
 * @EXPECT_ACK: an acknowledgment if it asked for one, else nothing
 * @EXPECT_ERROR: this error, from the kernel's generic part
 * @EXPECT_PERM: a refusal for want of privilege
 * @EXPECT_DOIT: an acknowledgment if it asked for one, or a refusal
 * @EXPECT_DUMP: the end of a dump, or a refusal
 */
enum expect {
	EXPECT_ACK,
	EXPECT_ERROR,
	EXPECT_PERM,
	EXPECT_DOIT,
	EXPECT_DUMP,
};

/**
 * struct request - one message that the kernel reads, and what came of it
 * @seq: its sequence number
 * @cmd: enum msd_cmd or any other number
 * @dump: it asks for a dump
 * @ack: it asks for an acknowledgment
 * @bare: it has no attributes and no bytes left over
 * @expect: what it must draw
 * @error: EXPECT_ERROR: which, negative
 * @answers: acknowledgments, refusals and ends of dumps so far
 * @replies: messages of the family so far
 * @got: 0 or the negative error that came
 * @sentence: extack sentence that came with it, or NULL
 * @offset: an extack offset came with it
 */
struct request {
	uint32_t seq;
	uint8_t cmd;
	bool dump;
	bool ack;
	bool bare;
	enum expect expect;
	int error;
	unsigned int answers;
	unsigned int replies;
	int got;
	const char *sentence;
	bool offset;
};

/**
 * struct session - one socket
 * @fd: the socket
 * @seq: last sequence number given out
 * @open: it has an edit, as far as its answers were looked at
 * @likely_open: it probably has one when the kernel has read what was built
 * @staged: interface that a range may be added to then, or 0
 * @n: number of requests in @pending
 * @pending: requests whose answers were not looked at yet
 */
struct session {
	int fd;
	uint32_t seq;
	bool open;
	bool likely_open;
	uint32_t staged;
	unsigned int n;
	struct request pending[PENDING_MAX];
};

/**
 * struct sentence - an extack sentence
 * @text: the sentence
 * @n: how often it came
 */
struct sentence {
	char text[SENTENCE_LEN];
	uint64_t n;
};

/**
 * struct count - what became of the requests of one command
 * @accepted: did what they say
 * @refused: drew an error
 */
struct count {
	uint64_t accepted;
	uint64_t refused;
};

/**
 * struct tally - what a worker has to tell; in memory shared with its parent
 * @messages: requests whose answers were looked at
 * @unread: requests whose socket was closed before
 * @count: per command; the last row is for all other numbers
 * @sentence: the sentences that came
 */
struct tally {
	uint64_t messages;
	uint64_t unread;
	struct count count[COMMANDS];
	struct sentence sentence[SENTENCES_MAX];
};

/**
 * struct worker - a process that fuzzes
 * @nr: its number
 * @rng: its random sequence
 * @family: number of the generic netlink family
 * @privileged: it may do what it asks for
 * @ifindex: interfaces to aim at
 * @nifindex: how many
 * @tally: what it has to tell
 * @datagram: what is being sent
 * @len: its length
 */
struct worker {
	unsigned int nr;
	struct rng rng;
	uint16_t family;
	bool privileged;
	uint32_t ifindex[IFINDEX_MAX];
	unsigned int nifindex;
	struct tally *tally;
	uint8_t datagram[DATAGRAM_MAX] __attribute__((aligned(8)));
	size_t len;
};

/* xorshift64* */
static inline uint32_t rnd(struct rng *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (r->state * 0x2545f4914f6cdd1dULL) >> 32;
}

/* below() - a number from 0 to @n - 1 */
static inline uint32_t below(struct rng *r, uint32_t n)
{
	return (uint64_t)rnd(r) * n >> 32;
}

static inline bool one_in(struct rng *r, uint32_t n)
{
	return !below(r, n);
}

/* fill() - random bytes */
static inline void fill(struct rng *r, void *p, size_t len)
{
	uint8_t *byte = p;

	while (len--)
		*byte++ = rnd(r);
}

/* message.c */

/**
 * message() - build a message that keeps to the grammar, with random values
 * @w: whose random sequence and targets
 * @s: socket it is for; what is likely follows from its edit
 * @nlh: where; at least MESSAGE_MAX bytes
 *
 * Values are of the right type and length. Most are possible, some are not.
 */
void message(struct worker *w, const struct session *s, struct nlmsghdr *nlh);

/**
 * detach_message() - build one step of an edit
 * @w: the worker
 * @ifindex: interface to be detached
 * @nlh: where
 */
void detach_message(struct worker *w, uint32_t ifindex, struct nlmsghdr *nlh);

/**
 * is_dump() - is a command asked with NLM_F_DUMP?
 * @cmd: enum msd_cmd
 */
bool is_dump(uint8_t cmd);

/* spoil.c */

/**
 * spoil() - make a message wrong in one to three ways
 * @w: whose random sequence
 * @nlh: a message that keeps to the grammar
 * @room: bytes it may grow to
 *
 * Return: bytes it takes; its own length may say something else.
 */
size_t spoil(struct worker *w, struct nlmsghdr *nlh, size_t room);

/**
 * noise() - a header of the family and random bytes behind it
 * @w: whose random sequence
 * @nlh: where; at least MESSAGE_MAX bytes
 */
void noise(struct worker *w, struct nlmsghdr *nlh);

/* judge.c */

/**
 * complain() - say what is wrong, with the datagram, and end this worker
 * @w: the worker
 * @format: as for printf()
 */
void complain(const struct worker *w, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/**
 * foretell() - read the worker's datagram as the kernel will
 * @w: the worker
 * @s: socket it will be sent on; its requests are appended to the pending ones
 *
 * Gives each message its sequence number, and one that was for another family
 * back to ours. A datagram of too many requests is cut off.
 */
void foretell(struct worker *w, struct session *s);

/**
 * settle() - read what there is to read, and compare it with what must come
 * @w: the worker
 * @s: the socket; no request is pending afterwards
 */
void settle(struct worker *w, struct session *s);

/* socket.c */

/**
 * socket_open() - a generic netlink socket with everything extack offers
 *
 * Return: the socket; ends the process when there is none.
 */
int socket_open(void);

/**
 * family_id() - the number of the module's family
 *
 * Return: the number; ends the process when there is none.
 */
uint16_t family_id(void);

/**
 * request() - begin a message
 * @buf: where
 * @family: number of a family
 * @flags: of the message
 * @cmd: command
 *
 * Return: the message, without attributes.
 */
struct nlmsghdr *request(void *buf, uint16_t family, uint16_t flags, uint8_t cmd);

/**
 * begin_edit() - begin an edit
 * @fd: socket
 * @family: number of the family
 *
 * Return: 0 or a negative error.
 */
int begin_edit(int fd, uint16_t family);

/**
 * crowd_open() - begin as many edits as the module allows
 * @family: number of the family
 * @fd: receives EDITS_MAX sockets, one for each
 *
 * Ends the process when one is refused for anything but their number.
 *
 * Return: how many could be begun; EDITS_MAX when nobody else had one.
 */
unsigned int crowd_open(uint16_t family, int *fd);

/**
 * crowd_close() - end them
 * @fd: the sockets
 */
void crowd_close(const int *fd);

#endif /* NETFUZZ_H */
