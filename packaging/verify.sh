#!/usr/bin/env bash
# Shows that what packaging/build.sh made holds what it promises:
#   packaging/verify.sh [FOLDER]
# builds everything again and compares the bytes; installs, upgrades, removes and purges the packages with dpkg and rpm above
# a throw-away copy of this system's files; runs the archive and the image. It takes root, and about a minute. What cannot be
# shown here, since a tool is missing, is named with NOT SHOWN.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

out=$(realpath "${1:-dist}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }
ok() { printf '  %s\n' "$1"; }
has() { command -v "$1" >/dev/null; }
not_shown() { printf '  NOT SHOWN: %s\n' "$1"; }
only() { # the one file that a pattern names
  [ $# = 1 ] && [ -e "$1" ] || fail "there is no one file like $1"
  printf %s "$1"
}

# throwaway SCRIPT FILE...: runs a script as root of a system that is this one, and forgets what it changes. The files are in
# /tmp/given there. No systemd runs in it.
throwaway() {
  local script=$1
  shift
  rm -rf "$work/given"
  mkdir -p "$work/given" "$work/over"
  cp -- "$@" "$work/given/"
  unshare --mount --pid --fork --net -- bash -euc '
    mount -t tmpfs none "$1/over"
    mkdir "$1/over/upper" "$1/over/work" "$1/over/root"
    mount -t overlay -o "lowerdir=/,upperdir=$1/over/upper,workdir=$1/over/work" none "$1/over/root"
    root=$1/over/root
    mount -t proc none "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs none "$root/run"
    mount -t tmpfs none "$root/tmp"
    mkdir "$root/tmp/given"
    cp -- "$1"/given/* "$root/tmp/given/"
    ip link set lo up 2>/dev/null || true
    exec chroot "$root" bash -euc "$2"
  ' - "$work" "$script"
}

# What both kinds of package promise, told in the throw-away system.
lib='
fail() { echo "FAILED: $1" >&2; exit 1; }
there() { for f in "$@"; do [ -e "$f" ] || fail "$f is missing"; done; }
gone() { for f in "$@"; do [ ! -e "$f" ] || fail "$f is still there"; done; }
enabled() { find /etc/systemd/system -name "vpo*" -type l; }
installed() {
  [ "$(vpo version | cut -d" " -f1)" = vpo ] || fail "the program does not run"
  there /usr/lib/systemd/system/vpo.service /usr/lib/systemd/system/vpo.socket /usr/lib/systemd/system/vpo-scan@.service \
    /usr/lib/sysusers.d/vpo.conf /usr/share/doc/vpo/systemd/lan.conf /usr/share/man/man1/vpo-serve.1.gz \
    /usr/share/man/man5/vpo.toml.5.gz /usr/share/bash-completion/completions/vpo /etc/vpo/config.toml
  id vpo >/dev/null || fail "there is no user vpo"
  [ -z "$(enabled)" ] || fail "something was enabled: $(enabled)"
  vpo config check --config /etc/vpo/config.toml >/dev/null
  if command -v systemd-analyze >/dev/null; then
    systemd-analyze verify --man=no vpo.service vpo.socket 2>/tmp/verify || { cat /tmp/verify; fail "systemd does not take the units"; }
  fi
}
library() { # as the first scan leaves it
  install -d -o vpo -g vpo -m 750 /var/lib/vpo
  runuser -u vpo -- env VPO_DATA_DIR=/var/lib/vpo vpo scan /tmp >/dev/null
  there /var/lib/vpo/library.db
}
'

deb() {
  throwaway "$lib"'
    grep -q "^vpo:" /etc/passwd && fail "there is a user vpo before the installation"
    dpkg --force-depends -i /tmp/given/*.deb >/tmp/log 2>&1 || { cat /tmp/log; fail "installation"; }
    installed
    library
    echo "# mine" >>/etc/vpo/config.toml
    systemctl --quiet enable vpo.service vpo-scan@srv.timer 2>/dev/null
    dpkg --force-depends -i /tmp/given/*.deb >/tmp/log 2>&1 </dev/null || { cat /tmp/log; fail "installation above itself"; }
    grep -q "# mine" /etc/vpo/config.toml || fail "the configuration was overwritten"
    [ -n "$(enabled)" ] || fail "an upgrade has disabled the unit"
    dpkg -r vpo >/tmp/log 2>&1 || { cat /tmp/log; fail "removal"; }
    gone /usr/bin/vpo /usr/lib/systemd/system/vpo.service /usr/share/doc/vpo
    there /var/lib/vpo/library.db /etc/vpo/config.toml
    [ -z "$(enabled)" ] || fail "links to units that are gone: $(enabled)"
    touch /var/lib/vpo/notes
    dpkg -P vpo >/tmp/log 2>&1 || { cat /tmp/log; fail "purge"; }
    gone /var/lib/vpo/library.db /etc/vpo
    there /var/lib/vpo/notes
    id vpo >/dev/null || fail "the user has gone"
  ' "$1"
}

rpm_() {
  throwaway "$lib"'
    rpm() { command rpm --force-debian --nodeps "$@"; } # of what Debian has, rpm knows nothing
    rpm -i /tmp/given/*.rpm >/tmp/log 2>&1 || { cat /tmp/log; fail "installation"; }
    installed
    library
    echo "# mine" >>/etc/vpo/config.toml
    systemctl --quiet enable vpo.service 2>/dev/null
    rpm -U --force /tmp/given/*.rpm >/tmp/log 2>&1 || { cat /tmp/log; fail "installation above itself"; }
    grep -q "# mine" /etc/vpo/config.toml || fail "the configuration was overwritten"
    [ -n "$(enabled)" ] || fail "an upgrade has disabled the unit"
    rpm -e vpo >/tmp/log 2>&1 || { cat /tmp/log; fail "removal"; }
    gone /usr/bin/vpo /usr/lib/systemd/system/vpo.service /usr/share/doc/vpo /usr/share/licenses/vpo
    there /var/lib/vpo/library.db /etc/vpo/config.toml.rpmsave
    [ -z "$(enabled)" ] || fail "links to units that are gone: $(enabled)"
  ' "$1"
}

# image: unpacks this machine's platform and lives through a container's life, as its user and with nothing but its files.
image() {
  mkdir -p "$work/layout" "$work/rootfs"
  tar -xf "$1" -C "$work/layout"
  blob() { printf '%s/blobs/%s' "$work/layout" "${1/://}"; }
  local index config
  index=$(jq -r '.manifests[0].digest' "$work/layout/index.json")
  manifest=$(jq -r --arg a "$arch" '.manifests[] | select(.platform.architecture == $a) | .digest' "$(blob "$index")")
  config=$(blob "$(jq -r .config.digest "$(blob "$manifest")")")
  [ "$(jq -r .config.User "$config")" = 65532:65532 ] || fail 'the image runs as somebody else'
  [ "$(jq -c .config.Healthcheck.Test "$config")" = '["CMD","/usr/bin/vpo","health"]' ] || fail 'the image has no health check'
  for layer in $(jq -r '.layers[].digest' "$(blob "$manifest")"); do
    [ "$(sha256sum <"$(blob "$layer")" | cut -d' ' -f1)" = "${layer#sha256:}" ] || fail "digest of $layer"
    tar -xpf "$(blob "$layer")" -C "$work/rootfs"
  done
  mkdir "$work/rootfs/media" # what an engine mounts
  cp testdata/library/Films/*/*.mkv "$work/rootfs/media/"
  mapfile -t env < <(jq -r '.config.Env[]' "$config")
  unshare --net --pid --fork --mount -- bash -euc '
    ip link set lo up 2>/dev/null || true
    rootfs=$1
    inside=(env -i "${@:2}" "$(command -v chroot)" --userspec=65532:65532 "$rootfs" /usr/bin/vpo)
    "${inside[@]}" scan /media >"$rootfs.log" 2>&1 || grep -q "Library: /data/library.db" "$rootfs.log" || { cat "$rootfs.log"; exit 1; }
    "${inside[@]}" serve >"$rootfs.log" 2>&1 &
    daemon=$!
    for _ in $(seq 100); do
      if "${inside[@]}" health >/dev/null 2>&1; then healthy=yes; break; fi
      sleep 0.1
    done
    [ "${healthy:-}" = yes ] || { cat "$rootfs.log"; exit 1; }
    kill -TERM $daemon
    wait $daemon || { cat "$rootfs.log"; exit 1; }
  ' - "$work/rootfs" "${env[@]}" || fail 'the image does not serve'
}

arch=$(go env GOARCH)
VERSION=$(basename "$(only "$out"/vpo_*_image.tar)" _image.tar)
export VERSION=${VERSION#vpo_}
printf 'Version %s\n' "$VERSION"

(cd "$out" && sha256sum --check --quiet SHA256SUMS) || fail 'checksums'
ok 'the checksums are right'

tar -xzf "$(only "$out"/vpo_*_linux_"$arch".tar.gz)" -C "$work"
program=$(only "$work"/vpo_*/vpo)
[ "$("$program" version | cut -d' ' -f2)" = "$VERSION" ] || fail 'the program of the archive has another version'
if has file; then file "$program" | grep -q 'statically linked' || fail 'the program is not static'; fi
ok 'the program of the archive runs, and has the version'


# The second build is made of a copy in another place, with files of another age.
SOURCE_DATE_EPOCH=$(stat -c %Y "$program")
export SOURCE_DATE_EPOCH
mkdir "$work/elsewhere"
git ls-files -z --cached --others --exclude-standard | tar --null -T - -c | tar -xm -C "$work/elsewhere"
"$work/elsewhere/packaging/build.sh" "$work/again"
diff -r "$out" "$work/again" >&2 || fail 'a second build gives other bytes'
ok 'a second build, in another place, gives the same bytes'

for sbom in "$out"/*.cdx.json; do
  grep -q 'pkg:golang/modernc.org/sqlite@' "$sbom" || fail "$sbom does not name what is inside"
done
ok 'each SBOM names the modules of its program'

if has man; then
  for page in "$work"/vpo_*/man/*.gz; do
    warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -Tutf8 -Z -l "$page" 2>&1 >/dev/null)
    [ -z "$warnings" ] || fail "$page: $warnings"
  done
  ok 'the manual pages render without a warning'
else
  not_shown 'the manual pages: no man here'
fi

if [ "$(id -u)" != 0 ] || ! unshare --mount --pid --fork --net true 2>/dev/null; then
  not_shown 'packages and image: that takes root, and namespaces'
  exit 0
fi
if has dpkg; then
  deb "$(only "$out"/vpo_*_"$arch".deb)"
  ok '.deb: installed, installed again, removed (the library stays), purged (it goes)'
else
  not_shown 'the .deb: no dpkg here'
fi
if has rpm; then
  rpm_ "$(only "$out"/vpo-*."$(uname -m)".rpm)"
  ok '.rpm: installed, installed again, removed (the library stays)'
else
  not_shown 'the .rpm: no rpm here'
fi
if has jq; then
  image "$(only "$out"/vpo_*_image.tar)"
  ok 'image: read back, scans, serves, is healthy and stops cleanly as a user without rights'
else
  not_shown 'the image: no jq here'
fi
