# One loop for each kind. The files that take long are copied once.
IFS=. read -r major minor _ < <(uname -r)
minor=${minor%%[!0-9]*}
copy=$(mktemp -d)
cut -d' ' -f1 /sys/kernel/tracing/available_filter_functions >"$copy/function"
ls /sys/kernel/btf >"$copy/btf"
tr ',' '\n' </sys/kernel/security/lsm >"$copy/lsm"
cat "/lib/modules/$(uname -r)/config" | grep -E '=(y|m)$' | sed 's/^CONFIG_//; s/=.$//' >"$copy/option"

for kind in option lsm btf function; do
	sed -n "s/^$kind //p" "$1" | while read -r name; do
		grep -Fqx "$name" "$copy/$kind" && echo "$kind $name yes" || echo "$kind $name no"
	done
done
sed -n 's/^setting //p' "$1" | while read -r name; do
	printf 'setting %s %s\n' "$name" "$(sysctl "$name" | sed 's/.* = //')"
done
sed -n 's/^kernel //p' "$1" | while IFS=. read -r wanted after; do
	if ((major > wanted || (major == wanted && minor >= after))); then answer=yes; else answer=no; fi
	echo "kernel $wanted.$after $answer"
done
