// SPDX-License-Identifier: GPL-2.0-only
/* Redis: what INFO of version 5.0.14 tells, section by section. */
#include <linux/kernel.h>
#include "keyed.h"
#include "redis.h"

#define SALT_RUN 0x72756e
#define SALT_REPL 0x7265706c
#define SALT_UP 0x75707469

/* 40 digits that follow from the own address. */
static void put_id(struct msd_buf *b, const struct msd_request *rq, u64 salt)
{
	u32 i;
	u64 val = 0;

	for (i = 0; i < 40; i++, val <<= 4) {
		if (i % 16 == 0)
			val = msd_keyed(rq, salt + i);
		msd_put8(b, "0123456789abcdef"[val >> 60]);
	}
	msd_put_lit(b, "\r\n");
}

static void put_line(struct msd_buf *b, const char *name, u32 val)
{
	msd_put_str(b, name);
	msd_put8(b, ':');
	msd_put_dec(b, val, 1);
	msd_put_lit(b, "\r\n");
}

static void put_server(struct msd_buf *b, const struct msd_request *rq)
{
	u32 up = msd_uptime(rq, SALT_UP);

	msd_put_lit(b, "redis_version:5.0.14\r\n"
		    "redis_git_sha1:00000000\r\nredis_git_dirty:0\r\n"
		    "redis_build_id:ddd3b1f304a19a28\r\n"
		    "redis_mode:standalone\r\n"
		    "os:Linux 5.10.0-28-amd64 x86_64\r\n"
		    "arch_bits:64\r\nmultiplexing_api:epoll\r\n"
		    "atomicvar_api:atomic-builtin\r\ngcc_version:8.3.0\r\n");
	put_line(b, "process_id", 400 + msd_keyed(rq, SALT_UP) % 1000);
	msd_put_lit(b, "run_id:");
	put_id(b, rq, SALT_RUN);
	msd_put_lit(b, "tcp_port:6379\r\n");
	put_line(b, "uptime_in_seconds", up);
	put_line(b, "uptime_in_days", up / 86400);
	msd_put_lit(b, "hz:10\r\nconfigured_hz:10\r\n");
	put_line(b, "lru_clock", rq->ctx->now & 0xffffff);
	msd_put_lit(b, "executable:/usr/bin/redis-server\r\n"
		    "config_file:/etc/redis/redis.conf\r\n");
}

static void put_persistence(struct msd_buf *b, const struct msd_request *rq)
{
	msd_put_lit(b, "loading:0\r\nrdb_changes_since_last_save:0\r\n"
		    "rdb_bgsave_in_progress:0\r\n");
	put_line(b, "rdb_last_save_time",
		 rq->ctx->now - msd_uptime(rq, SALT_UP));
	msd_put_lit(b, "rdb_last_bgsave_status:ok\r\n"
		    "rdb_last_bgsave_time_sec:-1\r\n"
		    "rdb_current_bgsave_time_sec:-1\r\nrdb_last_cow_size:0\r\n"
		    "aof_enabled:0\r\naof_rewrite_in_progress:0\r\n"
		    "aof_rewrite_scheduled:0\r\n"
		    "aof_last_rewrite_time_sec:-1\r\n"
		    "aof_current_rewrite_time_sec:-1\r\n"
		    "aof_last_bgrewrite_status:ok\r\n"
		    "aof_last_write_status:ok\r\naof_last_cow_size:0\r\n");
}

static void put_replication(struct msd_buf *b, const struct msd_request *rq)
{
	msd_put_lit(b, "role:master\r\nconnected_slaves:0\r\nmaster_replid:");
	put_id(b, rq, SALT_REPL);
	msd_put_lit(b, "master_replid2:0000000000000000000000000000000000000000\r\n"
		    "master_repl_offset:0\r\nsecond_repl_offset:-1\r\n"
		    "repl_backlog_active:0\r\nrepl_backlog_size:1048576\r\n"
		    "repl_backlog_first_byte_offset:0\r\n"
		    "repl_backlog_histlen:0\r\n");
}

static const char clients[] =
	"connected_clients:1\r\nclient_recent_max_input_buffer:2\r\n"
	"client_recent_max_output_buffer:0\r\nblocked_clients:0\r\n";

