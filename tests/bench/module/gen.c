// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frame generator and reply sink for the bench, inside a throw-away VM.
 *
 * Frames are built fresh, sent through the driver of a device (one leg of a
 * veth pair) in bursts with softirqs off, and the replies that come back on
 * that device are judged, counted and freed by a receive handler. The sender
 * waits when more than a window of frames is unanswered, so that a responder in
 * userspace is neither starved nor flooded.
 *
 * Writing words to /proc/msd_gen runs a job; the write returns when it is over
 * and fails when a reply was missing. Reading gives the last result.
 *
 *	dev=NAME      device
 *	dmac=MAC      destination MAC address; default: broadcast
 *	kind=KIND     arp, echo, syn, http, part, stun,
 *			payload, or flow: for each flow a
 *		      SYN and an HTTP request, for one in eight half a request
 *		      more
 *	n=N           requests, each of another client address and port
 *	burst=N       frames per burst, default 32
 *	window=N      most frames unanswered, default 128: more, and the host's ICMP
 *		      socket drops replies when softirqs are late
 *	replies=0     expect none
 *	mark=1        tell the instruction counter where the job begins and ends
 *
 * Kinds http and part do the handshakes first, outside the marks.
 */

#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>
#include "gen.h"

/* Bytes of a command; it is one line. */
#define COMMAND_MAX 256
#define KIND_FLOW MSD_GEN_NKINDS
/* One flow in this many gets half a request more. */
#define PART_EVERY 8

static const char * const kind_name[] = {
	[MSD_GEN_ARP] = "arp",
	[MSD_GEN_ECHO] = "echo",
	[MSD_GEN_SYN] = "syn",
	[MSD_GEN_HTTP] = "http",
	[MSD_GEN_PART] = "part",
	[MSD_GEN_STUN] = "stun",
	[MSD_GEN_PAYLOAD] = "payload",
	[KIND_FLOW] = "flow",
};

/* What a command said. */
struct command {
	char dev[IFNAMSIZ];
	u8 dmac[ETH_ALEN];
	int kind;
	u32 n;
	u32 burst;
	u32 window;
	u32 replies;
	u32 mark;
};

/* Of the last job, and of the one that runs. */
static DEFINE_MUTEX(lock);
static struct {
	u64 sent;
	u64 answered;
	u64 other;
} total;
/* Marked jobs since the module was loaded; insnprof.c counts the same. */
static u32 marked;

static rx_handler_result_t sink(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct msd_gen_job *job = rcu_dereference(skb->dev->rx_handler_data);

	if (!msd_gen_is_answer(job, skb))
		atomic_inc(&job->other);
	else if (atomic_inc_return(&job->answered) == READ_ONCE(job->want))
		wake_up(&job->waitq);
	consume_skb(skb);
	return RX_HANDLER_CONSUMED;
}

static int wait_answered(struct msd_gen_job *job, u32 n)
{
	long left;

	WRITE_ONCE(job->want, n);
	left = wait_event_timeout(job->waitq,
				  (u32)atomic_read(&job->answered) >= n, 5 * HZ);
	return left ? 0 : -ETIMEDOUT;
}

static int send_frame(struct msd_gen_job *job, u32 flow)
{
	struct netdev_queue *txq = netdev_get_tx_queue(job->dev, 0);
	struct sk_buff *skb = msd_gen_frame(job, flow);
	netdev_tx_t rc;

	if (!skb)
		return -ENOMEM;
	HARD_TX_LOCK(job->dev, txq, smp_processor_id());
	rc = netdev_start_xmit(skb, job->dev, txq, false);
	HARD_TX_UNLOCK(job->dev, txq);
	if (!dev_xmit_complete(rc)) {
		kfree_skb(skb);
		return -EIO;
	}
	job->sent++;
	return 0;
}

static int send_burst(struct msd_gen_job *job, u32 first, u32 n, u32 step)
{
	int err = 0;
	u32 i;

	local_bh_disable();
	for (i = 0; i < n && !err; i++)
		err = send_frame(job, first + i * step);
	local_bh_enable();
	return err;
}

