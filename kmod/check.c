// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator may ask for. Every refusal has its sentence.
 */
#include <linux/etherdevice.h>
#include "edit.h"

#define REFUSE(extack, attr, sentence)					\
	({								\
		NL_SET_ERR_MSG_ATTR(extack, attr, sentence);		\
		-EINVAL;						\
	})

int msd_say_full(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "address lists and open edits of this network namespace would take more than 128 MiB");
	return -ENOSPC;
}

static bool meets4(const struct msd_range4 *r, u32 first, u32 last)
{
	return r->first <= last && r->last >= first;
}

int msd_check_own4(const struct msd_range4 *r, const struct nlattr *attr,
		   struct netlink_ext_ack *extack)
{
	if (meets4(r, 0x00000000, 0x00ffffff))
		return REFUSE(extack, attr,
			      "an own range touches 0.0.0.0/8; to answer for every address but the host's, say `address any`");
	if (meets4(r, 0x7f000000, 0x7fffffff))
		return REFUSE(extack, attr,
			      "an own range touches 127.0.0.0/8 (loopback)");
	if (meets4(r, 0xe0000000, 0xffffffff))
		return REFUSE(extack, attr,
			      "an own range touches 224.0.0.0/3 (multicast, reserved, broadcast)");
	return 0;
}

int msd_check_own6(const struct msd_range6 *r, const struct nlattr *attr,
		   struct netlink_ext_ack *extack)
{
	if (!r->first.hi && r->first.lo <= 1)
		return REFUSE(extack, attr,
			      "an own range contains :: or ::1; to answer for every address but the host's, say `address any`");
	if (!r->first.hi && r->first.lo <= 0xffffffffffffULL &&
	    (r->last.hi || r->last.lo >= 0xffff00000000ULL))
		return REFUSE(extack, attr,
			      "an own range touches ::ffff:0:0/96 (IPv4-mapped addresses)");
	if (r->last.hi >= 0xff00000000000000ULL)
		return REFUSE(extack, attr,
			      "an own range touches ff00::/8 (multicast)");
	return 0;
}

int msd_check_mac(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (is_multicast_ether_addr(nla_data(attr)))
		return REFUSE(extack, attr,
			      "the MAC address is a multicast address");
	return 0;
}

/* softwareversion: printable, without space and minus; then perhaps a comment */
static bool ssh_software_ok(const char *s, int len)
{
	int i;

	for (i = 0; i < len && s[i] != ' '; i++)
		if (s[i] < 0x21 || s[i] > 0x7e || s[i] == '-')
			return false;
	return i > 0;
}

static bool printable(const char *s, int len)
{
	int i;

	for (i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	return true;
}

/* Length of the protocol version a banner begins with, or 0. */
static int ssh_version(const char *s, int len)
{
	static const char *const versions[] = { "SSH-2.0-", "SSH-1.99-" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		int n = strlen(versions[i]);

		if (len >= n && !memcmp(s, versions[i], n))
			return n;
	}
	return 0;
}

int msd_check_ssh(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const char *s = nla_data(attr);
	int len = nla_len(attr);
	int n;

	if (len && !s[len - 1])
		len--;
	if (len < MSD_SSH_BANNER_MIN || len > MSD_SSH_BANNER_MAX)
		return REFUSE(extack, attr, "an SSH banner has 5 to 253 bytes");
	if (!printable(s, len))
		return REFUSE(extack, attr,
			      "an SSH banner consists of printable US-ASCII characters");
	n = ssh_version(s, len);
	if (!n)
		return REFUSE(extack, attr,
			      "an SSH banner begins with SSH-2.0- or SSH-1.99-");
	if (!ssh_software_ok(s + n, len - n))
		return REFUSE(extack, attr,
			      "the software version of an SSH banner is not empty and has no minus sign (RFC 4253 section 4.2)");
	return len;
}
