#!/usr/bin/env bash
# torchrun of Debian 12 starts nothing unless output is redirected
#
# Software: PyTorch 1.13 (python3-torch) with Python 3.11, both of Debian 12.
# Guess: torchrun starts the program in as many processes as it is told, or says what it lacks.
# Seen: an AttributeError of its own, before the program starts. What it makes of "no redirects", the enum
#   Std at 0, is None, since Python 3.11 no longer lists a flag's zero when it is iterated. Redirects of a
#   process that does not exist, -r 9:1 -t 9:1, avoid that code, and all processes run.
# It matters for data-parallel training with a distribution's own packages: the example of the documentation
#   does not start. lanegrad's hand-over names the two options.
# Documented: in Python 3.11's list of changes of enum, not in PyTorch's.
. "$(dirname "$0")/lib.sh"
debian 1.13 torch python3-torch
python <<'PY'
import subprocess, sys
with open("hello.py", "w") as file:
    file.write("import os\nopen(f\"rank-{os.environ['RANK']}\", 'w').close()\n")

def start(*options):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", *options, "hello.py"]
    done = subprocess.run(command, capture_output=True, text=True)
    last = [line for line in done.stderr.splitlines() if line and line[0] not in " *"][-1:] if done.returncode else []
    return "runs" if done.returncode == 0 else last[0]

print("one process:", start("--nproc_per_node", "1"))
print("two processes:", start("--nproc_per_node", "2"))
print("two with redirects:", start("--nproc_per_node", "2", "-r", "9:1", "-t", "9:1"))
PY
seen <<'SEEN'
one process: AttributeError: 'NoneType' object has no attribute 'get'
two processes: AttributeError: 'NoneType' object has no attribute 'get'
two with redirects: runs
SEEN
