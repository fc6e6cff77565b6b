/**
 * The autograder.py that Classroom 50 runs for each submission, in the folder of the student's checkout. It must leave result.json there, and end
 * with 0; any other end is an error of the infrastructure, which is not a score. Pure.
 * https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
 */
import type { Autograder } from './gradescope-autograder.ts';

/** It is one file, for CLASSROOM/autograders/ASSIGNMENT/autograder.py. */
export function renderClassroom50Autograder({ repository, commit, exercise, files }: Autograder): string {
  // JSON's strings and lists are Python's too, as long as they are ASCII.
  const python = (value: unknown) =>
    JSON.stringify(value).replaceAll(
      /[\u007f-\uffff]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return script
    .replace('REPOSITORY_HERE', () => python(repository))
    .replace('COMMIT_HERE', () => python(commit))
    .replace('EXERCISE_HERE', () => python(exercise))
    .replace('FILES_HERE', () => python(files));
}

const script = `#!/usr/bin/env python3
"""Grades one submission to an exercise of the Hookpoint course, for Classroom 50.

Put it into your classroom50 repository as CLASSROOM/autograders/ASSIGNMENT/autograder.py, with this runtime for the assignment:
    { "runs-on": "ubuntu-24.04", "python": "3.12", "node": "24" }
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = REPOSITORY_HERE
COMMIT = COMMIT_HERE
EXERCISE = EXERCISE_HERE
FILES = FILES_HERE

checkout = Path.cwd().resolve()
course = Path(tempfile.mkdtemp()) / "course"


def run(*command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, **options).returncode


def fail(reason):
    """Our fault or the machine's, so it is not a score."""
    print(f"::error::{reason}", file=sys.stderr)
    sys.exit(1)


def open_kvm():
    """Guests are faster with it. Without sudo, or without KVM, they are emulated."""
    rule = 'KERNEL=="kvm", GROUP="kvm", MODE="0666", OPTIONS+="static_node=kvm"'
    script = (
        f"echo '{rule}' > /etc/udev/rules.d/99-hookpoint-kvm.rules; udevadm control --reload-rules; "
        "udevadm trigger --name-match=kvm --settle; sysctl -e -q -w kernel.apparmor_restrict_unprivileged_userns=0"
    )
    if shutil.which("sudo") and os.environ.get("GITHUB_ACTIONS") == "true":
        run("sudo", "-n", "sh", "-c", script, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def submitted():
    """The folder of the exercise, if the repository has one for it; else its root. A link does not count, nor what is behind one."""
    folders = sorted(checkout.glob(f"submissions/*/{EXERCISE}"))
    return next((folder for folder in folders if folder.is_dir() and folder.resolve() == folder), checkout)


open_kvm()
if run("git", "clone", "--quiet", REPOSITORY, str(course)) != 0:
    fail("the course cannot be cloned")
if run("git", "-C", str(course), "checkout", "--quiet", COMMIT) != 0:
    fail("the course has no such commit; push it, and export the autograder again")
if run("./grade", "setup", "--yes", cwd=course, stdout=subprocess.DEVNULL) != 0:
    fail("the guest cannot be set up")

target = course / "submissions" / "learner" / EXERCISE
source = submitted()
shutil.rmtree(course / "submissions", ignore_errors=True)
for name in FILES:
    # A link stays one: the grader follows none.
    if os.path.lexists(source / name):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, target / name, follow_symlinks=False)
target.mkdir(parents=True, exist_ok=True)

report = course.parent / "report.json"
# With --json nothing that a learner wrote gets into the log, where a runner would take some of it for commands.
run(
    "./grade", "--yes", "--json", "--as", "learner",
    "--report", str(report), "--report", str(checkout / "release-body.md"), EXERCISE,
    cwd=course, stdout=subprocess.DEVNULL,
)
graded = course.parent / "graded.json"
exported = run(
    "./grade", "export", "--as", "learner", "--format", "classroom50", "--from", str(report), "--out", str(graded), cwd=course
)
if exported != 0:
    fail("the grader has no verdict, which is not the submission's fault")

env = os.environ
now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
result = {
    "schema": "classroom50/result/v1",
    "classroom": env["CLASSROOM"],
    "assignment": env["ASSIGNMENT"],
    "submission": env["SUBMISSION_TAG"],
    "commit": env["COMMIT_URL"],
    "release": env["RELEASE_URL"],
    "review": env.get("REVIEW_URL") or env["COMMIT_URL"],
    "datetime": now,
    **json.loads(graded.read_text(encoding="utf-8")),
}
(checkout / "result.json").write_text(json.dumps(result, indent=2), encoding="utf-8")
`;
