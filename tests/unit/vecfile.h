/* SPDX-License-Identifier: GPL-2.0-only */
/* Reader of vector files; the format is described in tests/vectors/README. */
#ifndef MSD_VECFILE_H
#define MSD_VECFILE_H

#include <stdio.h>
#include "../../kmod/proto/proto.h"

#define VEC_BYTES_MAX 12288
#define VEC_NAME_MAX 128

/**
 * struct vec_bytes - a byte string of a vector
 * @data: the bytes
 * @len: how many
 * @set: the key was there (an empty string is not an absent one)
 */
struct vec_bytes {
	u8 data[VEC_BYTES_MAX];
	u32 len;
	bool set;
};

/**
 * struct vec - one vector
 * @name: free text
 * @path: its file
 * @line: line of its first key
 * @transports: MSD_TCP, MSD_UDP or both
 * @offset: bytes of ours the client has read (TCP)
 * @whole: bytes of the request after which the answer is due; default all
 * @result: what msd_proto_ask() returns for the whole request
 * @responder: who answers
 * @close: the responder ends the connection
 * @pipelined: several requests; some of them draw the beginning of the reply
 * @port: port the reply comes from, or -1: the one asked
 * @request: the request
 * @reply: expected reply
 * @reply6: expected over IPv6, when it differs
 */
struct vec {
	char name[VEC_NAME_MAX];
	const char *path;
	int line;
	u8 transports;
	u32 offset;
	u32 whole;
	enum msd_ask result;
	char responder[VEC_NAME_MAX];
	bool close;
	bool pipelined;
	int port;
	struct vec_bytes request;
	struct vec_bytes reply;
	struct vec_bytes reply6;
};

/**
 * struct vec_file - an open vector file
 * @f: the stream
 * @path: its path, for messages
 * @line: number of the line read last
 */
struct vec_file {
	FILE *f;
	const char *path;
	int line;
};

/* Open a vector file; exits with a message when that fails. */
void vec_open(struct vec_file *vf, const char *path);

/**
 * vec_next() - read the next vector
 * @vf: the file
 * @v: receives it
 *
 * A file that breaks the format ends the program with file, line and reason.
 *
 * Return: false at the end of the file, which is closed then.
 */
bool vec_next(struct vec_file *vf, struct vec *v);

/* Print @n bytes as C strings with escapes, 64 bytes a line, after @key. */
void vec_print_bytes(const char *key, const u8 *p, u32 n);

/* "answer", "silent", "not-mine", "more" */
const char *vec_result_name(enum msd_ask ask);

#endif /* MSD_VECFILE_H */
