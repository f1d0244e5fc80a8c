#!/bin/bash
# Installs what a command needs and is missing: ./setup.sh start|train|test|bench|formats …
#
# On Debian 12: Debian packages (as root, or through sudo where it asks for no password), Emscripten and the
# npm packages, side by side. Elsewhere, or without the rights, it names what to install and stops.
# Prints nothing when there is nothing to do. Can be interrupted and run again.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

logs=$PWD/.tools/logs
emscripten_version=$(cat wasm/toolchain/version.txt)

say() { echo "setup: $*"; }

fail() {
  say "$@" >&2
  exit 1
}

# ---- What each group needs ---------------------------------------------------

# need TEST PACKAGE NAME: when TEST, a command name or a path, is not there, notes the Debian package
# and what it is called elsewhere.
packages="" # separated by spaces
names=""    # one per line
need() {
  if command -v "$1" >/dev/null 2>&1 || [ -e "$1" ]; then return; fi
  case " $packages " in *" $2 "*) return ;; esac
  packages="${packages:+$packages }$2"
  if [ -n "$3" ]; then names="$names  $3"$'\n'; fi
}

own_emscripten() { # an em++ on the PATH of the version that the bindings are made for
  [ "$(em++ --version 2>/dev/null | grep -o '[0-9]\+\.[0-9]\+\.[0-9]\+' | head -n 1)" = "$emscripten_version" ]
}

on_debian_12() { [ "$(. /etc/os-release 2>/dev/null && echo "$ID $VERSION_ID")" = "debian 12" ]; }

wants_emscripten=false
npm_folders="."
need_for() {
  need cmake cmake "CMake 3.24 or newer"
  need ninja ninja-build "Ninja"
  if on_debian_12; then need /usr/include/hwy/highway.h libhwy-dev ""; fi
  case $1 in
    start)
      if own_emscripten; then return; fi
      if on_debian_12; then
        wants_emscripten=true
        need /usr/lib/llvm-19/bin/clang clang-19 ""
        need /usr/lib/llvm-19/bin/wasm-ld lld-19 ""
        need /usr/lib/llvm-19/bin/llvm-ar llvm-19 ""
        need python3 python3 ""
      else
        need em++-$emscripten_version emscripten "Emscripten $emscripten_version, with em++ on the PATH"
      fi
      ;;
    train)
      need c++ g++ "a C++20 compiler (g++ 12, clang 14 or newer)"
      ;;
    test)
      need_for start
      need_for train
      need clang-format clang-format "clang-format 14"
      need chromium chromium "Chromium"
      if on_debian_12; then
        need /usr/include/catch2/catch.hpp catch2 ""
        need /usr/lib/python3/dist-packages/numpy python3-numpy "" # which reads checkpoints as docs/formats.md says
        need firefox-esr firefox-esr "" # these five for tests/engines, which leave out what is not there
        need WebKitWebDriver webkit2gtk-driver ""
        need /usr/lib/x86_64-linux-gnu/girepository-1.0/WebKit2-4.1.typelib gir1.2-webkit2-4.1 "" # a window with a profile on disk
        need /usr/lib/python3/dist-packages/gi python3-gi ""
        need Xvfb xvfb "" # WebKit needs a screen
      fi
      if [ "$(uname -sm)" = "Linux x86_64" ]; then npm_folders=". tests/engines"; fi # Bun and Deno
      ;;
    bench)
      need_for start
      need_for train # for --native, which also takes numpy and PyTorch where they are installed
      need chromium chromium "Chromium"
      npm_folders=". tests/bench"
      ;;
    formats)
      need_for start
      need_for train
      if on_debian_12; then
        need /usr/lib/python3/dist-packages/torch python3-torch ""
        need /usr/lib/python3/dist-packages/onnx python3-onnx "" # whose checker reads what we write
      fi
      npm_folders=". tests/formats"
      ;;
    *) fail "no such group: $1 (there are start, train, test, bench, formats)" ;;
  esac
}

# ---- The steps ---------------------------------------------------------------

as_root() {
  if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"; else sudo -n env DEBIAN_FRONTEND=noninteractive "$@"; fi
}

may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

update_package_lists() {
  local attempt
  for attempt in $(seq 60); do # another apt may hold the lock
    as_root apt-get -qq update && return
    sleep 2
  done
  return 1
}

install_packages() {
  # An installation that was cut off is finished first.
  if [ -n "$(dpkg --audit)" ]; then as_root dpkg --configure -a || return; fi
  as_root apt-get -y -qq --no-install-recommends -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-unsafe-io install $packages
}

npm_is_current_in() { cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json"; }

npm_is_current() {
  local folder
  for folder in $npm_folders; do npm_is_current_in "$folder" || return; done
}

install_npm_packages() {
  local folder
  for folder in $npm_folders; do
    if npm_is_current_in "$folder"; then continue; fi
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error || return
    cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"
  done
}

# step TITLE COMMAND …: runs it with its output in a log, which is shown only if it fails.
step() {
  local title=$1 begin=$SECONDS log
  shift
  log=$logs/$(basename "$1").log
  if "$@" >"$log" 2>&1; then
    say "$title: done in $((SECONDS - begin)) s"
  else
    cat "$log" >&2
    fail "$title: failed"
  fi
}

# ---- What is missing, and doing it -------------------------------------------

if [ $# = 0 ]; then fail "which command for? ./setup.sh start|train|test|bench|formats"; fi
if ! node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 16) ? 0 : 1)' 2>/dev/null ||
  ! command -v npm >/dev/null; then
  fail "please install Node.js 20.16 or newer, with npm"
fi
for group in "$@"; do need_for "$group"; done

if on_debian_12; then
  if [ -n "$packages" ] && ! may_be_root; then
    fail "Debian packages are missing, and this user may not install them. As root, run
  apt-get install --no-install-recommends $packages"
  fi
elif [ -n "$names" ]; then
  fail "on this system, please install what is missing yourself:
${names%?}"
fi

if $wants_emscripten && wasm/toolchain/install.sh --check; then wants_emscripten=false; fi
if [ -z "$packages" ] && ! $wants_emscripten && npm_is_current; then exit 0; fi

mkdir -p "$logs"
if command -v flock >/dev/null; then # steps of a set-up that was cut off may still be running
  exec 9>.tools/lock
  flock 9
fi
jobs=""
if ! npm_is_current; then
  say "installing the npm packages"
  step "npm packages" install_npm_packages &
  jobs="$jobs $!"
fi
if [ -n "$packages" ]; then
  say "installing Debian packages: $packages"
  step "package lists" update_package_lists
  step "Debian packages" install_packages &
  jobs="$jobs $!"
fi
if $wants_emscripten; then
  say "unpacking Emscripten $emscripten_version into .tools/emscripten"
  step "Emscripten" wasm/toolchain/install.sh &
  jobs="$jobs $!"
fi
status=0
for job in $jobs; do wait "$job" || status=1; done
exit $status
