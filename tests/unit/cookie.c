// SPDX-License-Identifier: GPL-2.0-only
/* SYN cookies: make and check mirror each other, and nothing else passes. */
#include <linux/in.h>
#include <linux/kernel.h>
#include "../../kmod/core/cookie.h"
#include "env.h"
#include "unit.h"

#define EPOCH ((u32)BIT(MSD_EPOCH_SHIFT))

static const siphash_key_t key = { .key = { 0x1111, 0x2222 } };

static bool check(const struct msd_flow *f, u64 now, u32 ack,
		  struct msd_cookie *c)
{
	memset(c, 0, sizeof(*c));
	return msd_cookie_check(&key, f, now, ack, c);
}

static void mirrored(u8 family)
{
	struct msd_flow f = env_flow(family, IPPROTO_TCP);
	struct msd_cookie c;
	u32 isn, n;
	u64 id;

	for (n = 0; n < 1000; n++) {
		u64 now = unit_random() >> 20;

		f.sport = unit_random();
		f.saddr.s6_addr[3] = unit_random();
		isn = msd_cookie_make(&key, &f, now, 1460, &id);
		if (!CHECK(check(&f, now, isn + 1, &c)))
			return;
		CHECK_EQ(c.offset, 0);
		CHECK_EQ(c.id, id);
	}
}

TEST(mirrored)
{
	mirrored(4);
	mirrored(6);
}

/* Never more than the client takes, and never less than the next class. */
TEST(mss_classes)
{
	static const u16 least[] = { 48, 536, 1200, 1440 };
	struct msd_flow f = env_flow(4, IPPROTO_TCP);
	struct msd_cookie c;
	u32 mss, want = 0;
	u64 id;

	for (mss = 1; mss < 65536; mss++) {
		u32 isn = msd_cookie_make(&key, &f, ENV_NOW, mss, &id);

		while (want + 1 < ARRAY_SIZE(least) && least[want + 1] <= mss)
			want++;
		if (!CHECK(check(&f, ENV_NOW, isn + 1, &c)) ||
		    !CHECK_EQ(c.mss, least[want]))
			return;
	}
	CHECK_EQ(want, ARRAY_SIZE(least) - 1);
}

/* Valid in its epoch and the next one; dead after that, and before. */
static void lifetime(u8 family)
{
	struct msd_flow f = env_flow(family, IPPROTO_TCP);
	u64 start = ENV_NOW & ~(u64)(EPOCH - 1), id;
	u32 isn = msd_cookie_make(&key, &f, start, 1460, &id);
	struct msd_cookie c;

	CHECK_EQ(msd_cookie_make(&key, &f, start + EPOCH - 1, 1460, &id), isn);
	CHECK(msd_cookie_make(&key, &f, start + EPOCH, 1460, &id) != isn);
	CHECK(!check(&f, start - 1, isn + 1, &c));
	CHECK(check(&f, start, isn + 1, &c));
	CHECK(check(&f, start + EPOCH - 1, isn + 1, &c));
	CHECK(check(&f, start + EPOCH, isn + 1, &c));
	CHECK(check(&f, start + 2 * EPOCH - 1, isn + 1, &c));
	CHECK(!check(&f, start + 2 * EPOCH, isn + 1, &c));
	CHECK(!check(&f, start + 3 * EPOCH, isn + 1, &c));
}

TEST(lifetime)
{
	lifetime(4);
	lifetime(6);
}

/* The identity of a connection does not change with the hour. */
TEST(same_id_later)
{
	struct msd_flow f = env_flow(4, IPPROTO_TCP);
	struct msd_cookie c;
	u64 id;
	u32 isn = msd_cookie_make(&key, &f, ENV_NOW, 536, &id);

	CHECK(check(&f, ENV_NOW + EPOCH, isn + 1 + 77, &c));
	CHECK_EQ(c.id, id);
	CHECK_EQ(c.offset, 77);
	CHECK_EQ(c.mss, 536);
}

