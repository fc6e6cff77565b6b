import json
import subprocess
import sys

path = sys.argv[1]
about = json.loads(subprocess.check_output(["bpftool", "-j", "prog", "show", "pinned", path]))

print("id", about["id"])
print("type", about["type"])
print("tag", about["tag"])
print("maps", *about.get("map_ids", ["none"]))
