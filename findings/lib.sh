# Sourced by every finding: a temporary folder with pinned public packages, one program run in it,
# and its output compared with what was seen when the finding was written down.
set -euo pipefail
findings=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# packages NAME@VERSION …: installs them from npm without running their install scripts.
packages() {
  echo '{ "type": "module" }' >package.json
  cp "$findings"/*.mjs .
  if ! npm install --silent --no-audit --no-fund --ignore-scripts "$@" >npm.log 2>&1; then
    cat npm.log
    echo "needs $* from npm"
    exit 2
  fi
  echo "with $*"
}

# debian VERSION MODULE PACKAGE: the Python module of a Debian 12 package, at this version.
debian() {
  local found
  found=$(/usr/bin/python3 -c "import $2; print($2.__version__)" 2>/dev/null || echo none)
  if [[ $found != "$1"* ]]; then
    echo "needs $2 $1 from Debian 12's $3, found: $found"
    exit 2
  fi
  echo "with $2 $found"
}

# chromium VERSION: Debian's Chromium at this version.
chromium() {
  local found
  found=$(/usr/bin/chromium --version 2>/dev/null || echo none)
  if [[ $found != "Chromium $1"* ]]; then
    echo "needs Chromium $1 from Debian 12's chromium, found: $found"
    exit 2
  fi
  echo "with $found"
}

# webkit VERSION: Debian's WebKitGTK and its driver at this version.
webkit() {
  local found
  found=$(dpkg-query -W -f '${Version}' webkit2gtk-driver 2>/dev/null || echo none)
  if [[ $found != "$1"* ]]; then
    echo "needs WebKitGTK $1 from Debian 12's webkit2gtk-driver and xvfb, found: $found"
    exit 2
  fi
  echo "with WebKitGTK $found"
}

# javascript, python: run the program on standard input, print what it prints and keep it.
javascript() { cat >program.mjs && run node program.mjs; }
python() { cat >program.py && run /usr/bin/python3 -W ignore program.py; }
run() {
  if ! "$@" >output 2>errors; then
    cat output errors
    echo "the program fails, which it did not when this was seen"
    exit 1
  fi
  cat output
}

# seen: fails unless the program printed exactly the text on standard input.
seen() {
  cat >expected
  if ! diff -u --label seen --label now expected output; then
    echo "it no longer behaves as it was seen to"
    exit 1
  fi
}
