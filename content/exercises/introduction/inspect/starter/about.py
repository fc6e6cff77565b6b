import json
import subprocess
import sys

path = sys.argv[1]
about = json.loads(subprocess.check_output(["bpftool", "-j", "prog", "show", "pinned", path]))

print("id", about["id"])
