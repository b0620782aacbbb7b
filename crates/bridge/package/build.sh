#!/bin/sh
# Puts the login bridge's Debian package together: build.sh PROGRAM VERSION FOLDER [COMPRESSION]. Needs dpkg-deb and strip; `cargo xtask package` calls it.
# DEBFULLNAME and DEBEMAIL say who makes it, as for every Debian package.
set -eu
program=$1 version=$2 folder=$3
here=$(cd "$(dirname "$0")" && pwd)
maintainer="${DEBFULLNAME:-The Gatehouse authors} <${DEBEMAIL:-gatehouse@localhost}>"
arch=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
umask 022

# The package is native, so the first entry of its changelog is what is being built.
if ! head -n 1 "$here/changelog" | grep -qF "($version)"; then
    echo "crates/bridge/package/changelog has no entry for $version on top. Write one, then build again." >&2
    exit 1
fi

place() { # MODE FROM TO
    install -D -m "$1" "$2" "$tree/$3"
}

place 0755 "$program" usr/bin/gatehouse-bridge
strip --strip-unneeded "$tree/usr/bin/gatehouse-bridge"
place 0755 "$here/gatehouse-bridge-admin" usr/sbin/gatehouse-bridge-admin
place 0644 "$here/gatehouse-bridge.service" usr/lib/systemd/system/gatehouse-bridge.service
place 0644 "$here/gatehouse-bridge.sysusers" usr/lib/sysusers.d/gatehouse-bridge.conf
place 0640 "$here/bridge.toml" etc/gatehouse/bridge.toml
place 0644 "$here/gatehouse-bridge.8" usr/share/man/man8/gatehouse-bridge.8
place 0644 "$here/copyright" usr/share/doc/gatehouse-bridge/copyright
place 0644 "$here/changelog" usr/share/doc/gatehouse-bridge/changelog
sed -i "s|@MAINTAINER@|$maintainer|" "$tree/usr/share/doc/gatehouse-bridge/changelog"
place 0644 "$here/lintian-overrides" usr/share/lintian/overrides/gatehouse-bridge
gzip -9n "$tree/usr/share/man/man8/gatehouse-bridge.8" "$tree/usr/share/doc/gatehouse-bridge/changelog"
place 0755 "$here/postinst" DEBIAN/postinst
place 0755 "$here/prerm" DEBIAN/prerm
place 0755 "$here/postrm" DEBIAN/postrm
echo /etc/gatehouse/bridge.toml > "$tree/DEBIAN/conffiles"

# The packages of the libraries that the program is linked with; the files may be known to dpkg with or without /usr.
needs=$(ldd "$program" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | while read -r library; do
    real=$(readlink -f "$library")
    for name in "$library" "/usr$library" "$real" "${real#/usr}"; do
        dpkg -S "$name" 2>/dev/null | cut -d: -f1 && break
    done
done | sort -u | paste -sd, | sed 's/,/, /g')
libc=$(dpkg-query -W -f '${Version}' libc6 | sed 's/-.*//')
needs=$(printf %s "$needs" | sed "s/libc6/libc6 (>= $libc)/")

cat > "$tree/DEBIAN/control" <<CONTROL
Package: gatehouse-bridge
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Depends: $needs
Recommends: systemd
Section: net
Priority: optional
Description: login bridge from an acquirer's own login to the Klarna portal
 People press "Continue with ..." on Klarna's login page, sign in at the
 acquirer's own OpenID Connect provider, choose one of their merchants and
 come out in the portal. Each link is an act in a tamper-evident log.
CONTROL
(cd "$tree" && find usr etc -type f -exec md5sum {} + > DEBIAN/md5sums)
mkdir -p "$folder"
dpkg-deb --root-owner-group "-Z${4:-xz}" --build "$tree" "$folder/gatehouse-bridge_${version}_$arch.deb" >&2
echo "$folder/gatehouse-bridge_${version}_$arch.deb"
