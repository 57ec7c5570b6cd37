// SPDX-License-Identifier: GPL-2.0-only
/* TCP options: read whatever comes, write what Linux writes. */
#include <linux/kernel.h>
#include <net/checksum.h>
#include "../../kmod/core/tcpopt.h"
#include "unit.h"

#define PARSED(s) msd_tcpopt_read(msd_view(s, sizeof(s) - 1))

TEST(linux_client)
{
	struct msd_tcpopt o = PARSED("\x02\x04\x05\xb4\x04\x02\x08\x0a"
				   "\x01\x02\x03\x04\0\0\0\0\x01\x03\x03\x07");

	CHECK_EQ(o.mss, 1460);
	CHECK(o.sack);
	CHECK(o.ts);
	CHECK(o.wscale);
	CHECK_EQ(o.tsval, 0x01020304);
	CHECK_EQ(o.tsecr, 0);
}

/* As Linux sends them behind the handshake. */
TEST(timestamps_alone)
{
	struct msd_tcpopt o = PARSED("\x01\x01\x08\x0a\x01\x02\x03\x04"
				   "\x05\x06\x07\x08");

	CHECK(o.ts);
	CHECK_EQ(o.tsval, 0x01020304);
	CHECK_EQ(o.tsecr, 0x05060708);
	CHECK(!o.mss && !o.sack && !o.wscale);
}

/* The layout of a Linux client in all but one byte is read as any other. */
TEST(nearly_linux)
{
	static const u8 syn[] = "\x02\x04\x05\xb4\x04\x02\x08\x0a"
				"\x01\x02\x03\x04\0\0\0\0\x01\x03\x03\x07";
	static const u8 fixed[] = { 0, 1, 4, 5, 6, 7, 16, 17, 18 };
	u8 raw[sizeof(syn) - 1];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++) {
		struct msd_tcpopt o;
		u32 at = fixed[i];

		memcpy(raw, syn, sizeof(raw));
		raw[at] = 0;	/* the end, or a length that is none */
		o = msd_tcpopt_read(msd_view(raw, sizeof(raw)));
		CHECK_EQ(o.mss, at >= 4 ? 1460 : 0);
		CHECK_EQ(o.sack, at >= 6);
		CHECK_EQ(o.ts, at >= 16);
		CHECK_EQ(o.tsval, at >= 16 ? 0x01020304 : 0);
		CHECK(!o.wscale);
	}
}

TEST(none)
{
	struct msd_tcpopt o = msd_tcpopt_read(msd_view(NULL, 0));

	CHECK(!o.mss && !o.sack && !o.ts && !o.wscale);
	o = PARSED("\1\1\1\1");
	CHECK(!o.mss && !o.sack && !o.ts && !o.wscale);
}

TEST(unknown_is_skipped)
{
	CHECK_EQ(PARSED("\xfe\x06zzzz\x02\x04\x05\xb4").mss, 1460);
	CHECK_EQ(PARSED("\x22\x02\x02\x04\x02\x18").mss, 536);
}

TEST(end_of_list)
{
	CHECK_EQ(PARSED("\0\x02\x04\x05\xb4").mss, 0);
}

/* Each stops the reading; what came before stays. */
TEST(malformed)
{
	CHECK(PARSED("\x04\x02\x02\x00\x05\xb4").sack);
	CHECK_EQ(PARSED("\x04\x02\x02\x00\x05\xb4").mss, 0);
	CHECK_EQ(PARSED("\x02\x01\x02\x04\x05\xb4").mss, 0);
	CHECK_EQ(PARSED("\x02").mss, 0);
	CHECK_EQ(PARSED("\x02\x04\x05").mss, 0);
	CHECK_EQ(PARSED("\x03\x28\x02\x04\x05\xb4").mss, 0);
	CHECK(!PARSED("\x08\x0a\1\2\3").ts);
}

/* A known kind with the wrong length is not that option. */
TEST(wrong_length)
{
	CHECK_EQ(PARSED("\x02\x03\x05").mss, 0);
	CHECK_EQ(PARSED("\x02\x05\x05\xb4\x00").mss, 0);
	CHECK(!PARSED("\x03\x02").wscale);
	CHECK(!PARSED("\x04\x03\x00").sack);
	CHECK(!PARSED("\x08\x09\0\0\0\0\0\0\0").ts);
}

static void written(const struct msd_tcpopt *peer, u16 mss, const char *want,
		    u32 len)
{
	u32 n = msd_tcpopt_len(peer, mss);
	u8 raw[40];
	__wsum sum;

	memset(raw, 0xee, sizeof(raw));
	sum = msd_tcpopt_put(raw, peer, mss, 0x0a0b0c0d);
	CHECK_EQ(n % 4, 0);
	CHECK_BYTES(raw, n, want, len);
	CHECK_EQ(raw[n], 0xee);
	CHECK_EQ(csum_fold(sum), csum_fold(csum_partial(raw, n, 0)));
}

#define WRITES(peer, mss, s) written(&(peer), mss, s, sizeof(s) - 1)

/* Byte for byte as tcp_options_write() of Linux lays out a SYN-ACK. */
TEST(synack_layouts)
{
	struct msd_tcpopt o = { .mss = 1460 };

	WRITES(o, 1460, "\x02\x04\x05\xb4");
	o.sack = true;
	WRITES(o, 1460, "\x02\x04\x05\xb4\1\1\4\2");
	o.wscale = true;
	WRITES(o, 1460, "\x02\x04\x05\xb4\1\1\4\2\1\3\3\7");
	o.sack = false;
	WRITES(o, 1460, "\x02\x04\x05\xb4\1\3\3\7");
	o.ts = true;
	o.tsval = 0x11223344;
	WRITES(o, 1460, "\x02\x04\x05\xb4\1\1\x08\x0a\x0a\x0b\x0c\x0d"
	       "\x11\x22\x33\x44\1\3\3\7");
	o.sack = true;
	WRITES(o, 1460, "\x02\x04\x05\xb4\4\2\x08\x0a\x0a\x0b\x0c\x0d"
	       "\x11\x22\x33\x44\1\3\3\7");
	o.wscale = false;
	WRITES(o, 1440, "\x02\x04\x05\xa0\4\2\x08\x0a\x0a\x0b\x0c\x0d"
	       "\x11\x22\x33\x44");
}

/* Later segments: timestamps or nothing. */
TEST(later_segments)
{
	struct msd_tcpopt o = { .mss = 1, .sack = true, .wscale = true };

	WRITES(o, 0, "");
	o.ts = true;
	o.tsval = 5;
	WRITES(o, 0, "\1\1\x08\x0a\x0a\x0b\x0c\x0d\0\0\0\5");
}

TEST(limits)
{
	struct msd_tcpopt all = { .mss = 1, .sack = true, .wscale = true,
				  .ts = true };

	CHECK(msd_tcpopt_len(&all, 65535) <= MSD_SYNACK_OPT_MAX);
	CHECK_EQ(msd_tcpopt_len(&all, 0), MSD_TCP_TS_LEN);
}

/* Whatever the bytes, reading ends and stays inside. */
TEST(random_bytes)
{
	u32 n, i;

	for (n = 0; n < 200000; n++) {
		u8 raw[40];
		u32 len = unit_below(41);

		for (i = 0; i < len; i++)
			raw[i] = unit_below(2) ? unit_below(12) : unit_random();
		msd_tcpopt_read(msd_view(raw + 40 - len, len));
	}
	CHECK_EQ(n, 200000);
}
