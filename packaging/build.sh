#!/usr/bin/env bash
# Makes everything that a release consists of, in the folder that is named (dist by default):
#   packaging/build.sh [FOLDER]
# .deb, .rpm and a static archive for amd64 and arm64, an image for containers of both, an SBOM of each program, checksums.
# From one commit it makes the same bytes each time and everywhere: packaging/verify.sh holds it to that.
#
# VERSION is the release, "1.2.3"; without it the tag of the commit, else a version that sorts before every release.
# SOURCE_DATE_EPOCH is the time that everything bears; without it that of the commit.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C TZ=UTC
umask 022

out=$(realpath -m "${1:-dist}")
commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
tag=$(git describe --tags --exact-match 2>/dev/null || true)
VERSION=${VERSION:-${tag#v}}
VERSION=${VERSION:-0.0.0~$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d).$commit}
export SOURCE_DATE_EPOCH VERSION CGO_ENABLED=0

tool() { go tool -modfile=tools/package/go.mod "$@"; }

# build ARCH: the program, static, without the paths and the time of the machine that builds it.
build() {
  GOOS=linux GOARCH=$1 GOAMD64=v1 GOARM64=v8.0 go build -trimpath -buildvcs=false \
    -ldflags "-s -w -buildid= -X main.version=$VERSION" -o "$STAGE/vpo" ./cmd/vpo
}

# pages: what the program writes about itself. A program of this machine does it for all.
pages() {
  go build -trimpath -buildvcs=false -ldflags "-X main.version=$VERSION" -o "$work/vpo-here" ./cmd/vpo
  "$work/vpo-here" man "$work/man"
  gzip -9n "$work"/man/*
  mkdir -p "$work/completion"
  "$work/vpo-here" completion bash >"$work/completion/vpo.bash"
  "$work/vpo-here" completion zsh >"$work/completion/_vpo"
  "$work/vpo-here" completion fish >"$work/completion/vpo.fish"
  {
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: vpo\n\nFiles: *\n'
    sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
    printf 'License: Expat\n'
    sed -n '/^Permission/,$p' LICENSE | sed 's/^$/./; s/^/ /'
  } >"$work/copyright"
}

# archive ARCH: the program with what belongs to it, for systems without packages.
archive() {
  local name=vpo_${VERSION}_linux_$1
  local root=$work/archive/$name
  mkdir -p "$root"
  cp -r "$STAGE/vpo" "$STAGE/man" "$STAGE/completion" README.md CHANGELOG.md LICENSE configs/vpo.toml docs "$root/"
  # Owners, order and times are those of the build's machine otherwise.
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --format=gnu -C "$work/archive" -c "$name" | gzip -9n >"$out/$name.tar.gz"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"
pages
for ARCH in amd64 arm64; do
  STAGE=$work/stage_$ARCH
  export ARCH STAGE
  mkdir -p "$STAGE"
  cp -r "$work/man" "$work/completion" "$work/copyright" "$STAGE/"
  build "$ARCH"
  # Files take their times from here; packages bear SOURCE_DATE_EPOCH by themselves.
  find "$STAGE" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  for kind in deb rpm; do
    envsubst=$(sed "s|\${ARCH}|$ARCH|; s|\${VERSION}|$VERSION|; s|\${STAGE}|$STAGE|" packaging/nfpm.yaml)
    printf '%s\nmtime: %s\n' "$envsubst" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" >"$work/nfpm.yaml"
    tool nfpm package --config "$work/nfpm.yaml" --packager "$kind" --target "$out/" >"$work/log" || { cat "$work/log"; exit 1; }
  done
  archive "$ARCH"
  tool cyclonedx-gomod bin -json -std -noserial -version "$VERSION" "$STAGE/vpo" |
    go run -C tools/package ./sbom >"$out/vpo_${VERSION}_linux_$ARCH.cdx.json"
done
go run -C tools/package ./image -out "$out/vpo_${VERSION}_image.tar" -version "$VERSION" \
  -amd64 "$work/stage_amd64/vpo" -arm64 "$work/stage_arm64/vpo"
(cd "$out" && sha256sum -- * >SHA256SUMS)
