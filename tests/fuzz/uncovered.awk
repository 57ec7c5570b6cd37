# SPDX-License-Identifier: GPL-2.0-only
# Lines that llvm-cov show saw nobody run, held against tests/fuzz/uncovered,
# which is read first. Fails when the two differ.
function trim(s) {
	gsub(/^[ \t]+|[ \t]+$/, "", s)
	return s
}
NR == FNR {
	if (/^#/)
		next
	if (!match($0, / -- ./)) {
		print "uncovered: no reason: " $0
		bad = 1
		next
	}
	listed[substr($0, 1, RSTART - 1)]++
	next
}
/^\/.*:$/ {
	file = $0
	sub(/.*kmod\//, "", file)
	sub(/:$/, "", file)
	before = ""
	next
}
{
	if (!match($0, /^ *[0-9]+\| *[0-9.kM]*\|/))
		next
	text = trim(substr($0, RLENGTH + 1))
	split($0, column, "|")
	if (trim(column[2]) == "0") {
		lines++
		seen[file ": " before " / " text]++
	}
	before = text
}
END {
	for (key in seen)
		if (seen[key] > listed[key]) {
			print "not run and not listed: " key
			bad = 1
		}
	for (key in listed)
		if (listed[key] > seen[key]) {
			print "listed, but run or gone: " key
			bad = 1
		}
	print lines + 0 " lines are not run"
	exit bad
}
