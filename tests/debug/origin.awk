# SPDX-License-Identifier: GPL-2.0-only
#
# Who asked for the memory that failed? Input: what faults-guest.sh prints. Output:
#
#   POINT operation number outcome owner function   function called the allocator
#   SITES operation n failed                        distinct ones of the module
#   MISSED operation stack                          a site that never failed; pages
#                                                   that refill a cache are chance
#
# and lines that begin with WRONG as they are. Owners:
#
#   checker  kmemleak, KASAN, reference trackers, DEBUG_NET: of this kernel only
#   files    the module loader: the tracer's files for the events, those of sysfs for
#            the sections; it goes on without
#   notice   a message to listeners, of which there are none
#   spare    the module, by a way that has another one behind it: kvmalloc() goes
#            from slab to pages, a cache is refilled with smaller pages
#   module   the module, or the kernel for the module
#   kernel   netlink, the module loader, sysfs
#
# What the module asked for it cannot do without: that would be WRONG.
#
# With list=all or list=missed the input is a trace that begins with a recorded
# run, and the output numbers of its allocations: all but those of checkers and for
# files, or those of the module that did not fail yet.
BEGIN {
	allocator = "^(_*should_fail|_*kmem_cache_alloc|_*kmalloc|_*krealloc|kmemdup|kstrdup|_*kvmalloc|kvmemdup" \
		"|_*vmalloc|vzalloc|_*alloc_pages|_*get_free_page|get_zeroed_page|_*folio_alloc|allocate_slab" \
		"|_*slab_alloc|_*get_vm_area|alloc_vmap_area|vmap_|_*alloc_percpu|pcpu_|_*alloc_skb|_*build_skb" \
		"|_*netdev_alloc|_*napi_alloc|_*page_frag|kasprintf|kvasprintf)"
	checker = "^(_*create_object|kmemleak_|_*stack_depot|kasan_|_*debug_object|fill_pool|ref_tracker_alloc|napi_get_frags_check$)"
	files = "^(trace_module_notify|sysfs_add_bin_file_mode_ns)$"
	notice = "^(genl_ctrl_event|netlink_trim)$"
}

function owner_of_stack() {
	return checks ? "checker" : extra ? "files" : !ours ? "kernel" : notices ? "notice" : spare ? "spare" : "module"
}

function end_of_stack(o) {
	if (!deep)
		return
	o = owner_of_stack()
	if (recording) {
		if ((o == "module" || o == "spare") && !refill)
			site[operation, path] = number
		if (list == "all" && o != "checker" && o != "files")
			print number
	} else {
		owner[at] = o
		who[at] = found
		hit[operation, path] = 1
	}
	deep = pages = ours = checks = extra = spare = refill = notices = 0
	found = path = ""
}

$1 == "POINT" {
	point[++n] = $2 " " $3
	outcome[n] = $4
	next
}

$1 == "WRONG" || (n && outcome[n] == "WRONG" && /^  /) {
	print
	next
}

match($0, /(POINT [^ ]* [sp][0-9]+|RECORD [^ ]* [sp]|IN|OUT)$/) && /tracing_mark_write/ {
	end_of_stack()
	split(substr($0, RSTART), mark, " ")
	if (mark[1] == "RECORD")
		number = 0
	if (mark[1] == "RECORD" || mark[1] == "POINT") {
		operation = mark[2]
		recording = mark[1] == "RECORD"
		at = mark[2] " " mark[3]
		task = ""
	} else {
		task = mark[1] == "IN" ? $1 : ""
	}
	next
}

# of another task or an interrupt, or not during a call that counts
/: fault: / {
	end_of_stack()
	skip = recording ? $1 != task || $3 ~ /[hHs]/ : !/failed=1/
	number += !skip
	next
}

$1 == "=>" && !skip {
	name = $2
	sub(/\+0x.*/, "", name)
	sub(/\.(constprop|isra|part)\..*/, "", name)
	# an init function is gone by now, or the module is: an address is left
	mine = /\[kmasscanned\]/ || name ~ /^0x/
	if (name ~ /^0x/)
		name = "init"
	if (name ~ /^_*should_fail/) {
		deep = 1
		pages += name ~ /page/
	}
	if (!deep)
		next
	ours += mine
	checks += name ~ checker
	extra += name ~ files
	notices += name ~ notice
	refill += name ~ /^(allocate_slab|_*page_frag.*|_*napi_alloc_(skb|frag).*)$/ && pages
	spare += refill || name == "kvmalloc_node"
	if (name !~ allocator && found == "")
		found = name
	if (mine)
		path = path " " (name == "init" ? name : $2)
	else if (!ours)
		path = path " " name
}

END {
	end_of_stack()
	if (list == "missed")
		for (s in site)
			if (!(s in hit))
				print site[s]
	if (list)
		exit
	for (i = 1; i <= n; i++) {
		p = point[i]
		if (owner[p] == "module" && outcome[i] == "without")
			outcome[i] = "WRONG"
		print "POINT", p, outcome[i], (p in owner) ? owner[p] " " who[p] : "- -"
	}
	for (s in site) {
		split(s, part, SUBSEP)
		all[part[1]]++
		failed[part[1]] += s in hit
		if (!(s in hit))
			print "MISSED", part[1] part[2]
	}
	for (o in all)
		print "SITES", o, all[o], failed[o]
}
