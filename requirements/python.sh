#!/bin/sh
# Which Python .venv is made of: python3, but for one that is too old or was built without
# optimizations, as pyenv builds them. That takes a third longer, so the system's own is taken then
# if it will do; distributions optimize theirs, and don't tell.
able() {
  "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}
optimized() {
  "$1" -c 'import sys, sysconfig
sys.exit("--enable-optimizations" not in (sysconfig.get_config_var("CONFIG_ARGS") or ""))'
}
system=${SYSTEM_PYTHON:-/usr/bin/python3}
if ! { able python3 && optimized python3; } && able "$system"; then
  echo "$system"
else
  echo python3
fi