TEST(offsets)
{
	static const u16 mss[] = { 48, 536, 1200, 1440 };
	struct msd_flow f = env_flow(6, IPPROTO_TCP);
	struct msd_cookie c;
	u32 i;
	u64 id;

	for (i = 0; i < ARRAY_SIZE(mss); i++) {
		u32 ack = msd_cookie_make(&key, &f, ENV_NOW, mss[i], &id) + 1;

		CHECK(!check(&f, ENV_NOW, ack - 1, &c));
		CHECK(check(&f, ENV_NOW, ack, &c));
		CHECK(check(&f, ENV_NOW, ack + 1, &c));
		CHECK_EQ(c.offset, 1);
		CHECK(check(&f, ENV_NOW, ack + MSD_SENT_MAX - 1, &c));
		CHECK_EQ(c.offset, MSD_SENT_MAX - 1);
		CHECK_EQ(c.mss, mss[i]);
		CHECK(!check(&f, ENV_NOW, ack + MSD_SENT_MAX, &c));
	}
}

/* A connection whose sequence numbers pass 2^32. */
TEST(wrap)
{
	struct msd_flow f = env_flow(4, IPPROTO_TCP);
	struct msd_cookie c;
	u32 isn, n = 0;
	u64 id;

	do {
		f.sport = htons(++n);
		f.saddr.s6_addr[3] = n >> 16;
		isn = msd_cookie_make(&key, &f, ENV_NOW, 1460, &id);
	} while (isn < 0xffffffff - MSD_SENT_MAX / 2 && n >> 24 == 0);
	REQUIRE(isn >= 0xffffffff - MSD_SENT_MAX / 2);
	CHECK(check(&f, ENV_NOW, isn + 1, &c));
	CHECK(check(&f, ENV_NOW, 0, &c));
	CHECK_EQ(c.offset, 0xffffffff - isn);
	CHECK(check(&f, ENV_NOW, isn + MSD_SENT_MAX, &c));
	CHECK(!check(&f, ENV_NOW, isn + MSD_SENT_MAX + 1, &c));
}

/* How often a blind guess passes: 8 * SENT_MAX / 2^32 is one in 16384. */
TEST(forged)
{
	struct msd_flow f = env_flow(4, IPPROTO_TCP);
	u32 tries = 1 << 20, hits = 0, i;
	struct msd_cookie c;

	for (i = 0; i < tries; i++)
		hits += check(&f, ENV_NOW, unit_random(), &c);
	CHECKF(hits > 32 && hits < 128, "%u of %u guesses passed", hits, tries);
}

/* Each part of the flow, and the key, changes number and identity. */
static void depends_on(u8 family)
{
	struct msd_flow f = env_flow(family, IPPROTO_TCP), g;
	u64 id, other;
	u32 isn = msd_cookie_make(&key, &f, ENV_NOW, 1460, &id), i;
	siphash_key_t key2 = key;
	u32 alen = family == 4 ? 4 : 16;

	for (i = 0; i < 2 * alen + 4; i++) {
		g = f;
		if (i < alen)
			g.saddr.s6_addr[i] ^= 1;
		else if (i < 2 * alen)
			g.daddr.s6_addr[i - alen] ^= 1;
		else if (i < 2 * alen + 2)
			g.sport ^= 1 << (8 * (i % 2));
		else
			g.dport ^= 1 << (8 * (i % 2));
		CHECK(msd_cookie_make(&key, &g, ENV_NOW, 1460, &other) != isn);
		CHECK(other != id);
	}
	key2.key[1] ^= 1;
	CHECK(msd_cookie_make(&key2, &f, ENV_NOW, 1460, &other) != isn);
	CHECK(other != id);
}

TEST(depends_on_everything)
{
	depends_on(4);
	depends_on(6);
}

/* Client and server exchanged are another connection. */
TEST(direction)
{
	struct msd_flow f = env_flow(4, IPPROTO_TCP), g = f;
	u64 id, other;

	g.saddr = f.daddr;
	g.daddr = f.saddr;
	g.sport = f.dport;
	g.dport = f.sport;
	msd_cookie_make(&key, &f, ENV_NOW, 1460, &id);
	msd_cookie_make(&key, &g, ENV_NOW, 1460, &other);
	CHECK(id != other);
}

