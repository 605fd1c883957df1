#!/bin/sh
# Moves what `fetch.sh` has unpacked to /out for the prefix /usr/local, and takes back what Debian changes of where
# packages are.
set -eu
version=$1
suite=$2
from=/unpacked/usr
to=/out

mkdir -p "$to/bin" "$to/lib" "$to/include"
mv "$from/lib/python$version" "$to/lib/"
mv "$from/include/python$version" "$to/include/"
# Debian's own file chooses one of these by architecture.
mv "$from"/include/*-linux-gnu*/"python$version/pyconfig.h" "$to/include/python$version/pyconfig.h"
for name in python pydoc idle; do
  if [ -e "$from/bin/$name$version" ]; then mv "$from/bin/$name$version" "$to/bin/"; else touch "$to/bin/$name$version"; fi
  ln -s "$name$version" "$to/bin/${name}3"
done
printf '#!/bin/sh\nexit 1\n' >"$to/bin/python$version-config"
ln -s "python$version-config" "$to/bin/python3-config"
chmod 755 "$to"/bin/*
cd "$to/lib/python$version"
rm -rf EXTERNALLY-MANAGED sitecustomize.py config-*/*.a config-*/*.so config-*/*.o

# Where Debian has the interpreter look for packages is compiled into it.
mkdir -p site-packages
ln -s site-packages dist-packages
schemes=sysconfig.py
[ -f "$schemes" ] || schemes=sysconfig/__init__.py
sed -i "s/prefix_scheme = '\(posix_local\|deb_system\)'/prefix_scheme = 'posix_prefix'/" "$schemes"
grep -q "prefix_scheme = 'posix_prefix'" "$schemes"
# The settings that extensions are compiled with: the prefix, and compilers without the name of a machine.
for file in _sysconfigdata_*linux*.py config-*/Makefile; do
  [ -L "$file" ] || sed -i -E \
    -e 's#/usr/lib/[a-z0-9_]+-linux-gnu#/usr/lib#g' \
    -e 's#/usr\b#/usr/local#g' \
    -e 's#/usr/local/(bin/install|share/zoneinfo|lib/zoneinfo|share/lib/zoneinfo|share/python-wheels/?)#/usr/\1#g' \
    -e 's#\b[a-z0-9_]+-linux-gnu-(gcc|g\+\+|ar|ranlib|gcc-ar)#\1#g' \
    -e "s#'WHEEL_PKG_DIR': '[^']*'#'WHEEL_PKG_DIR': ''#" "$file"
done

# Of the newer suite's C library only these have a newer version; the older ones do the same for every usual speed.
if [ -n "$suite" ]; then
  for name in cfsetispeed cfsetospeed cfgetispeed cfgetospeed; do
    patchelf --clear-symbol-version "$name" lib-dynload/termios.*.so
  done
fi

# ensurepip has a wheel of its own, which installs the one of the index.
mkdir -p ensurepip/_bundled
wheel=$(ls "$from"/share/python-wheels/pip-*.whl)
PYTHONHOME=/out "$to/bin/python$version" "$wheel/pip" download --quiet --no-deps \
  --dest ensurepip/_bundled pip
pip=$(basename ensurepip/_bundled/pip-*.whl | cut -d- -f2)
sed -i -e "s/^_PIP_VERSION = .*/_PIP_VERSION = \"$pip\"/" \
  -e 's/^\( *\)_ensurepip_is_disabled_in_debian_for_system()$/\1pass/' ensurepip/__init__.py
find "$to" -depth -name __pycache__ -exec rm -rf {} +
