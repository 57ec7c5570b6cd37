# SPDX-License-Identifier: GPL-2.0-only
# Profiles of callgrind → the table of what payloads cost. Variables: syn,
# instructions of a SYN; markdown, 1 for the table alone.
#
# A profile says "desc: Trigger: Client Request: RESPONDER WAY FILE LEN" and
# "totals: N". The frames of a file come one after the other and are added up.

/^desc: Trigger: Client Request: / {
	who = $5
	way = $6
	file = $7
	len = $8
}

/^totals: / {
	if (who != "") {
		if (who " " file != last)
			cost = bound = bytes = 0
		last = who " " file
		cost += $2
		bytes += len
		bound += (4 + 64 * len / 1500) * syn
		share = cost / bound
		key = who " " way
		if (!(key in worst) || share > worst[key]) {
			worst[key] = share
			row[key] = sprintf("| %s | %s | %d | %d | %d | %.2f |",
				who == "all" ? "all on" : "`" who "`", way, bytes,
				cost, bound, share)
			from[key] = file
		}
	}
	who = ""
}

END {
	n = 0
	for (key in row)
		keys[++n] = key
	for (i = 1; i <= n; i++)
		for (j = i + 1; j <= n; j++)
			if (keys[j] < keys[i]) {
				t = keys[i]
				keys[i] = keys[j]
				keys[j] = t
			}
	print "| responder | comes as | bytes | instructions | bound | share |"
	print "| --- | --- | --- | --- | --- | --- |"
	for (i = 1; i <= n; i++)
		print row[keys[i]]
	if (markdown)
		exit !n
	for (i = 1; i <= n; i++) {
		bad = worst[keys[i]] > 1
		failed += bad
		printf "%s %d - %s costs %.2f of its bound (%s)\n",
			bad ? "not ok" : "ok", i, keys[i], worst[keys[i]],
			from[keys[i]]
	}
	printf "%d passed, %d failed\n", n - failed, failed
	exit failed || !n
}
