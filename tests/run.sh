#!/bin/bash
# `npm test`: installs what is missing, builds everything and runs every test; then says how long each step
# took and, last, the summary of the JavaScript tests or the names of the steps that failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

times=""
failed=""

# step NAME COMMAND …: runs it, notes its time and whether it failed; the next steps run all the same.
step() {
  local name=$1 begin=$SECONDS status=ok
  shift
  echo "== $name"
  if ! "$@"; then
    status=FAILED
    failed="${failed:+$failed, }$name"
  fi
  times="$times$(printf '%5d s  %-6s  %s' $((SECONDS - begin)) $status "$name")"$'\n'
}

lint() { npm run --silent format:check && npm run --silent lint; }

build() { cmake --preset "$1" -DLANEGRAD_TESTS=ON >/dev/null && cmake --build --preset "$1" -- --quiet; }

run() { ctest --preset "$1" --parallel 2; }

package() {
  npm run --silent build:package && npm run --silent build:page && npm run --silent typecheck
}

# Two files at a time, as a page waits more than it computes; a file that does not end is ended.
javascript() {
  rm -f build/javascript.tap
  find tests -name '*.test.mjs' -not -path 'tests/formats/*' -print0 | sort -z |
    xargs -0 node --test --test-concurrency=2 --test-timeout=900000 --test-reporter=spec --test-reporter-destination=stdout \
      --test-reporter=tap --test-reporter-destination=build/javascript.tap
}

step "set-up" ./setup.sh test
if [ -n "$failed" ]; then
  echo "failed: $failed"
  exit 1
fi
step "lint" lint
step "native build with sanitizers" build debug
step "native tests with sanitizers" run debug
step "native build with thread sanitizer" build tsan
step "native tests with thread sanitizer" run tsan
step "native release build" build release
step "native release tests" run release
step "wasm build" build wasm
step "wasm tests in Node" run wasm
step "package and page build" package
step "lint, package and page tests" javascript

printf '\n%s%5d s          all\n\n' "$times" $SECONDS
grep -o 'failed once: .*' build/javascript.tap
grep '^# [a-z_]* [0-9.]*$' build/javascript.tap
sed -n 's/^ *ok [0-9]* - \(.*\) # SKIP/left out: \1:/p' build/javascript.tap # what this system does not have
if [ -n "$failed" ]; then
  echo "failed: $failed"
  exit 1
fi
