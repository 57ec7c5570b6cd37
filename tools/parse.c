// SPDX-License-Identifier: GPL-2.0-only
/* Reads addresses, prefixes, ranges, keys and files of addresses. */
#include <arpa/inet.h>
#include <string.h>
#include "parse_int.h"

/* Return: bytes of the address, 0 when @text is none. */
static __u8 parse_addr(__u8 out[16], const char *text)
{
	if (inet_pton(AF_INET, text, out) == 1)
		return 4;
	return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

/* Decimal without sign, blank or leading zero. Return: -1 when above @max. */
static int parse_length(const char *text, int max)
{
	int val = 0;

	if (!*text || (*text == '0' && text[1]))
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		val = 10 * val + *text - '0';
		if (val > max)
			return -1;
	}
	return val;
}

/* Make @r the network of @r->first. Return: true when host bits were set. */
static bool apply_prefix(struct addr_range *r, int prefix)
{
	bool host_bits = false;
	int i;

	for (i = 0; i < r->len; i++) {
		int bits = prefix - 8 * i;
		__u8 host = bits >= 8 ? 0 : bits <= 0 ? 0xff : 0xff >> bits;

		host_bits |= r->first[i] & host;
		r->first[i] &= ~host;
		r->last[i] = r->first[i] | host;
	}
	return host_bits;
}

static int parse_prefix(struct addr_range *r, const char *addr,
			const char *length, struct err *err)
{
	char net[RANGE_TEXT];
	int prefix;

	r->len = parse_addr(r->first, addr);
	if (!r->len)
		return err_set(err, "not an IPv4 or IPv6 address");
	prefix = parse_length(length, 8 * r->len);
	if (prefix < 0)
		return err_set(err, "prefix length must be 0 to %d",
			       8 * r->len);
	if (apply_prefix(r, prefix))
		return err_set(err, "host bits are set; the network is %s",
			       addr_range_text(r, net));
	return 0;
}

static int parse_first_last(struct addr_range *r, const char *first,
			    const char *last, struct err *err)
{
	r->len = parse_addr(r->first, first);
	if (!r->len)
		return err_set(err, "not an IPv4 or IPv6 address");
	if (parse_addr(r->last, last) != r->len)
		return err_set(err, "the end is not an IPv%d address",
			       r->len == 4 ? 4 : 6);
	if (memcmp(r->first, r->last, r->len) > 0)
		return err_set(err, "the range ends before it begins");
	return 0;
}

/* The same as parse_range(); the sentence does not quote @text. */
static int parse_unquoted(struct addr_range *out, const char *text,
			  struct err *err)
{
	char buf[RANGE_TEXT];
	char *sep;

	memset(out, 0, sizeof(*out));
	if (strlen(text) >= sizeof(buf))
		return err_set(err, "not an IPv4 or IPv6 address");
	strcpy(buf, text);
	sep = strpbrk(buf, "/-");
	if (!sep)
		return parse_first_last(out, buf, buf, err);
	if (*sep == '/') {
		*sep = '\0';
		return parse_prefix(out, buf, sep + 1, err);
	}
	return parse_first_last(out, cut_blanks(buf, sep), skip_blanks(sep + 1),
				err);
}

int parse_range(struct addr_range *out, const char *text, struct err *err)
{
	char quoted[QUOTE_LEN];

	if (!parse_unquoted(out, text, err))
		return 0;
	return err_prefix(err, err_quote(quoted, sizeof(quoted), text));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One or two hex digits. Return: how many, 0 when there is none. */
static int hex_group(const char *text, __u8 *out)
{
	int n;

	*out = 0;
	for (n = 0; n < 2 && hex_digit(text[n]) >= 0; n++)
		*out = *out << 4 | hex_digit(text[n]);
	return n;
}

static bool all_zero(const __u8 *p, size_t n)
{
	while (n && !p[n - 1])
		n--;
	return !n;
}

/* Return: false when @text is not six groups. */
static bool split_mac(__u8 out[MAC_LEN], const char *text)
{
	int i;

	for (i = 0; i < MAC_LEN; i++) {
		int n = hex_group(text, &out[i]);

		text += n;
		if (!n || *text != (i < MAC_LEN - 1 ? ':' : '\0'))
			return false;
		text++;
	}
	return true;
}

int parse_mac(__u8 out[MAC_LEN], const char *text, struct err *err)
{
	char quoted[QUOTE_LEN];

	err_quote(quoted, sizeof(quoted), text);
	if (!split_mac(out, text))
		return err_set(err, "%s: not a MAC address", quoted);
	if (all_zero(out, MAC_LEN))
		return err_set(err, "%s: the zero MAC address is nobody's",
			       quoted);
	if (out[0] & 1)
		return err_set(err, "%s: a multicast MAC address cannot be own",
			       quoted);
	return 0;
}

int parse_key(__u8 out[KEY_LEN], const char *text, struct err *err)
{
	int i;

	for (i = 0; i < KEY_LEN; i++)
		if (hex_group(text + 2 * i, &out[i]) != 2)
			break;
	if (i < KEY_LEN || text[2 * i])
		return err_set(err, "a key is 32 hex digits");
	if (all_zero(out, KEY_LEN))
		return err_set(err, "a key of zeros is no key");
	return 0;
}

static bool vlan_id(const char **text, __u32 *id)
{
	const char *p = *text;

	for (*id = 0; *p >= '0' && *p <= '9' && *id <= MSD_VLAN_ID_MAX; p++)
		*id = *id * 10 + (*p - '0');
	if (p == *text || *id > MSD_VLAN_ID_MAX)
		return false;
	*text = p;
	return true;
}

int parse_vlan(struct vlan_list *list, const char *text, struct err *err)
{
	const char *p = text;
	char quoted[80];
	__u32 *r;

	if (list->n == MSD_VLAN_RANGES_MAX)
		return err_set(err, "more than %d VLANs", MSD_VLAN_RANGES_MAX);
	r = list->r[list->n];
	if (vlan_id(&p, &r[0])) {
		r[1] = r[0];
		if ((!*p || (*p++ == '-' && vlan_id(&p, &r[1]))) && !*p &&
		    r[0] <= r[1]) {
			list->n++;
			return 0;
		}
	}
	return err_set(err,
		       "%s: not a VLAN from 0 (untagged) to %d, or FIRST-LAST",
		       err_quote(quoted, sizeof(quoted), text),
		       MSD_VLAN_ID_MAX);
}

int parse_snap(__u32 *out, const char *text, struct err *err)
{
	unsigned long value = 0;
	const char *p = text;

	while (*p >= '0' && *p <= '9' && value <= MSD_SNAP_MAX)
		value = value * 10 + (*p++ - '0');
	if (p == text || *p || value > MSD_SNAP_MAX)
		return err_set(err, "a number of bytes from 0 to %d is wanted",
			       MSD_SNAP_MAX);
	*out = value;
	return 0;
}

int parse_banner(char out[MSD_SSH_BANNER_MAX + 1], const char *text,
		 struct err *err)
{
	size_t len = strlen(text);
	size_t i;

	if (len < MSD_SSH_BANNER_MIN || len > MSD_SSH_BANNER_MAX)
		return err_set(err, "an SSH banner is %d to %d characters",
			       MSD_SSH_BANNER_MIN, MSD_SSH_BANNER_MAX);
	for (i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return err_set(err, "an SSH banner is printable ASCII");
	memcpy(out, text, len + 1);
	return 0;
}
