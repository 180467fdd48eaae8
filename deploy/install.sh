#!/bin/sh
# Install the bundle that this stands in: `sh install.sh /opt/wenju`. Needs Python and no network.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-/opt/wenju}
python=${PYTHON:-python3}

fail() { echo "error: $1 (hint: $2)" >&2; exit 1; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  fail "$python is no Python 3.11 or newer" "name one: PYTHON=/path/to/python3 sh install.sh"
tag=$("$python" -c 'import sys; print("cp%d%d" % sys.version_info[:2])')
case $(basename "$here") in
  *-"$tag"-*) ;;
  *) fail "this bundle is not for $tag" "run it with the Python that its name tells" ;;
esac
(cd "$here" && sha256sum --quiet -c SHA256SUMS) ||
  fail "the bundle is damaged" "copy it again, then compare its sha256"

"$python" -m venv "$prefix" || fail "no environment could be made at $prefix" \
  "is python3-venv installed, and the folder writable?"
"$prefix/bin/python" -m pip --disable-pip-version-check install -q --no-index \
  --find-links "$here/wheels" --force-reinstall "$here"/wheels/*.whl ||
  fail "the packages could not be installed" "the lines above say which"

echo "installed. Index a folder, then serve it:"
echo "  $prefix/bin/wenju index build FOLDER --index FOLDER.index"
echo "  $prefix/bin/wenju serve --index FOLDER.index"
