# Completion of `./grade` and `npx grade` for zsh. How to install it: npx grade completion --help

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }

# The course that the current folder is in.
_grade_course() {
  local folder=$PWD
  while [[ -n $folder && ! -f $folder/grader/cli/complete.ts ]]; do folder=${folder%/*}; done
  [[ -n $folder ]] && print -r -- $folder
}

_grade() {
  local course line
  local -a offered
  course=$(_grade_course) || return
  for line in ${(f)"$($course/grade __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)"}; do
    offered+=("${line%%$'\t'*}:${line#*$'\t'}")
  done
  if (( $#offered )); then _describe -V grade offered; else _files; fi
}

_grade_npx() {
  local i=2
  while (( i < CURRENT )) && [[ $words[i] == -* ]]; do (( i++ )); done
  if (( i < CURRENT )) && [[ $words[i] == grade ]]; then
    shift $(( i - 1 )) words
    (( CURRENT -= i - 1 ))
    _grade
  elif [[ -n $_grade_npx_before ]]; then
    $_grade_npx_before "$@"
  else
    (( i == CURRENT )) && _grade_course >/dev/null && compadd grade
    _files
  fi
}

# What completed npx before goes on doing so, for everything but grade.
[[ ${_comps[npx]} == _grade_npx ]] || typeset -g _grade_npx_before=${_comps[npx]}

compdef _grade grade
compdef _grade_npx npx