/* The number as published: it is what makes sensors with one key agree. */
TEST(known_value)
{
	struct msd_flow f = env_flow(4, IPPROTO_TCP);
	u64 id;
	u64 want = siphash_2u64(0xc0000201c0000281,
				(u64)ENV_CLIENT_PORT << 48 |
				(u64)ENV_OWN_PORT << 32 |
				ENV_NOW / EPOCH, &key);

	CHECK_EQ(msd_cookie_make(&key, &f, ENV_NOW, 1460, &id),
		 (u32)want + 0xc0000000);
	CHECK_EQ(id, want);
}

/* The hash's message, written down byte by byte. */
static u64 slow_hash(const struct msd_flow *f, u32 epoch)
{
	u8 msg[40];
	u32 i;

	if (f->family == 6) {
		memcpy(msg, &f->saddr, 16);
		memcpy(msg + 16, &f->daddr, 16);
		memcpy(msg + 32, &f->sport, 2);
		memcpy(msg + 34, &f->dport, 2);
		for (i = 0; i < 4; i++)
			msg[36 + i] = epoch >> (24 - 8 * i);
		return siphash(msg, 40, &key);
	}
	for (i = 0; i < 4; i++) {
		msg[i] = f->daddr.s6_addr[3 - i];
		msg[4 + i] = f->saddr.s6_addr[3 - i];
		msg[8 + i] = epoch >> (8 * i);
	}
	for (i = 0; i < 2; i++) {
		msg[12 + i] = ntohs(f->dport) >> (8 * i);
		msg[14 + i] = ntohs(f->sport) >> (8 * i);
	}
	return siphash(msg, 16, &key);
}

/* Every number that could have been sent, one after the other. */
static bool slow_check(const struct msd_flow *f, u64 now, u32 ack,
		       struct msd_cookie *c)
{
	static const u16 mss[] = { 48, 536, 1200, 1440 };
	u32 back, class;

	for (back = 0; back < 2; back++) {
		c->id = slow_hash(f, (u32)(now / EPOCH) - back);
		for (class = 0; class < ARRAY_SIZE(mss); class++) {
			c->mss = mss[class];
			c->offset = ack - 1 - ((u32)c->id + class * 0x40000000);
			if (c->offset < MSD_SENT_MAX)
				return true;
		}
	}
	return false;
}

static void random_flow(struct msd_flow *f)
{
	u32 i;

	*f = env_flow(unit_below(2) ? 4 : 6, IPPROTO_TCP);
	for (i = 0; i < (f->family == 4 ? 4 : 16); i++) {
		f->saddr.s6_addr[i] = unit_random();
		f->daddr.s6_addr[i] = unit_random();
	}
	f->sport = unit_random();
	f->dport = unit_random();
}

TEST(random_against_twin)
{
	struct msd_cookie got, want;
	u32 round, ack, hits = 0;
	struct msd_flow f;
	bool ok;
	u64 id;

	for (round = 0; round < 20000 && !unit_failures(); round++) {
		u64 now = unit_random() >> 24;

		random_flow(&f);
		ack = msd_cookie_make(&key, &f, now, unit_random(), &id) + 1;
		/* most land within what was sent, or just beyond it */
		ack += unit_below(8) ? unit_below(MSD_SENT_MAX * 2) :
				       (u32)unit_random();
		now += unit_below(3 * EPOCH);
		ok = check(&f, now, ack, &got);
		memset(&want, 0, sizeof(want));
		CHECK_EQ(ok, slow_check(&f, now, ack, &want));
		hits += ok;
		if (!ok)
			continue;
		CHECK_EQ(got.id, want.id);
		CHECK_EQ(got.offset, want.offset);
		CHECK_EQ(got.mss, want.mss);
	}
	unit_note("%u of %u valid", hits, round);
	CHECK(hits > round / 10 && hits < round / 2);
}
