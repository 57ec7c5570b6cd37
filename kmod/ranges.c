// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address sets: collected in drafts, put in order, sealed.
 *
 * A million ranges take seconds to sort on a slow machine, and sort() does not
 * yield. So runs of a bounded length are sorted one by one and then merged;
 * what arrives in order, as it usually does, is only looked at.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include "config.h"

/* First size of a draft's array. */
#define DRAFT_MIN 64
/* Ranges sorted without yielding. */
#define RUN 16384

int msd_charge(atomic_long_t *memory, size_t bytes)
{
	if (!memory ||
	    atomic_long_add_return(bytes, memory) <= MSD_MEMORY_MAX)
		return 0;
	atomic_long_sub(bytes, memory);
	return -ENOSPC;
}

void msd_uncharge(atomic_long_t *memory, size_t bytes)
{
	if (memory)
		atomic_long_sub(bytes, memory);
}

/* Double an array that is full. */
static int grow(void **array, u32 n, u32 *cap, size_t size,
		atomic_long_t *memory)
{
	u32 more = max_t(u32, DRAFT_MIN, 2 * *cap);
	size_t bytes = (more - *cap) * size;
	void *new;
	int err;

	err = msd_charge(memory, bytes);
	if (err)
		return err;
	new = kvmalloc_array(more, size, GFP_KERNEL_ACCOUNT);
	if (!new) {
		msd_uncharge(memory, bytes);
		return -ENOMEM;
	}
	if (n)
		memcpy(new, *array, n * size);
	kvfree(*array);
	*array = new;
	*cap = more;
	return 0;
}

int msd_draft_add4(struct msd_draft *l, const struct msd_range4 *r)
{
	void *array = l->r4;
	int err = 0;

	if (l->n4 + l->n6 >= MSD_RANGES_MAX)
		return -E2BIG;
	if (l->n4 == l->cap4)
		err = grow(&array, l->n4, &l->cap4, sizeof(*r), l->memory);
	if (err)
		return err;
	l->r4 = array;
	l->r4[l->n4++] = *r;
	return 0;
}

int msd_draft_add6(struct msd_draft *l, const struct msd_range6 *r)
{
	void *array = l->r6;
	int err = 0;

	if (l->n4 + l->n6 >= MSD_RANGES_MAX)
		return -E2BIG;
	if (l->n6 == l->cap6)
		err = grow(&array, l->n6, &l->cap6, sizeof(*r), l->memory);
	if (err)
		return err;
	l->r6 = array;
	l->r6[l->n6++] = *r;
	return 0;
}

void msd_draft_free(struct msd_draft *l)
{
	atomic_long_t *memory = l->memory;

	msd_uncharge(memory, l->cap4 * sizeof(*l->r4) + l->cap6 * sizeof(*l->r6));
	kvfree(l->r4);
	kvfree(l->r6);
	memset(l, 0, sizeof(*l));
	l->memory = memory;
}

/**
 * struct kind - how ranges of one family are ordered
 * @size: of a range
 * @cmp: by the first address; negative, zero or positive
 */
struct kind {
	size_t size;
	int (*cmp)(const void *a, const void *b);
};

