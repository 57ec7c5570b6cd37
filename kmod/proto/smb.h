/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What SMB1 and SMB2 share: the frame around a message, who we pretend to be,
 * and the logon that never succeeds.
 */
#ifndef MSD_SMB_H
#define MSD_SMB_H

#include "proto.h"

/* Status codes (MS-ERREF section 2.3). */
#define MSD_STATUS_OK			0x00000000
#define MSD_STATUS_INVALID_SMB		0x00010002
#define MSD_STATUS_BAD_UID		0x005b0002
#define MSD_STATUS_INVALID_PARAMETER	0xc000000d
#define MSD_STATUS_MORE_PROCESSING	0xc0000016
#define MSD_STATUS_LOGON_FAILURE	0xc000006d
#define MSD_STATUS_NOT_SUPPORTED	0xc00000bb
#define MSD_STATUS_SESSION_DELETED	0xc0000203
#define MSD_STATUS_NO_HASH_OVERLAP	0xc05d0000

/* Windows Server 2016: the last that speaks SMB1 out of the box. */
#define MSD_SMB_OS		"Windows Server 2016 Standard 14393"
#define MSD_SMB_LANMAN		"Windows Server 2016 Standard 6.3"
#define MSD_SMB_OS_MAJOR	10
#define MSD_SMB_OS_MINOR	0
#define MSD_SMB_OS_BUILD	14393

/* Length of a server name, as Windows makes one up: WIN- and 11 characters. */
#define MSD_SMB_NAME_LEN	15

/* Value for msd_smb_negotiate2(): the client is to name dialects in SMB2. */
#define MSD_SMB2_WILDCARD	0x02ff
#define MSD_SMB2_0202		0x0202

/* smb.c */

/**
 * enum msd_smb_secret - values that differ from address to address
 * @MSD_SMB_GUID: two halves, this and the next
 * @MSD_SMB_GUID_END: second half
 * @MSD_SMB_NAME: server name
 * @MSD_SMB_CHALLENGE: NTLM and LAN manager challenge
 * @MSD_SMB_SESSION: SMB2 session id
 * @MSD_SMB_SALT: SMB 3.1.1 preauthentication salt, four words from here
 */
enum msd_smb_secret {
	MSD_SMB_GUID,
	MSD_SMB_GUID_END,
	MSD_SMB_NAME,
	MSD_SMB_CHALLENGE,
	MSD_SMB_SESSION,
	MSD_SMB_SALT,
};

/**
 * msd_smb_secret() - a value that stays the same for one of our addresses
 * @rq: the request; its destination address and the key count
 * @which: for what
 */
u64 msd_smb_secret(const struct msd_request *rq, u32 which);

/**
 * msd_smb_conn_secret() - a value that stays the same for one connection
 * @rq: the request; both addresses, both ports and the key count
 * @which: for what
 */
u64 msd_smb_conn_secret(const struct msd_request *rq, u32 which);

/**
 * msd_smb_name() - the server's name
 * @rq: the request; see msd_smb_secret()
 * @name: receives MSD_SMB_NAME_LEN characters and a NUL
 */
void msd_smb_name(const struct msd_request *rq, char name[MSD_SMB_NAME_LEN + 1]);

/* Time as a FILETIME: units of 100 ns since 1601. */
u64 msd_smb_time(const struct msd_ctx *ctx);

/* Write a string without its NUL, in UTF-16LE when @unicode. */
void msd_smb_put_str(struct msd_buf *out, const char *s, bool unicode);

/* Write the server GUID. */
void msd_smb_put_guid(struct msd_buf *out, const struct msd_request *rq);

/**
 * msd_smb_open() - take the message out of its NetBIOS session frame
 * @rq: the request; told how long it has to be
 * @msg: out: the message
 *
 * Return: MSD_ASK_ANSWER when @msg is whole, else what to return.
 */
enum msd_ask msd_smb_open(struct msd_request *rq, struct msd_view *msg);

/**
 * msd_smb_first() - is this the client's first message?
 * @rq: the request
 *
 * A NetBIOS session request may have come before, and our four bytes to it.
 */
static inline bool msd_smb_first(const struct msd_request *rq)
{
	return rq->offset <= 4;
}

/**
 * msd_smb_end_silent() - end the connection without a word
 * @rq: the request
 *
 * Return: MSD_ASK_SILENT.
 */
static inline enum msd_ask msd_smb_end_silent(struct msd_request *rq)
{
	rq->close = true;
	return MSD_ASK_SILENT;
}

/* Begin a frame; returns what msd_smb_end() wants. */
u32 msd_smb_begin(struct msd_buf *out);

/* End the frame that began at @start: write its length. */
void msd_smb_end(struct msd_buf *out, u32 start);

/* smb2.c */

/**
 * msd_smb_negotiate2() - answer an SMB1 negotiate in SMB2
 * @rq: the request
 * @dialect: MSD_SMB2_WILDCARD or MSD_SMB2_0202
 * @out: receives the message, without its frame
 */
void msd_smb_negotiate2(const struct msd_request *rq, u16 dialect,
			struct msd_buf *out);

/* ntlm.c */

/**
 * enum msd_ntlm - what a client's NTLMSSP token is
 * @MSD_NTLM_NONE: not NTLMSSP
 * @MSD_NTLM_BAD: neither of the two below, or cut short
 * @MSD_NTLM_NEGOTIATE: the first
 * @MSD_NTLM_AUTHENTICATE: the last
 */
enum msd_ntlm {
	MSD_NTLM_NONE,
	MSD_NTLM_BAD,
	MSD_NTLM_NEGOTIATE,
	MSD_NTLM_AUTHENTICATE,
};

/**
 * msd_ntlm_read() - tell what a token is
 * @token: the token
 * @flags: out: negotiate flags of MSD_NTLM_NEGOTIATE
 */
enum msd_ntlm msd_ntlm_read(struct msd_view token, u32 *flags);

/**
 * msd_ntlm_put_challenge() - write the CHALLENGE_MESSAGE
 * @rq: the request
 * @flags: what the client offered
 * @out: receives it
 */
void msd_ntlm_put_challenge(const struct msd_request *rq, u32 flags,
			    struct msd_buf *out);

/* spnego.c */

/**
 * msd_spnego_put_init() - write the offer of a negotiate response
 * @out: receives a NegTokenInit2 that names NTLMSSP
 */
void msd_spnego_put_init(struct msd_buf *out);

/**
 * struct msd_logon - a logon that may go on
 * @raw: the client's token was NTLMSSP without SPNEGO around it
 * @challenge: it is the challenge's turn; otherwise NTLMSSP is just named
 * @flags: NTLM negotiate flags of the client
 */
struct msd_logon {
	bool raw;
	bool challenge;
	u32 flags;
};

/**
 * msd_spnego_read() - judge one step of a logon
 * @blob: the client's token: SPNEGO, or NTLMSSP without it
 * @l: out: for msd_spnego_put_answer()
 *
 * Return: status of the session setup; MSD_STATUS_MORE_PROCESSING when there
 * is an answer to be put.
 */
u32 msd_spnego_read(struct msd_view blob, struct msd_logon *l);

/**
 * msd_spnego_put_answer() - write our token
 * @rq: the request
 * @l: from msd_spnego_read()
 * @out: receives it
 */
void msd_spnego_put_answer(const struct msd_request *rq,
			   const struct msd_logon *l, struct msd_buf *out);

#endif /* MSD_SMB_H */
