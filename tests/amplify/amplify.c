// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: amplify [-w] SEED THOUSANDS FILE.vec… [FOLDER…]
 *
 * Climbs from the vectors and the fuzzer's corpus to datagrams that draw most
 * bytes for their own, and to those whose reply, fed to another sensor and so
 * on, is answered longest. Fails when a responder gives more than the vectors
 * say, from which README's table is made, when one of these is not true any
 * more, or when a talk takes more than TALK_MOST replies. -w prints what was
 * found as vectors, and nothing else: that is tests/amplify/found.vec.
 */
#include <stdio.h>
#include <stdlib.h>
#include "../search/search.h"

/* Replies until two sensors are silent. */
#define TALK_MOST 2
/* What the search may find above the table before that is untrue. */
#define TOLERANCE 1.005

#define FAMILIES 2

/**
 * struct record - the most of a responder
 * @ratio: reply to request, in bytes of payload
 * @told: the same of the vectors
 * @reply: length of the reply
 * @request: the request
 */
struct record {
	double ratio;
	double told;
	u32 reply;
	struct search_input request;
};

static struct record most[MSD_NPROTO][FAMILIES];

static u32 longest;
static struct search_input talker;
static char words[512];

/* Identifications of two lengths, so that SSH has an end to find. */
static const char *const banners[2] = {
	ENV_SSH, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"
};

/* Feed each reply to the other sensor, ports as it says. */
static void talk(const struct search_input *x, u8 family)
{
	static struct search_said said[2];
	struct search_question q = {
		.row = SEARCH_ALL, .transport = MSD_UDP, .family = family,
		.sport = ENV_CLIENT_PORT, .dport = ENV_OWN_PORT,
	};
	const u8 *data = x->data;
	char text[sizeof(words)];
	u32 len = x->len, n, used = 0;

	*text = 0;
	for (n = 0; n < 100; n++) {
		struct search_said *s = &said[n & 1];
		u16 from;

		q.back = n & 1;
		q.banner = banners[n & 1];
		if (!search_ask(&q, data, len, s))
			break;
		if (used + 64 < sizeof(text))
			used += sprintf(text + used, " %s %u→%u",
					msd_responders[s->proto]->name, len,
					s->len);
		from = s->port;
		q.dport = q.sport;
		q.sport = from;
		data = s->reply;
		len = s->len;
	}
	if (n <= longest)
		return;
	longest = n;
	talker = *x;
	strcpy(words, text);
}

/* Return: true when a record was broken. */
static bool weigh(const struct search_input *x, u8 family)
{
	static struct search_said said;
	struct search_question q = { .row = SEARCH_ALL, .transport = MSD_UDP,
				     .family = family };
	struct record *m;
	double ratio;

	if (!search_ask(&q, x->data, x->len, &said))
		return false;
	m = &most[said.proto][family == 6];
	ratio = (double)said.len / x->len;
	talk(x, family);
	if (ratio <= m->ratio)
		return false;
	m->ratio = ratio;
	m->reply = said.len;
	m->request = *x;
	return true;
}

/* Best so far, or any payload of the pool. */
static const struct search_input *parent(void)
{
	u32 tries;

	for (tries = search_below(3) ? 50 : 0; tries; tries--) {
		struct record *m = &most[search_below(MSD_NPROTO)]
					[search_below(FAMILIES)];

		if (m->ratio)
			return &m->request;
	}
	return search_pick(search_below(search_pool()));
}

static void climb(u32 thousands)
{
	static struct search_input x;
	u64 n;

	for (n = 0; n < thousands * 1000ULL; n++) {
		x = *parent();
		search_mutate(&x, SEARCH_SIZE_MAX);
		weigh(&x, n & 1 ? 6 : 4);
		/* what one family likes, the other may like better */
		if (!(n & 15))
			weigh(&x, n & 1 ? 4 : 6);
	}
}

/* Everything in the pool; what vectors say is what is told. */
static void begin(int nfiles, char **files)
{
	u32 i = 0, row;
	int f;

	for (f = 0; f < nfiles; f++) {
		size_t n = strlen(files[f]);

		search_load(files[f]);
		for (; i < search_pool(); i++) {
			weigh(search_pick(i), 4);
			weigh(search_pick(i), 6);
		}
		if (n > 4 && !strcmp(files[f] + n - 4, ".vec"))
			for (row = 0; row < MSD_NPROTO; row++) {
				most[row][0].told = most[row][0].ratio;
				most[row][1].told = most[row][1].ratio;
			}
	}
}

