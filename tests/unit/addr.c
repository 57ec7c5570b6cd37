// SPDX-License-Identifier: GPL-2.0-only
/* Addresses as text: RFC 5952 section 4, and the same as glibc writes. */
#include <linux/kernel.h>
#include "../../kmod/proto/proto.h"
#include "unit.h"

/* Of the C library; its header does not go with the stand-ins. */
#define LIBC_AF_INET6 10
const char *inet_ntop(int af, const void *src, char *dst, unsigned int size);

static const char *text(u8 family, const struct in6_addr *addr)
{
	static char s[64];
	struct msd_buf b = msd_buf(s, sizeof(s) - 1);

	msd_put_addr(&b, family, addr);
	s[b.len] = '\0';
	return s;
}

TEST(ipv4)
{
	struct in6_addr addr = { .s6_addr = { 192, 0, 2, 129 } };

	CHECK(!strcmp(text(4, &addr), "192.0.2.129"));
	memset(&addr, 0, sizeof(addr));
	CHECK(!strcmp(text(4, &addr), "0.0.0.0"));
	memset(&addr, 255, sizeof(addr));
	CHECK(!strcmp(text(4, &addr), "255.255.255.255"));
}

TEST(rfc5952)
{
	static const struct {
		u16 group[8];
		const char *want;
	} rows[] = {
		{ {}, "::" },
		{ { [7] = 1 }, "::1" },
		{ { 1 }, "1::" },
		{ { 0x2001, 0xdb8, 0, 0, 0, 0, 0, 1 }, "2001:db8::1" },
		{ { 0x2001, 0xdb8, 0, 1, 1, 1, 1, 1 }, "2001:db8:0:1:1:1:1:1" },
		{ { 0x2001, 0, 0, 1, 0, 0, 0, 1 }, "2001:0:0:1::1" },
		{ { 0x2001, 0xdb8, 0, 0, 1, 0, 0, 1 }, "2001:db8::1:0:0:1" },
		{ { 1, 0, 0, 2, 0, 0, 0, 0 }, "1:0:0:2::" },
		{ { 0, 0, 0, 1, 0, 0, 2, 0 }, "::1:0:0:2:0" },
		{ { 1, 2, 3, 4, 5, 6, 7, 8 }, "1:2:3:4:5:6:7:8" },
		{ { 1, 2, 3, 4, 5, 6, 0, 0 }, "1:2:3:4:5:6::" },
		{ { 0, 2, 3, 4, 5, 6, 7, 0 }, "0:2:3:4:5:6:7:0" },
		{ { 0x10, 0x200, 0x3000, 0, 0, 0, 0, 0xf }, "10:200:3000::f" },
		{ { 0, 0, 0, 0, 0, 0xffff, 0xc000, 0x281 }, "::ffff:c000:281" },
	};
	struct in6_addr addr;
	u32 i, g;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		unit_case("%s", rows[i].want);
		for (g = 0; g < 8; g++)
			put_unaligned_be16(rows[i].group[g], &addr.s6_addr[2 * g]);
		CHECK(!strcmp(text(6, &addr), rows[i].want));
	}
}

/* Zero groups at random places, against the C library. */
TEST(random_groups)
{
	char want[64];
	u32 n, i;

	for (n = 0; n < 100000; n++) {
		struct in6_addr addr = {};

		/* First group set: glibc writes ::a.b.c.d where we do not. */
		for (i = 0; i < 16; i += 2)
			if (!i || unit_below(2))
				put_unaligned_be16(1 + unit_below(0xffff), &addr.s6_addr[i]);
		inet_ntop(LIBC_AF_INET6, &addr, want, sizeof(want));
		if (!CHECK(!strcmp(text(6, &addr), want)))
			unit_note("%s, not %s", text(6, &addr), want);
	}
	CHECK_EQ(n, 100000);
}