static const char memory[] =
	"used_memory:859432\r\nused_memory_human:839.29K\r\n"
	"used_memory_rss:3825664\r\nused_memory_rss_human:3.65M\r\n"
	"used_memory_peak:859432\r\nused_memory_peak_human:839.29K\r\n"
	"used_memory_peak_perc:100.12%\r\nused_memory_overhead:846134\r\n"
	"used_memory_startup:796440\r\nused_memory_dataset:13298\r\n"
	"used_memory_dataset_perc:21.11%\r\ntotal_system_memory:2084327424\r\n"
	"total_system_memory_human:1.94G\r\nused_memory_lua:37888\r\n"
	"used_memory_lua_human:37.00K\r\nmaxmemory:0\r\nmaxmemory_human:0B\r\n"
	"maxmemory_policy:noeviction\r\nmem_fragmentation_ratio:4.68\r\n"
	"mem_allocator:jemalloc-5.1.0\r\nactive_defrag_running:0\r\n"
	"lazyfree_pending_objects:0\r\n";

static const char stats[] =
	"total_connections_received:3\r\ntotal_commands_processed:2\r\n"
	"instantaneous_ops_per_sec:0\r\ntotal_net_input_bytes:45\r\n"
	"total_net_output_bytes:12288\r\ninstantaneous_input_kbps:0.00\r\n"
	"instantaneous_output_kbps:0.00\r\nrejected_connections:0\r\n"
	"sync_full:0\r\nsync_partial_ok:0\r\nsync_partial_err:0\r\n"
	"expired_keys:0\r\nevicted_keys:0\r\nkeyspace_hits:0\r\n"
	"keyspace_misses:0\r\npubsub_channels:0\r\npubsub_patterns:0\r\n"
	"latest_fork_usec:0\r\n";

static const char cpu[] =
	"used_cpu_sys:1.328123\r\nused_cpu_user:1.117232\r\n"
	"used_cpu_sys_children:0.000000\r\nused_cpu_user_children:0.000000\r\n";

/**
 * struct section - a part of INFO
 * @word: what asks for it
 * @title: what stands above it
 * @text: its lines, when they are always the same
 * @put: writes them otherwise
 */
struct section {
	const char *word;
	const char *title;
	const char *text;
	void (*put)(struct msd_buf *b, const struct msd_request *rq);
};

static const struct section sections[] = {
	{ "SERVER", "Server", NULL, put_server },
	{ "CLIENTS", "Clients", clients, NULL },
	{ "MEMORY", "Memory", memory, NULL },
	{ "PERSISTENCE", "Persistence", NULL, put_persistence },
	{ "STATS", "Stats", stats, NULL },
	{ "REPLICATION", "Replication", NULL, put_replication },
	{ "CPU", "CPU", cpu, NULL },
	{ "CLUSTER", "Cluster", "cluster_enabled:0\r\n", NULL },
	{ "KEYSPACE", "Keyspace", "", NULL },
};

static bool wanted(const struct section *s, const struct msd_view *name)
{
	return !name->len || msd_redis_is(name, "ALL") ||
	       msd_redis_is(name, "DEFAULT") || msd_redis_is(name, s->word);
}

static bool any_wanted(const struct msd_view *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sections); i++)
		if (wanted(&sections[i], name))
			return true;
	return false;
}

/*
 * The length stands in front of what ends at @out, in four digits of which it
 * may not need all: then the rest moves up.
 */
static void set_length(struct msd_buf *out, u32 start)
{
	u32 at = start - strlen("0000\r\n");
	u8 digits[10];
	struct msd_buf b = msd_buf(digits, sizeof(digits));

	if (out->over)
		return;
	msd_put_dec(&b, out->len - start, 1);
	memmove(out->data + at + b.len, out->data + start - 2,
		out->len - start + 2);
	memcpy(out->data + at, digits, b.len);
	out->len -= strlen("0000") - b.len;
}

void msd_redis_put_info(const struct msd_request *rq, struct msd_view name,
			struct msd_buf *out)
{
	u32 start, i;

	if (!any_wanted(&name))
		return msd_put_lit(out, "$0\r\n\r\n");
	msd_put_lit(out, "$0000\r\n");
	start = out->len;
	for (i = 0; i < ARRAY_SIZE(sections); i++) {
		const struct section *s = &sections[i];

		if (!wanted(s, &name))
			continue;
		if (out->len > start)
			msd_put_lit(out, "\r\n");
		msd_put_lit(out, "# ");
		msd_put_str(out, s->title);
		msd_put_lit(out, "\r\n");
		if (s->put)
			s->put(out, rq);
		else
			msd_put_str(out, s->text);
	}
	set_length(out, start);
	msd_put_lit(out, "\r\n");
}
