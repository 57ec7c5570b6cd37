// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMB, both generations: the frame of RFC 1002 section 4.3.1 around a message,
 * and the server's identity. Everything that makes a server one of its kind is
 * a hash of our address, so it stays the same between connections and differs
 * between addresses.
 */
#include "smb.h"

/* Sets our hashes apart from all others made with the same key. */
#define TWEAK 0x534d420000000000ULL
#define MESSAGE_MAX 4096
#define FRAME_LEN 4
/* Seconds from 1601 to 1970. */
#define FILETIME_EPOCH 11644473600ULL

static struct msd_u128 number(u8 family, const struct in6_addr *addr)
{
	if (family == 6)
		return msd_u128(addr);
	return (struct msd_u128){ .lo = get_unaligned_be32(addr->s6_addr) };
}

u64 msd_smb_secret(const struct msd_request *rq, u32 which)
{
	u8 family = rq->flow->family;
	struct msd_u128 own = number(family, &rq->flow->daddr);

	return siphash_3u64(own.hi, own.lo, TWEAK | which << 8 | family,
			    &rq->ctx->cfg->key);
}

u64 msd_smb_conn_secret(const struct msd_request *rq, u32 which)
{
	const struct msd_flow *f = rq->flow;
	struct msd_u128 client = number(f->family, &f->saddr);
	u32 ports = (u32)be16_to_cpu(f->sport) << 16 | be16_to_cpu(f->dport);

	return siphash_4u64(msd_smb_secret(rq, which), client.hi, client.lo, ports,
			    &rq->ctx->cfg->key);
}

void msd_smb_name(const struct msd_request *rq, char name[MSD_SMB_NAME_LEN + 1])
{
	static const char letters[32] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
	u64 hash = msd_smb_secret(rq, MSD_SMB_NAME);
	u32 i;

	memcpy(name, "WIN-", 4);
	for (i = 4; i < MSD_SMB_NAME_LEN; i++, hash >>= 5)
		name[i] = letters[hash & 31];
	name[i] = '\0';
}

u64 msd_smb_time(const struct msd_ctx *ctx)
{
	return (ctx->now + FILETIME_EPOCH) * 10000000;
}

void msd_smb_put_str(struct msd_buf *out, const char *s, bool unicode)
{
	for (; *s; s++) {
		msd_put8(out, *s);
		if (unicode)
			msd_put8(out, 0);
	}
}

void msd_smb_put_guid(struct msd_buf *out, const struct msd_request *rq)
{
	msd_put_le64(out, msd_smb_secret(rq, MSD_SMB_GUID));
	msd_put_le64(out, msd_smb_secret(rq, MSD_SMB_GUID_END));
}

enum msd_ask msd_smb_open(struct msd_request *rq, struct msd_view *msg)
{
	struct msd_view v = rq->in;
	u32 len = msd_get_be32(&v);

	/* The first of these four bytes is the type, 0: session message. */
	if (!msd_view_ok(&v) || len > MESSAGE_MAX)
		return MSD_ASK_NOT_MINE;
	if (v.len < len) {
		rq->need = FRAME_LEN + len;
		return MSD_ASK_MORE;
	}
	*msg = msd_sub(&v, len);
	return MSD_ASK_ANSWER;
}

u32 msd_smb_begin(struct msd_buf *out)
{
	msd_put_be32(out, 0);
	return out->len;
}

void msd_smb_end(struct msd_buf *out, u32 start)
{
	msd_patch_be32(out, start - FRAME_LEN, out->len - start);
}
