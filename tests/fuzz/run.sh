#!/bin/bash
# npm run fuzz -- [TARGET …] [SECONDS]: builds the fuzz targets with libFuzzer, and lets each search for so many seconds
# (60). What it found stays in build/fuzz/corpus; an input that ends a target is named and kept in build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."

clang=$(command -v clang++ || true)
if [ -z "$clang" ]; then
  echo "please install clang with libFuzzer (Debian: clang)" >&2
  exit 1
fi
seconds=60
targets=()
for argument; do
  case $argument in
    *[!0-9]*) targets+=("$argument") ;;
    *) seconds=$argument ;;
  esac
done
if [ ${#targets[@]} = 0 ]; then
  for source in tests/fuzz/*.cpp; do
    name=$(basename "$source" .cpp)
    if [ "$name" != main ]; then targets+=("$name"); fi
  done
fi

cmake --preset debug -B build/fuzz -DCMAKE_CXX_COMPILER="$clang" -DLANEGRAD_FUZZ=ON -DLANEGRAD_TESTS=ON >/dev/null
cmake --build build/fuzz --target "${targets[@]/#/fuzz_}" -- --quiet
for target in "${targets[@]}"; do
  corpus=build/fuzz/corpus/$target
  mkdir -p "$corpus"
  build/fuzz/fuzz_"$target" --seeds="$corpus"
  echo "== $target, $seconds s"
  log=build/fuzz/$target.log
  if ! build/fuzz/fuzz_"$target" -max_total_time="$seconds" -max_len=16384 -rss_limit_mb=4096 -timeout=20 \
    -artifact_prefix="build/fuzz/$target-" -print_final_stats=1 "$corpus" >"$log" 2>&1; then
    tail -n 40 "$log"
    echo "fuzz: $target failed; its input is build/fuzz/$target-*" >&2
    exit 1
  fi
  grep -E 'number_of_executed_units|new_units_added' "$log"
done
