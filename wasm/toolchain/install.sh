#!/bin/bash
# Puts Emscripten, in the version of version.txt, into .tools/emscripten on Debian 12, without touching the system.
#
# Debian 12's own Emscripten is too old; Debian 13's runs on 12 when it is unpacked beside its C library
# and given Debian 12's LLVM 19 (packages clang-19, lld-19, llvm-19, which setup.sh installs). The packages
# come through apt, from the mirror this machine already uses, and apt checks their signatures.
# Needs no rights. Does nothing when it is there already; survives being interrupted. With --check it
# only answers, by its exit code, whether there is nothing to do.
set -euo pipefail

tools=$(cd "$(dirname "$0")/../.." && pwd)/.tools
prefix=$tools/emscripten
emscripten=$prefix/usr/share/emscripten

# The builds need a tenth of the 1.7 GB: no position-independent, sanitizer, WasmFS or GL libraries,
# and no sources of them, since the cache is frozen.
unneeded=(
  '*/pic/*' '*/lto/pic/*' '*/lto-pic/*' '*libwasmfs*' '*-ww*' '*libGL*' '*-noexcept*' '*-asan*'
  '*san_rt*' '*libsanitizer*' '*/cache/symbol_lists*' '*/emscripten/system/lib/*'
  '*/emscripten/test/*' '*/emscripten/docs/*' '*/emscripten/media/*' '*/usr/share/doc/*'
  '*/usr/share/man/*' '*/usr/share/locale/*' '*/gconv/*'
)

# apt with a state of its own: Debian 13's lists and packages never mix with the system's.
private_apt() {
  apt-get -qq -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::status=/dev/null -o APT::Sandbox::User="$(id -un)" \
    -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

unpack() {
  local mirror pattern deb excludes=()
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' |
    awk '$2 == "bookworm" || $2 == "stable" { print $1; exit }')
  if [ -z "$mirror" ]; then
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' | awk '$2 == "bookworm" { print $1; exit }')
  fi
  if [ -z "$mirror" ]; then
    echo "setup: apt knows no Debian 12 mirror; run apt-get update first" >&2
    exit 1
  fi

  mkdir -p "$work"/{lists,cache/archives,whole}/ "$work"/{lists,cache/archives}/partial
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" \
    >"$work/sources.list"
  private_apt update
  (cd "$work" && private_apt download emscripten binaryen node-acorn libc6 libstdc++6 libgcc-s1)
  for pattern in "${unneeded[@]}"; do excludes+=("--exclude=$pattern"); done
  for deb in "$work"/*.deb; do
    dpkg --fsys-tarfile "$deb" | tar -x -C "$work/whole" --wildcards "${excludes[@]}"
  done
  mkdir -p "$work/whole/usr/share/emscripten/node_modules"
  cp -rL "$work/whole/usr/share/nodejs/acorn" "$work/whole/usr/share/emscripten/node_modules/acorn"
  # Else Node reads Emscripten's own scripts as modules, as this project's package.json says.
  echo '{ "type": "commonjs" }' >"$work/whole/package.json"
  rm -rf "$prefix"
  mv "$work/whole" "$prefix"
}

# Absolute paths stand in the wrappers and in the configuration: written anew when the project has moved.
configure() {
  local program name node_flags=""
  mkdir -p "$prefix/binaryen/bin"
  for program in "$prefix"/usr/bin/wasm*; do
    name=$(basename "$program")
    # binaryen is linked against Debian 13's C library.
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$prefix/usr/lib64/ld-linux-x86-64.so.2" \
      "$prefix/usr/lib/x86_64-linux-gnu" "$program" >"$prefix/binaryen/bin/$name"
    chmod +x "$prefix/binaryen/bin/$name"
  done
  # Linking runs the module in Node. Node 20 wants a flag for relaxed SIMD; newer ones refuse that flag.
  if ! node -e "$relaxed_probe"; then node_flags=", '--experimental-wasm-relaxed-simd'"; fi
  cat >"$emscripten/.emscripten" <<CONFIG
LLVM_ROOT = '/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$prefix/binaryen'
CACHE = '$emscripten/cache'
FROZEN_CACHE = True
LLVM_ADD_VERSION = ''
CLANG_ADD_VERSION = ''
NODE_JS = ['$(command -v node)'$node_flags]
CONFIG
  echo "$prefix" >"$prefix/configured-for"
}

# Exit code 0 where a function with one relaxed multiply-add validates.
relaxed_probe='process.exit(WebAssembly.validate(new Uint8Array([0,97,115,109,1,0,0,0,1,8,1,96,3,123,123,123,1,
123,3,2,1,0,10,13,1,11,0,32,0,32,1,32,2,253,133,2,11])) ? 0 : 1)'

if [ "$(cat "$prefix/configured-for" 2>/dev/null)" = "$prefix" ]; then exit 0; fi
if [ "${1:-}" = --check ]; then exit 1; fi
if [ ! -d "$prefix" ]; then
  mkdir -p "$tools"
  rm -rf "$tools"/emscripten.?????? # what a killed run has left
  work=$(mktemp -d "$tools/emscripten.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  unpack
fi
configure
