/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One command in the lab's guest: its process and its three pipes
 */
#ifndef LAB_JOB_H
#define LAB_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire.h"

/**
 * struct stream - standard output or error of the command
 * @fd: our end of the pipe, -1 when closed
 * @left: once the command has ended, bytes of its own still in the pipe
 */
struct stream {
	int fd;
	int left;
};

/**
 * struct job - the command of one port
 * @pid: its process, 0 when none
 * @pidfd: readable when it has ended; -1 then
 * @status: exit status once it has ended
 * @in: pipe to its standard input, -1 when closed
 * @out: standard output
 * @err: standard error
 * @took: input bytes used and not yet reported
 * @in_len: input bytes waiting in @in_buf
 * @in_end: the client has no more input
 * @in_buf: input not yet written to the command
 */
struct job {
	pid_t pid;
	int pidfd;
	int status;
	int in;
	struct stream out;
	struct stream err;
	uint32_t took;
	size_t in_len;
	bool in_end;
	uint8_t in_buf[LAB_WINDOW];
};

/**
 * lab_job_start() - start a command in a session of its own
 * @job: none runs in it
 * @args: its arguments, one string after the other
 * @len: their length with the NUL of each
 *
 * What cannot be executed ends with status 126 or 127 and a sentence, as in a
 * shell. When there is no process to be had, @job stays without one.
 */
void lab_job_start(struct job *job, char *args, size_t len);

/**
 * lab_job_feed() - give the command what there is of its input
 * @job: the command
 *
 * Input for a command that no longer reads is used up all the same.
 */
void lab_job_feed(struct job *job);

/**
 * lab_job_ended() - take note that the command's process has ended
 * @job: the command; its pidfd is readable
 *
 * What it wrote is in the pipes by now; anything later is not its own.
 */
void lab_job_ended(struct job *job);

/**
 * lab_job_kill() - end the command and its session, and forget it
 * @job: with a command or without
 */
void lab_job_kill(struct job *job);

/**
 * lab_job_forget() - close what is open and make room for another command
 * @job: its process has ended, or never was
 */
void lab_job_forget(struct job *job);

#endif /* LAB_JOB_H */
