#!/usr/bin/env bash
# pickleparser: -8589934592 is read as 1090921693184
#
# Software: pickleparser 0.2.1 with Python 3.11 of Debian 12 (python3).
# Guess: integers are whole or an error; it reads 2^40 and -1 right.
# Seen: below -2^31, where pickle writes integers of more than four bytes, the sign is lost (protocol 2 and
#   newer, so everything that torch.save and pickle.dump write today); in protocol 0 they are right.
# It matters for what reads PyTorch's or Python's files in a browser: time stamps, hashes and offsets.
# Documented: the README promises protocols 0 to 5.
. "$(dirname "$0")/lib.sh"
packages pickleparser@0.2.1
javascript <<'JS'
import { execFileSync } from "node:child_process";
import { Parser } from "pickleparser";
for (const protocol of [0, 2, 5]) {
  const code = `import pickle, sys; sys.stdout.buffer.write(pickle.dumps([2**40, -1, -(2**33)], ${protocol}))`;
  console.log("protocol", protocol, new Parser().parse(execFileSync("/usr/bin/python3", ["-c", code])));
}
JS
seen <<'SEEN'
protocol 0 [ 1099511627776, -1, -8589934592 ]
protocol 2 [ 1099511627776, -1, 1090921693184 ]
protocol 5 [ 1099511627776, -1, 1090921693184 ]
SEEN
