// SPDX-License-Identifier: GPL-2.0-only
/*
 * NTLMSSP (MS-NLMP section 2.2.1), as far as a server gets that lets nobody in:
 * read which message came, write the CHALLENGE_MESSAGE.
 */
#include "smb.h"

#define SIGNATURE		"NTLMSSP"	/* with its NUL */

#define TYPE_NEGOTIATE		1
#define TYPE_CHALLENGE		2
#define TYPE_AUTHENTICATE	3

#define FLAG_UNICODE		0x00000001
#define FLAG_OEM		0x00000002
#define FLAG_REQUEST_TARGET	0x00000004
#define FLAG_SIGN		0x00000010
#define FLAG_SEAL		0x00000020
#define FLAG_NTLM		0x00000200
#define FLAG_ALWAYS_SIGN	0x00008000
#define FLAG_TARGET_SERVER	0x00020000
#define FLAG_EXTENDED_SESSION	0x00080000
#define FLAG_TARGET_INFO	0x00800000
#define FLAG_VERSION		0x02000000
#define FLAG_128		0x20000000
#define FLAG_KEY_EXCHANGE	0x40000000
#define FLAG_56			0x80000000
/* What is granted when the client asks for it. */
#define FLAG_GRANTED		(FLAG_REQUEST_TARGET | FLAG_SIGN | FLAG_SEAL | FLAG_NTLM | \
				 FLAG_ALWAYS_SIGN | FLAG_EXTENDED_SESSION | FLAG_VERSION | \
				 FLAG_128 | FLAG_KEY_EXCHANGE | FLAG_56)

/* AV pairs of the target information (section 2.2.2.1). */
#define AV_END			0
#define AV_NB_COMPUTER		1
#define AV_NB_DOMAIN		2
#define AV_DNS_COMPUTER		3
#define AV_DNS_DOMAIN		4
#define AV_TIMESTAMP		7

/* The names behind the fixed part, then the target information. */
#define FIXED_LEN		56
#define INFO_LEN		(4 * (4 + 2 * MSD_SMB_NAME_LEN) + 4 + 8 + 4)
#define NTLM_REVISION		15

enum msd_ntlm msd_ntlm_read(struct msd_view token, u32 *flags)
{
	u32 type;

	if (!msd_starts(&token, SIGNATURE, sizeof(SIGNATURE)))
		return MSD_NTLM_NONE;
	msd_skip(&token, sizeof(SIGNATURE));
	type = msd_get_le32(&token);
	if (type == TYPE_AUTHENTICATE)
		return MSD_NTLM_AUTHENTICATE;
	*flags = msd_get_le32(&token);
	if (type != TYPE_NEGOTIATE || !msd_view_ok(&token))
		return MSD_NTLM_BAD;
	return MSD_NTLM_NEGOTIATE;
}

/* Length, room and place of something in the variable part. */
static void put_field(struct msd_buf *out, u16 len, u32 at)
{
	msd_put_le16(out, len);
	msd_put_le16(out, len);
	msd_put_le32(out, at);
}

static void put_av_name(struct msd_buf *out, u16 id, const char *name)
{
	msd_put_le16(out, id);
	msd_put_le16(out, 2 * MSD_SMB_NAME_LEN);
	msd_smb_put_str(out, name, true);
}

/* A server outside a domain has one name for everything. */
static void put_target_info(struct msd_buf *out, const char *name, u64 time)
{
	put_av_name(out, AV_NB_DOMAIN, name);
	put_av_name(out, AV_NB_COMPUTER, name);
	put_av_name(out, AV_DNS_DOMAIN, name);
	put_av_name(out, AV_DNS_COMPUTER, name);
	msd_put_le16(out, AV_TIMESTAMP);
	msd_put_le16(out, 8);
	msd_put_le64(out, time);
	msd_put_le16(out, AV_END);
	msd_put_le16(out, 0);
}

static void put_version(struct msd_buf *out)
{
	msd_put8(out, MSD_SMB_OS_MAJOR);
	msd_put8(out, MSD_SMB_OS_MINOR);
	msd_put_le16(out, MSD_SMB_OS_BUILD);
	msd_put_zero(out, 3);
	msd_put8(out, NTLM_REVISION);
}

void msd_ntlm_put_challenge(const struct msd_request *rq, u32 flags,
			    struct msd_buf *out)
{
	bool unicode = flags & FLAG_UNICODE;
	u16 name_len = MSD_SMB_NAME_LEN * (unicode ? 2 : 1);
	char name[MSD_SMB_NAME_LEN + 1];

	msd_smb_name(rq, name);
	msd_put_bytes(out, SIGNATURE, sizeof(SIGNATURE));
	msd_put_le32(out, TYPE_CHALLENGE);
	put_field(out, name_len, FIXED_LEN);
	msd_put_le32(out, (flags & FLAG_GRANTED) | FLAG_TARGET_SERVER | FLAG_TARGET_INFO |
			  (unicode ? FLAG_UNICODE : FLAG_OEM));
	msd_put_le64(out, msd_smb_secret(rq, MSD_SMB_CHALLENGE));
	msd_put_zero(out, 8);
	put_field(out, INFO_LEN, FIXED_LEN + name_len);
	put_version(out);
	msd_smb_put_str(out, name, unicode);
	put_target_info(out, name, msd_smb_time(rq->ctx));
}
