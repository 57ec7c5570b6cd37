# SPDX-License-Identifier: GPL-2.0-only
# Table of llvm-cov report, file by file: lines and branches. Fails when fewer
# than -v lines=N per cent of all lines or -v branches=N of all branches, or none
# at all, were run.
function percent(missed, all) {
	return all ? sprintf("%6.2f%%", 100 * (all - missed) / all) : "      -"
}
BEGIN { printf "%-32s %6s %8s %9s %9s\n", "file", "lines", "covered", "branches", "covered" }
($1 ~ /\.[ch]$/ && $8) || $1 == "TOTAL" {
	name = $1
	sub(/.*kmod\//, "", name)
	printf "%-32s %6d %8s %9d %9s\n", name, $8, percent($9, $8), $11,
		percent($12, $11)
}
$1 == "TOTAL" {
	if ($8 && $11) {
		line = 100 * ($8 - $9) / $8
		branch = 100 * ($11 - $12) / $11
	}
}
END {
	good = line && line >= lines && branch >= branches
	printf "%s - coverage: %.2f %% of lines, %d %% are wanted; " \
		"%.2f %% of branches, %d %% are wanted\n",
		good ? "ok" : "not ok", line, lines, branch, branches
	exit !good
}