/* Send @n frames of one kind, for every @step-th flow, and await the replies. */
static int send_all(struct msd_gen_job *job, const struct command *cmd,
		    u32 first, u32 n, u32 step)
{
	u32 i, burst, half = cmd->window / 2;
	int err = 0;

	job->sent = 0;
	atomic_set(&job->answered, 0);
	for (i = 0; i < n && !err; i += burst) {
		burst = min(cmd->burst, n - i);
		err = send_burst(job, first + i * step, burst, step);
		if (!err && cmd->replies &&
		    job->sent - atomic_read(&job->answered) > cmd->window)
			err = wait_answered(job, job->sent - half);
		if (!err && signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	if (!err && cmd->replies)
		err = wait_answered(job, n);
	total.sent += job->sent;
	total.answered += atomic_read(&job->answered);
	return err;
}

static int send_kind(struct msd_gen_job *job, const struct command *cmd,
		     enum msd_gen_kind kind, u32 n, u32 step)
{
	job->kind = kind;
	return send_all(job, cmd, job->base, n, step);
}

/* The handshakes, the requests, and half of one more for some of the flows. */
static int send_flows(struct msd_gen_job *job, const struct command *cmd)
{
	u32 n;
	int err = 0;

	for (job->base = 0; job->base < cmd->n && !err; job->base += n) {
		n = min_t(u32, cmd->n - job->base, MSD_GEN_CHUNK);
		err = send_kind(job, cmd, MSD_GEN_SYN, n, 1);
		if (!err)
			err = send_kind(job, cmd, MSD_GEN_HTTP, n, 1);
		if (!err)
			err = send_kind(job, cmd, MSD_GEN_PART,
					DIV_ROUND_UP(n, PART_EVERY), PART_EVERY);
	}
	return err;
}

/* insnprof.c looks for these nops. */
static __always_inline void mark_start(void)
{
	asm volatile(".byte 0x0f,0x1f,0x80,1,0,0x5a,0x5a" ::: "memory");
}

static __always_inline void mark_end(void)
{
	asm volatile(".byte 0x0f,0x1f,0x80,2,0,0x5a,0x5a" ::: "memory");
}

static int send_marked(struct msd_gen_job *job, const struct command *cmd)
{
	int err;

	if ((cmd->kind == MSD_GEN_HTTP || cmd->kind == MSD_GEN_PART) &&
	    cmd->replies) {
		err = send_kind(job, cmd, MSD_GEN_SYN, cmd->n, 1);
		if (err)
			return err;
		memset(&total, 0, sizeof(total));
	}
	if (cmd->mark)
		mark_start();
	err = send_kind(job, cmd, cmd->kind, cmd->n, 1);
	if (cmd->mark) {
		mark_end();
		marked++;
	}
	return err;
}

static int with_sink(struct msd_gen_job *job, const struct command *cmd)
{
	int err;

	rtnl_lock();
	err = netdev_rx_handler_register(job->dev, sink, job);
	rtnl_unlock();
	if (err)
		return err;
	memset(&total, 0, sizeof(total));
	if (cmd->kind == KIND_FLOW)
		err = send_flows(job, cmd);
	else
		err = send_marked(job, cmd);
	rtnl_lock();
	netdev_rx_handler_unregister(job->dev);
	rtnl_unlock();
	synchronize_net();
	total.other = atomic_read(&job->other);
	return err;
}

static int run(const struct command *cmd)
{
	struct msd_gen_job *job;
	int err = -ENOMEM;

	job = kzalloc(sizeof(*job), GFP_KERNEL);
	if (!job)
		return -ENOMEM;
	init_waitqueue_head(&job->waitq);
	ether_addr_copy(job->dmac, cmd->dmac);
	job->isn = vzalloc(MSD_GEN_CHUNK * sizeof(*job->isn));
	if (!job->isn)
		goto out;
	err = -ENODEV;
	job->dev = dev_get_by_name(current->nsproxy->net_ns, cmd->dev);
	if (!job->dev)
		goto out;
	err = with_sink(job, cmd);
	dev_put(job->dev);
out:
	vfree(job->isn);
	kfree(job);
	return err;
}

static int parse_word(struct command *cmd, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		return -EINVAL;
	*value++ = 0;
	if (!strcmp(word, "dev"))
		return strscpy(cmd->dev, value, sizeof(cmd->dev)) < 0 ? -EINVAL : 0;
	if (!strcmp(word, "dmac"))
		return mac_pton(value, cmd->dmac) ? 0 : -EINVAL;
	if (!strcmp(word, "kind")) {
		cmd->kind = match_string(kind_name, ARRAY_SIZE(kind_name), value);
		return min(cmd->kind, 0);
	}
	if (!strcmp(word, "n"))
		return kstrtou32(value, 0, &cmd->n);
	if (!strcmp(word, "burst"))
		return kstrtou32(value, 0, &cmd->burst);
	if (!strcmp(word, "window"))
		return kstrtou32(value, 0, &cmd->window);
	if (!strcmp(word, "replies"))
		return kstrtou32(value, 0, &cmd->replies);
	if (!strcmp(word, "mark"))
		return kstrtou32(value, 0, &cmd->mark);
	return -EINVAL;
}

static int parse(struct command *cmd, char *line)
{
	char *word;
	int err = 0;

	*cmd = (struct command){
		.kind = -1, .burst = 32, .window = 128, .replies = 1,
	};
	eth_broadcast_addr(cmd->dmac);
	while (!err && (word = strsep(&line, "\n ")))
		if (*word)
			err = parse_word(cmd, word);
	if (err)
		return err;
	if (cmd->kind < 0 || !cmd->n || !cmd->burst || !cmd->window ||
	    cmd->n > MSD_GEN_FLOWS_MAX)
		return -EINVAL;
	if (cmd->kind != KIND_FLOW && cmd->n > MSD_GEN_CHUNK)
		return -EINVAL;
	return 0;
}

static ssize_t gen_write(struct file *file, const char __user *buf, size_t len,
			 loff_t *pos)
{
	char line[COMMAND_MAX];
	struct command cmd;
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = 0;
	err = parse(&cmd, line);
	if (err)
		return err;
	mutex_lock(&lock);
	err = run(&cmd);
	mutex_unlock(&lock);
	return err ? err : len;
}

static int gen_show(struct seq_file *m, void *v)
{
	seq_printf(m, "marked=%u sent=%llu answered=%llu other=%llu\n", marked,
		   total.sent, total.answered, total.other);
	return 0;
}

static int gen_open(struct inode *inode, struct file *file)
{
	return single_open(file, gen_show, NULL);
}

static const struct proc_ops gen_ops = {
	.proc_open = gen_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = gen_write,
};

static int __init gen_init(void)
{
	return proc_create("msd_gen", 0600, NULL, &gen_ops) ? 0 : -ENOMEM;
}

static void __exit gen_exit(void)
{
	remove_proc_entry("msd_gen", NULL);
}

module_init(gen_init);
module_exit(gen_exit);

MODULE_DESCRIPTION("bench: frame generator and reply sink");
MODULE_LICENSE("GPL");
