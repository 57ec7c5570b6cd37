// SPDX-License-Identifier: GPL-2.0-only
/*
 * SSH server, as far as the exchange of identifications (RFC 4253 section 4.2).
 *
 *	client	SSH-protoversion-softwareversion[ SP comments] [CR] LF
 *	reply	the identification set for the interface, CR LF
 *
 * What follows the client's line in the same segment (KEXINIT) is dropped. A
 * client that has read something of ours has had its answer: the dialogue
 * ends here.
 *
 * Our reply reads like a client's identification. Over TCP that does no harm,
 * since we never open a connection. Over UDP two sensors could be set upon
 * each other, so there a reply is always shorter than what drew it: every
 * such exchange ends, whatever the two are set to say.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "proto.h"

/* Longest identification, with its line end. */
#define IDENT_MAX 255

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("SSH-"),
};

/* Is it a protocol version, such as 2.0, 1.99 or 1.5? */
static bool version_valid(const struct msd_view *v)
{
	u32 i;

	for (i = 0; i < v->len; i++)
		if ((v->p[i] < '0' || v->p[i] > '9') && v->p[i] != '.')
			return false;
	return v->len;
}

/* Is it a software version, with or without comments? UTF-8 is let pass. */
static bool software_valid(const struct msd_view *v)
{
	u32 i;

	for (i = 0; i < v->len; i++)
		if (v->p[i] < ' ' || v->p[i] == 0x7f)
			return false;
	return v->len && v->p[0] != ' ';
}

/* Judge an identification without its line end. */
static bool ident_valid(struct msd_view line)
{
	struct msd_view version;
	int dash;

	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	msd_skip(&line, strlen("SSH-"));
	dash = msd_find(&line, '-');
	if (dash < 0)
		return false;
	version = msd_sub(&line, dash);
	msd_skip(&line, 1);
	return version_valid(&version) && software_valid(&line);
}

static enum msd_ask ssh_answer(struct msd_request *rq, struct msd_buf *out)
{
	const struct msd_config *cfg = rq->ctx->cfg;
	struct msd_view in = rq->in;
	int end;

	msd_trim(&in, IDENT_MAX);
	end = msd_find(&in, '\n');
	if (end < 0)
		return in.len < IDENT_MAX ? MSD_ASK_MORE : MSD_ASK_NOT_MINE;
	if (!ident_valid(msd_sub(&in, end)))
		return MSD_ASK_NOT_MINE;
	if (rq->offset)
		return MSD_ASK_SILENT;
	msd_put_bytes(out, cfg->ssh, cfg->ssh_len);
	msd_put_lit(out, "\r\n");
	if (rq->transport == MSD_UDP && out->len >= rq->in.len)
		return MSD_ASK_SILENT;
	return MSD_ASK_ANSWER;
}

const struct msd_responder msd_ssh = {
	.name = "ssh",
	.source = "RFC 4253",
	.transports = MSD_TCP | MSD_UDP,
	.npatterns = ARRAY_SIZE(patterns),
	.patterns = patterns,
	.answer = ssh_answer,
};
