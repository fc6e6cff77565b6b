# Completion of `./grade` and `npx grade` for bash. How to install it: npx grade completion --help

# The course that the current folder is in.
_grade_course() {
  local folder=$PWD
  while [ -n "$folder" ] && ! [ -f "$folder/grader/cli/complete.ts" ]; do folder=${folder%/*}; done
  [ -n "$folder" ] && printf '%s\n' "$folder"
}

# Takes the words behind `grade`, the one at the cursor last.
_grade_reply() {
  local course value
  COMPREPLY=()
  course=$(_grade_course) || return
  while IFS=$'\t' read -r value _; do
    COMPREPLY+=("$value")
  done < <("$course/grade" __complete "$@" 2>/dev/null)
}

_grade() {
  _grade_reply "${COMP_WORDS[@]:1:COMP_CWORD}"
}

_grade_npx() {
  local i=1
  while [ "$i" -lt "$COMP_CWORD" ] && [[ ${COMP_WORDS[i]} == -* ]]; do i=$((i + 1)); done
  if [ "$i" -lt "$COMP_CWORD" ] && [ "${COMP_WORDS[i]}" = grade ]; then
    _grade_reply "${COMP_WORDS[@]:i+1:COMP_CWORD-i}"
  elif [ -n "$_grade_npx_before" ]; then
    "$_grade_npx_before" "$@"
  elif [ "$i" -eq "$COMP_CWORD" ] && _grade_course >/dev/null; then
    COMPREPLY=($(compgen -W grade -- "${COMP_WORDS[COMP_CWORD]}"))
  fi
}

# What completed npx before goes on doing so, for everything but grade.
case $(complete -p npx 2>/dev/null) in
  *' -F _grade_npx '*) ;;
  *' -F '*) _grade_npx_before=$(complete -p npx | sed 's/.* -F \([^ ]*\) .*/\1/') ;;
  *) _grade_npx_before= ;;
esac

complete -o default -F _grade grade
complete -o default -F _grade_npx npx
