# Each file is read once; the list is kept in awk.
here=$(uname -r)
{
	echo "release $here"
	ls /sys/kernel/btf | sed 's/^/btf /'
	cat "/lib/modules/$here/config" | sed -n 's/^CONFIG_\(.*\)=[ym]$/option \1/p'
	tr , "\n" </sys/kernel/security/lsm | sed "s/^/lsm /"
	echo
	sysctl -a 2>/dev/null | sed 's/ = / /; s/^/setting /'
	sed 's/ .*//; s/^/function /' /sys/kernel/tracing/available_filter_functions
} | awk '
	BEGIN { list = ARGV[1]; ARGV[1] = "-" }
	$1 == "release" { split($2, release, ".") }
	$1 == "setting" { value[$2] = $3 }
	{ has[$1, $2] = 1 }
	END {
		while ((getline line <list) > 0) {
			split(line, word, " ")
			if (word[1] == "kernel") {
				split(word[2], least, ".")
				yes = release[1] + 0 > least[1] + 0 || (release[1] + 0 == least[1] + 0 && release[2] + 0 >= least[2] + 0)
			} else yes = (word[1], word[2]) in has
			print line, word[1] == "setting" ? value[word[2]] : yes ? "yes" : "no"
		}
	}' "$1"
