#!/bin/bash
# `npm run test:formats`: asks other programs for the answers of exported nets, with what it needs for that
# installed in tests/formats. Takes files of tests, or runs all.
set -euo pipefail
cd "$(dirname "$0")/../.."

./setup.sh formats
test -e build/release/build.ninja || cmake --preset release -DLANEGRAD_TESTS=OFF >/dev/null
cmake --build build/release --target train exported_nets -- --quiet
npm run --silent build:module
npm run --silent build:package
if [ $# = 0 ]; then set -- tests/formats/*.test.mjs; fi
exec node --test --test-concurrency=1 "$@"