static void print_vector(const struct record *m, u32 row)
{
	static struct search_said said;
	struct search_question q = { .row = SEARCH_ALL, .transport = MSD_UDP };

	printf("\nvector: found by search\nresponder: %s\n",
	       msd_responders[row]->name);
	printf("transport: udp\nresult: answer\n");
	vec_print_bytes("request", m->request.data, m->request.len);
	q.family = 4;
	if (search_ask(&q, m->request.data, m->request.len, &said))
		vec_print_bytes("reply", said.reply, said.len);
	if (said.port != ENV_OWN_PORT)
		printf("port: %u\n", said.port);
	q.family = 6;
	if (search_ask(&q, m->request.data, m->request.len, &said))
		vec_print_bytes("reply6", said.reply, said.len);
}

/* What was found, as a file of vectors. */
static void print_all(void)
{
	u32 row;

	printf("# SPDX%cLicense-Identifier: GPL-2.0-only\n", '-');
	printf("# What draws most bytes of each responder over UDP: written by\n");
	printf("# \"make amplify-write\".\n");
	for (row = 0; row < MSD_NPROTO; row++) {
		const struct record *m = most[row];

		if (m[0].ratio)
			print_vector(&m[0], row);
		if (m[1].ratio && (m[0].request.len != m[1].request.len ||
				   memcmp(m[0].request.data, m[1].request.data,
					  m[0].request.len)))
			print_vector(&m[1], row);
	}
}

/* Do the vectors of what was found still draw what they say? */
static bool is_true(const char *path)
{
	struct search_question q = { .row = SEARCH_ALL, .transport = MSD_UDP };
	static struct search_said said;
	struct vec_file vf;
	static struct vec v;
	bool good = true;

	vec_open(&vf, path);
	while (vec_next(&vf, &v)) {
		if (!(v.transports & MSD_UDP) || v.result != MSD_ASK_ANSWER)
			continue;
		for (q.family = 4; q.family <= 6; q.family += 2) {
			u32 want = q.family == 6 && v.reply6.set ?
				   v.reply6.len : v.reply.len;

			search_ask(&q, v.request.data, v.request.len, &said);
			if (said.len == want)
				continue;
			good = false;
			printf("# %s:%d: %u bytes came back, not %u\n", path,
			       v.line, said.len, want);
		}
	}
	return good;
}

static u32 report(int nfiles, char **files)
{
	u32 n = 0, failed = 0, row, six;
	int i;

	for (row = 0; row < MSD_NPROTO; row++)
		for (six = 0; six < FAMILIES; six++) {
			struct record *m = &most[row][six];
			bool bad = m->ratio > m->told * TOLERANCE;

			if (!m->ratio)
				continue;
			failed += bad;
			printf("%s %u - %s over IPv%u: %.2f (%u to %u), told %.2f\n",
			       bad ? "not ok" : "ok", ++n,
			       msd_responders[row]->name, six ? 6 : 4, m->ratio,
			       m->request.len, m->reply, m->told);
			if (!bad)
				continue;
			printf("# ");
			search_hex(m->request.data, m->request.len, 160);
			printf("\n");
		}
	for (i = 0; i < nfiles; i++) {
		if (!strstr(files[i], "amplify/"))
			continue;
		row = !is_true(files[i]);
		failed += row;
		printf("%s %u - the vectors that were found are true\n",
		       row ? "not ok" : "ok", ++n);
	}
	failed += longest > TALK_MOST;
	printf("%s %u - two sensors are silent after %u replies:%s\n",
	       longest > TALK_MOST ? "not ok" : "ok", ++n, longest, words);
	printf("# begun by ");
	search_hex(talker.data, talker.len, 160);
	printf("\n%u passed, %u failed\n", n - failed, failed);
	return failed;
}

int main(int argc, char **argv)
{
	bool write = argc > 1 && !strcmp(argv[1], "-w");

	argc -= write;
	argv += write;
	if (argc < 4) {
		fprintf(stderr, "amplify: [-w] SEED THOUSANDS FILE…\n");
		return 2;
	}
	search_init(strtoull(argv[1], NULL, 0));
	begin(argc - 3, argv + 3);
	climb(strtoul(argv[2], NULL, 0));
	if (!write)
		return report(argc - 3, argv + 3) != 0;
	print_all();
	return 0;
}
