/**
 * What Gradescope wants of an autograder: a zip with `setup.sh`, which it runs once as root when it builds the container, and `run_autograder`,
 * which it runs for each submission (gradescope-autograders.readthedocs.io). Pure.
 */

export interface Autograder {
  /** URL of the course's repository, and the commit that grades. */
  repository: string;
  commit: string;
  /** '<chapter>/<name>' */
  exercise: string;
  /** The files that it asks for, '/'-separated. */
  files: readonly string[];
}

/** Content by name. */
export function autograderFiles({ repository, commit, exercise }: Autograder): Map<string, string> {
  return new Map([
    ['exercise', `${exercise}\n`],
    [
      'setup.sh',
      setup.replace('REPOSITORY_HERE', () => quoted(repository)).replace('COMMIT_HERE', () => quoted(commit)),
    ],
    ['run_autograder', run],
  ]);
}

const setup = `#!/bin/sh
# Puts the course into the container, with its guest image and a kernel. Needs Ubuntu 24.04 or Debian 12 or newer, and the network.
set -eu
home=\${AUTOGRADER:-/autograder}
# Not below HOME: the container may be built by one user and run by another.
export HOOKPOINT_CACHE="$home/cache" DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends ca-certificates git nodejs npm
rm -rf "$home/course"
git clone --quiet REPOSITORY_HERE "$home/course"
git -C "$home/course" checkout --quiet COMMIT_HERE
cd "$home/course"
./grade setup --yes
`;

const run = `#!/bin/sh
# Grades one submission: the files themselves, or a repository with submissions/<login>/<chapter>/<exercise>/ in it.
set -eu
home=\${AUTOGRADER:-/autograder}
export HOOKPOINT_CACHE="$home/cache"
exercise=$(cat "$home/source/exercise")
folder=submissions/learner/$exercise
# A link does not count, nor what is behind one: it could lead to the solution.
from=
if [ -d "$home/submission/submissions" ]; then
  from=$(find -P "$home/submission/submissions" -mindepth 3 -maxdepth 3 -type d -path "*/submissions/*/$exercise" -print -quit)
fi
cd "$home/course"
rm -rf submissions .grade
mkdir -p "$folder" "$home/results"
# Links stay links: the grader follows none.
cp -RP "\${from:-$home/submission}/." "$folder/"
rm -f "$home/report.json" "$home/results/results.json"
# A failed check ends with 1, which is no failure of ours.
./grade --yes --json --as learner --report "$home/report.json" "$exercise" > /dev/null || true
./grade export --as learner --format gradescope --from "$home/report.json" --out "$home/results/results.json"
`;

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
