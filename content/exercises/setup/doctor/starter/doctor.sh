# bash doctor.sh LIST: answers each line of the list by what the running kernel says.
here=$(uname -r)
config=/lib/modules/$here/config
[ -e "$config" ] || config=/boot/config-$here

yes_or_no() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }
at_least() { printf '%s\n' "$1" "$here" | sort --version-sort --check; }

while read -r kind name; do
	case $kind in
	kernel) answer=$(yes_or_no at_least "$name") ;;
	# TODO: btf, option, lsm, setting, function
	*) answer=unknown ;;
	esac
	echo "$kind $name $answer"
done <"$1"
