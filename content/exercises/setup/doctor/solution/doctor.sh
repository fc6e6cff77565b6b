# bash doctor.sh LIST: answers each line of the list by what the running kernel says.
here=$(uname -r)
config=/lib/modules/$here/config
[ -e "$config" ] || config=/boot/config-$here
functions=/sys/kernel/tracing/available_filter_functions

yes_or_no() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }
at_least() { printf '%s\n' "$1" "$here" | sort --version-sort --check; }

while read -r kind name; do
	case $kind in
	kernel) answer=$(yes_or_no at_least "$name") ;;
	btf) answer=$(yes_or_no test -e "/sys/kernel/btf/$name") ;;
	# y: in the kernel itself, m: in a module. “# CONFIG_… is not set” is a line as well.
	option) answer=$(yes_or_no grep -q "^CONFIG_$name=[ym]" "$config") ;;
	lsm) answer=$(yes_or_no grep -qw "$name" /sys/kernel/security/lsm) ;;
	setting) answer=$(sysctl -n "$name") ;;
	# A function of a module has the module's name after it, in brackets.
	function) answer=$(yes_or_no grep -qE "^$name( |$)" $functions) ;;
	*) answer=unknown ;;
	esac
	echo "$kind $name $answer"
done <"$1"
