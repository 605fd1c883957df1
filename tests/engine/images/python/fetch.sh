#!/bin/sh
# Unpacks Debian's packages of a Python into /unpacked, those of another suite if one is named, and installs what they
# are linked with: /depends has the names.
set -eu
version=$1
suite=$2

# A mirror of a suite that is not released may be some days behind.
update() { apt-get -o Acquire::Check-Valid-Until=false update; }

sources=/etc/apt/sources.list
cp "$sources" /tmp/
if [ -n "$suite" ]; then sed -i "s/ [a-z]* main/ $suite main/" "$sources"; fi
update
apt-get download "python$version" "python$version-minimal" "python$version-venv" python3-pip-whl \
  "libpython$version-minimal" "libpython$version-stdlib" "libpython$version-dev"
for package in ./*.deb; do
  dpkg-deb --extract "$package" /unpacked
  dpkg-deb --field "$package" Depends
done | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g' | grep '^lib' | grep -v python | grep -v -- '-dev$' | sort -u >/depends

# All else is of the image's own suite.
if [ -n "$suite" ]; then
  cp /tmp/sources.list "$sources"
  update
fi
xargs apt-get install --yes --no-install-recommends ca-certificates ${suite:+patchelf} </depends