static int cmp4(const void *a, const void *b)
{
	const struct msd_range4 *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static int cmp6(const void *a, const void *b)
{
	const struct msd_u128 *x = &((const struct msd_range6 *)a)->first;
	const struct msd_u128 *y = &((const struct msd_range6 *)b)->first;

	if (x->hi != y->hi)
		return x->hi < y->hi ? -1 : 1;
	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static const struct kind kind4 = { sizeof(struct msd_range4), cmp4 };
static const struct kind kind6 = { sizeof(struct msd_range6), cmp6 };

static bool in_order(const void *r, u32 n, const struct kind *k)
{
	u32 i;

	for (i = 1; i < n; i++)
		if (k->cmp(r + (i - 1) * k->size, r + i * k->size) > 0)
			return false;
	return true;
}

static void sort_runs(void *r, u32 n, const struct kind *k)
{
	u32 at, len;

	for (at = 0; at < n; at += len) {
		void *run = r + at * k->size;

		len = min_t(u32, RUN, n - at);
		if (!in_order(run, len, k))
			sort(run, len, k->size, k->cmp, NULL);
		cond_resched();
	}
}

/* Merge @a with @b, which stands right behind it. */
static void merge(void *to, const void *a, size_t na, size_t nb,
		  const struct kind *k)
{
	const void *b = a + na * k->size;
	const void *a_end = b, *b_end = b + nb * k->size;
	const void **from;

	for (; a < a_end && b < b_end; to += k->size) {
		from = k->cmp(a, b) <= 0 ? &a : &b;
		memcpy(to, *from, k->size);
		*from += k->size;
	}
	memcpy(to, a, a_end - a);
	memcpy(to + (a_end - a), b, b_end - b);
}

/* Merge all runs of @width in @r, two and two, into @to. */
static void merge_pass(void *to, const void *r, size_t n, size_t width,
		       const struct kind *k)
{
	size_t at, na, nb;

	for (at = 0; at < n; at += na + nb) {
		na = min(width, n - at);
		nb = min(width, n - at - na);
		merge(to + at * k->size, r + at * k->size, na, nb, k);
		cond_resched();
	}
}

/* Put @n ranges in order; the array may be replaced. */
static int order(void **array, u32 n, const struct kind *k)
{
	void *r = *array, *spare;
	size_t width;

	sort_runs(r, n, k);
	if (in_order(r, n, k))
		return 0;
	spare = kvmalloc_array(n, k->size, GFP_KERNEL_ACCOUNT);
	if (!spare)
		return -ENOMEM;
	for (width = RUN; width < n; width *= 2) {
		merge_pass(spare, r, n, width, k);
		swap(r, spare);
	}
	*array = r;
	kvfree(spare);
	return 0;
}

/* An old set and additions side by side in one list, not yet in order. */
static int join(const struct msd_addrset *old, const struct msd_draft *add,
		struct msd_draft *all)
{
	all->n4 = old->n4 + add->n4;
	all->n6 = old->n6 + add->n6;
	all->r4 = kvmalloc_array(all->n4, sizeof(*all->r4), GFP_KERNEL_ACCOUNT);
	all->r6 = kvmalloc_array(all->n6, sizeof(*all->r6), GFP_KERNEL_ACCOUNT);
	if ((all->n4 && !all->r4) || (all->n6 && !all->r6)) {
		msd_draft_free(all);
		return -ENOMEM;
	}
	memcpy(all->r4, old->r4, old->n4 * sizeof(*all->r4));
	memcpy(all->r4 + old->n4, add->r4, add->n4 * sizeof(*all->r4));
	memcpy(all->r6, old->r6, old->n6 * sizeof(*all->r6));
	memcpy(all->r6 + old->n6, add->r6, add->n6 * sizeof(*all->r6));
	return 0;
}

static int order_all(struct msd_draft *all)
{
	void *r4 = all->r4, *r6 = all->r6;
	int err;

	err = order(&r4, all->n4, &kind4);
	if (!err)
		err = order(&r6, all->n6, &kind6);
	all->r4 = r4;
	all->r6 = r6;
	if (err)
		return err;
	all->n4 = msd_ranges4_normalise(all->r4, all->n4);
	all->n6 = msd_ranges6_normalise(all->r6, all->n6);
	return all->n4 + all->n6 > MSD_RANGES_MAX ? -E2BIG : 0;
}

static struct msd_ranges *ranges_alloc(size_t bytes, atomic_long_t *memory)
{
	struct msd_ranges *r;
	int err;

	err = msd_charge(memory, bytes);
	if (err)
		return ERR_PTR(err);
	r = kvmalloc(bytes, GFP_KERNEL_ACCOUNT);
	if (!r) {
		msd_uncharge(memory, bytes);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&r->refs, 1);
	r->memory = memory;
	r->bytes = bytes;
	return r;
}

/* One block: the structure, its IPv6 ranges, its IPv4 ranges. */
static int seal(const struct msd_draft *l, atomic_long_t *memory,
		struct msd_ranges **sealed)
{
	size_t size4 = l->n4 * sizeof(*l->r4);
	size_t size6 = l->n6 * sizeof(*l->r6);
	struct msd_range4 *r4;
	struct msd_range6 *r6;
	struct msd_ranges *r;

	r = ranges_alloc(sizeof(*r) + size6 + size4, memory);
	if (IS_ERR(r))
		return PTR_ERR(r);
	r6 = (struct msd_range6 *)(r + 1);
	r4 = (struct msd_range4 *)(r6 + l->n6);
	memcpy(r6, l->r6, size6);
	memcpy(r4, l->r4, size4);
	r->set = (struct msd_addrset){
		.r4 = r4, .n4 = l->n4, .r6 = r6, .n6 = l->n6,
	};
	msd_addrset_seal(&r->set);
	*sealed = r;
	return 0;
}

int msd_ranges_seal(const struct msd_ranges *old, struct msd_draft *add,
		    struct msd_ranges **sealed)
{
	static const struct msd_addrset none;
	struct msd_draft all = {};
	int err;

	*sealed = NULL;
	err = join(old ? &old->set : &none, add, &all);
	msd_draft_free(add);
	if (err)
		return err;
	err = order_all(&all);
	if (!err && (all.n4 | all.n6))
		err = seal(&all, add->memory, sealed);
	msd_draft_free(&all);
	return err;
}

struct msd_ranges *msd_ranges_get(struct msd_ranges *r)
{
	if (r)
		refcount_inc(&r->refs);
	return r;
}

void msd_ranges_put(struct msd_ranges *r)
{
	if (!r || !refcount_dec_and_test(&r->refs))
		return;
	msd_uncharge(r->memory, r->bytes);
	kvfree_rcu(r, rcu);
}
