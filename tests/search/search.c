// SPDX-License-Identifier: GPL-2.0-only
/* Random numbers, the pool, mutation, the question: see search.h. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/bits.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "search.h"

/* Bytes in front of the payload in a corpus file of the target proto. */
#define FUZZ_HEAD 4

static u64 state;
/* One configuration a row, and the last one with all rows on. */
static struct env worlds[MSD_NPROTO + 1];
static struct search_input *pool;
static u32 npool, room;

void search_seed(u64 seed)
{
	/* xorshift does not leave 0 */
	state = seed * 0x9e3779b97f4a7c15ULL ?: 1;
}

u32 search_rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

u32 search_below(u32 n)
{
	return search_rnd() % n;
}

void search_fill(u8 *p, u32 len)
{
	while (len--)
		*p++ = search_rnd();
}

void search_init(u64 seed)
{
	u32 row;

	search_seed(seed);
	for (row = 0; row <= MSD_NPROTO; row++) {
		env_init(&worlds[row]);
		if (row == SEARCH_ALL)
			continue;
		worlds[row].cfg.protos = BIT_ULL(row);
		msd_proto_config(&worlds[row].cfg);
	}
}

static struct msd_flow flow_of(const struct search_question *q)
{
	struct msd_flow flow = env_flow(q->family, q->transport == MSD_TCP ?
					IPPROTO_TCP : IPPROTO_UDP);

	if (q->back) {
		flow.saddr = *env_own(q->family);
		flow.daddr = *env_client(q->family);
	}
	if (q->sport)
		flow.sport = htons(q->sport);
	if (q->dport)
		flow.dport = htons(q->dport);
	return flow;
}

bool search_ask(const struct search_question *q, const u8 *data, u32 len,
		struct search_said *said)
{
	struct msd_flow flow = flow_of(q);
	struct msd_buf out = msd_buf(said->reply, sizeof(said->reply));
	struct env *world = &worlds[q->row];
	const char *banner = q->banner ?: ENV_SSH;
	struct msd_request rq = {
		.ctx = &world->ctx,
		.flow = &flow,
		.in = msd_view(data, len),
		.offset = q->offset,
		.transport = q->transport,
		.reply_port = flow.dport,
	};

	world->cfg.ssh_len = strlen(banner);
	memcpy(world->cfg.ssh, banner, world->cfg.ssh_len);
	said->ask = msd_proto_ask(&rq, &said->proto, &out);
	said->len = out.len;
	said->port = ntohs(rq.reply_port);
	return said->ask == MSD_ASK_ANSWER;
}

void search_add(const u8 *data, u32 len)
{
	if (!len || len > SEARCH_SIZE_MAX)
		return;
	if (npool == room) {
		room = room ? room * 2 : 1024;
		pool = realloc(pool, room * sizeof(*pool));
		if (!pool)
			abort();
	}
	pool[npool].len = len;
	memcpy(pool[npool].data, data, len);
	npool++;
}

u32 search_pool(void)
{
	return npool;
}

const struct search_input *search_pick(u32 i)
{
	return &pool[i];
}

static void load_vectors(const char *path)
{
	static struct vec v;
	struct vec_file vf;

	vec_open(&vf, path);
	while (vec_next(&vf, &v))
		search_add(v.request.data, v.request.len);
}

static void load_file(const char *path)
{
	static u8 buf[SEARCH_ROOM];
	FILE *f = fopen(path, "rb");
	u32 len;

	if (!f)
		return;
	len = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	if (len > FUZZ_HEAD)
		search_add(buf + FUZZ_HEAD, len - FUZZ_HEAD);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* In the order of names, so that a seed means the same anywhere. */
static void load_folder(const char *path)
{
	struct dirent **entries;
	char file[4096];
	int n = scandir(path, &entries, NULL, by_name), i;

	for (i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			load_file(file);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

void search_load(const char *path)
{
	size_t n = strlen(path);

	if (n > 4 && !strcmp(path + n - 4, ".vec"))
		load_vectors(path);
	else
		load_folder(path);
}

static void cut(struct search_input *x, u32 at, u32 n)
{
	n = min(n, x->len - at);
	if (n == x->len)
		n--;
	memmove(x->data + at, x->data + at + n, x->len - at - n);
	x->len -= n;
}

static void insert(struct search_input *x, u32 at, const u8 *p, u32 n, u32 most)
{
	if (x->len + n > most)
		return;
	memmove(x->data + at + n, x->data + at, x->len - at);
	memcpy(x->data + at, p, n);
	x->len += n;
}

/* Bytes of another payload, put in or over. */
static void splice(struct search_input *x, u32 at, bool over, u32 most)
{
	const struct search_input *o = &pool[search_below(npool)];
	u32 from = search_below(o->len);
	u32 n = min(1 + search_below(o->len - from), 32U);

	if (over)
		memcpy(x->data + at, o->data + from, min(n, x->len - at));
	else
		insert(x, at, o->data + from, n, most);
}

static void change(struct search_input *x, u32 most)
{
	u32 at = search_below(x->len);
	u8 any = search_rnd();

	switch (search_below(npool ? 8 : 6)) {
	case 0:
		x->data[at] = any;
		break;
	case 1:
		cut(x, at, 1 + search_below(8));
		break;
	case 2:
		insert(x, at, &any, 1, most);
		break;
	case 3:
		x->data[at] ^= 1 << (any & 7);
		break;
	case 4:
		x->len -= min(search_below(5), x->len - 1);
		break;
	case 5:
		x->data[at] += any % 3 - 1;
		break;
	default:
		splice(x, at, any & 1, most);
	}
}

void search_mutate(struct search_input *x, u32 most)
{
	u32 n = 1 + search_below(4);

	while (n--)
		change(x, most);
}

void search_hex(const u8 *p, u32 len, u32 most)
{
	u32 i;

	for (i = 0; i < len && i < most; i++)
		printf("%02x", p[i]);
	if (len > most)
		printf("… (%u bytes)", len);
}
