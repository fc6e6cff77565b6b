# Completion of `./grade` and `npx grade` for fish. How to install it: npx grade completion --help

# The course that the current folder is in.
function __grade_course
    set -l folder $PWD
    while test -n "$folder"; and not test -f "$folder/grader/cli/complete.ts"
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
    test -n "$folder"; and echo $folder
end

function __grade_words
    set -l course (__grade_course); or return
    set -l words (commandline -opc)
    # Behind the first `grade`: npx and its options may stand in front.
    while test (count $words) -gt 0; and not string match -qr '(^|/)grade$' -- $words[1]
        set -e words[1]
    end
    set -e words[1]
    set -l current (commandline -ct)
    # In quotes, so that nothing typed yet is a word, too.
    $course/grade __complete $words "$current" 2>/dev/null
end

function __grade_behind_npx
    set -l words (commandline -opc)
    set -e words[1]
    while string match -q -- '-*' $words[1]
        set -e words[1]
    end
    test "$words[1]" = grade
end

complete -c grade -f -a '(__grade_words)'
complete -c npx -n __grade_behind_npx -f -a '(__grade_words)'
complete -c npx -n 'not __grade_behind_npx; and __grade_course >/dev/null' -a grade -d 'grade your solution'
