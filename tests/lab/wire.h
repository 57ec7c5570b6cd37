/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the lab's host side (call.c) and guest side (agent.c) say to each other
 *
 * One virtio-serial port carries one command at a time, as frames:
 *   u8 type, u16 length (little endian), payload of at most LAB_FRAME_MAX
 * A zero where a type is expected is padding and stands for nothing. A client
 * begins with LAB_PADDING zeros, enough to end whatever frame a client before
 * it left half sent, then says HELLO; the guest's HELLO gives the same token
 * back, and what precedes it was meant for that other client. The command
 * follows that answer, never precedes it.
 */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define LAB_PORTS	8	/* commands at the same time */
#define LAB_HEAD	3
#define LAB_FRAME_MAX	8192
#define LAB_PADDING	(LAB_HEAD + LAB_FRAME_MAX)
#define LAB_TOKEN	16
#define LAB_ARGS_MAX	(128 * 1024)
#define LAB_WINDOW	(64 * 1024)	/* input bytes the guest has not reported as taken */

/**
 * enum lab_type - kinds of frames
 * @LAB_PAD: padding, one byte and no length
 * @LAB_HELLO: both ways, a token of LAB_TOKEN bytes; ends any earlier command
 * @LAB_ARG: to the guest: a piece of the arguments, each ended by a NUL
 * @LAB_RUN: to the guest: start the command
 * @LAB_IN: to the guest: standard input
 * @LAB_IN_END: to the guest: end of standard input
 * @LAB_OUT: from the guest: standard output
 * @LAB_ERR: from the guest: standard error
 * @LAB_TOOK: from the guest: u32, so many bytes of input have been used
 * @LAB_EXIT: from the guest: u8, exit status as a shell gives it; the end
 */
enum lab_type {
	LAB_PAD,
	LAB_HELLO,
	LAB_ARG,
	LAB_RUN,
	LAB_IN,
	LAB_IN_END,
	LAB_OUT,
	LAB_ERR,
	LAB_TOOK,
	LAB_EXIT,
};

/**
 * struct lab_parser - frames out of a byte stream
 * @buf: the frame being collected
 * @have: how much of it is there
 */
struct lab_parser {
	uint8_t buf[LAB_HEAD + LAB_FRAME_MAX];
	size_t have;
};

/**
 * lab_head() - write the head of a frame
 * @p: LAB_HEAD bytes
 * @type: enum lab_type
 * @len: length of the payload, at most LAB_FRAME_MAX
 *
 * Return: length of the whole frame
 */
size_t lab_head(uint8_t *p, enum lab_type type, size_t len);

/**
 * lab_frame() - take bytes until a frame is complete
 * @ps: the parser
 * @p: bytes not yet looked at; advanced
 * @len: how many; reduced
 *
 * A length above LAB_FRAME_MAX can only be noise and is skipped.
 *
 * Return: the type of the frame now in @ps, or LAB_PAD when more bytes are needed
 */
enum lab_type lab_frame(struct lab_parser *ps, const uint8_t **p, size_t *len);

/**
 * lab_payload() - payload of the frame just completed
 * @ps: the parser
 * @len: set to its length
 *
 * Return: its first byte; valid until lab_frame() is called again
 */
const uint8_t *lab_payload(const struct lab_parser *ps, size_t *len);

#endif /* LAB_WIRE_H */
