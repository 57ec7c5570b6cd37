// SPDX-License-Identifier: GPL-2.0-only
/*
 * SSH server, as far as the exchange of identifications (RFC 4253 section 4.2),
 * with the refusals of OpenSSH 9.2.
 *
 *	client's line				reply
 *	SSH-2.x-software, SSH-1.99-software	the identification set for the
 *						interface, CR LF
 *	SSH-1.x-software, SSH-3.x-software	the same, "Protocol major versions
 *						differ.", end
 *	SSH- and anything else			the same, "Invalid SSH
 *						identification string.", end
 *
 * What follows the client's line in the same segment (KEXINIT) is dropped. A
 * client that has read something of ours has had our identification: a valid
 * line ends the dialogue there, and a refusal comes without it.
 *
 * Our reply reads like a client's identification. Over TCP that does no harm,
 * since we never open a connection. Over UDP two sensors could be set upon
 * each other, so there nobody is refused and a reply is always shorter than
 * what drew it: every such exchange ends, whatever the two are set to say.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include "proto.h"

/* Longest identification, with its line end, that OpenSSH reads. */
#define IDENT_MAX 8192

static const char invalid[] = "Invalid SSH identification string.\r\n";
static const char differs[] = "Protocol major versions differ.\r\n";

static const struct msd_pattern patterns[] = {
	MSD_PATTERN("SSH-"),
};

/* Take a number; false when there is none, or too large a one. */
static bool take_number(struct msd_view *v, u32 *val)
{
	u32 digits = 0;

	for (*val = 0; v->len && *v->p >= '0' && *v->p <= '9'; msd_skip(v, 1)) {
		*val = 10 * *val + *v->p - '0';
		digits++;
	}
	return digits && digits < 9;
}

static bool take_char(struct msd_view *v, char c)
{
	return msd_get8(v) == c && msd_view_ok(v);
}

/* Bytes no identification has: NUL, and CR before anything but the line end. */
static bool has_bad_bytes(const struct msd_view *line)
{
	return msd_find(line, '\0') >= 0 || msd_find(line, '\r') >= 0;
}

/* Judge an identification without its LF; NULL, or why it is refused. */
static const char *refusal(struct msd_view line)
{
	u32 major, minor;

	while (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	msd_skip(&line, strlen("SSH-"));
	if (has_bad_bytes(&line) ||
	    !take_number(&line, &major) || !take_char(&line, '.') ||
	    !take_number(&line, &minor) || !take_char(&line, '-') || !line.len)
		return invalid;
	return major == 2 || (major == 1 && minor == 99) ? NULL : differs;
}

static enum msd_ask ssh_answer(struct msd_request *rq, struct msd_buf *out)
{
	const struct msd_config *cfg = rq->ctx->cfg;
	struct msd_view in = rq->in;
	const char *why;
	int end;

	end = msd_find(&in, '\n');
	if (end < 0) {
		rq->until = MSD_UNTIL_LINE;
		return MSD_ASK_MORE;
	}
	why = end >= IDENT_MAX ? invalid : refusal(msd_sub(&in, end));
	if (rq->transport == MSD_UDP && (why || cfg->ssh_len + 2 >= rq->in.len))
		return MSD_ASK_SILENT;
	if (rq->offset && !why)
		return MSD_ASK_SILENT;
	if (!rq->offset) {
		msd_put_bytes(out, cfg->ssh, cfg->ssh_len);
		msd_put_lit(out, "\r\n");
	}
	if (why)
		msd_put_str(out, why);
	rq->close = why;
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
