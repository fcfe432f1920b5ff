#!/bin/sh
# The Python packages and the command ocpreg, in .venv.
# OCPREG_CLOUDS: which clouds' packages, e.g. "aws gcp"; without it those of no cloud.
set -eu
. "$(dirname "$0")/env.sh"

clouds=${OCPREG_CLOUDS:-base}
for cloud in $clouds; do
  if [ ! -f "requirements/$cloud.txt" ]; then
    echo "OCPREG_CLOUDS has $cloud, and there is no requirements/$cloud.txt" >&2
    echo "    fix: aws, azure, gcp, openstack, separated by blanks" >&2
    exit 2
  fi
done
python3 -m venv .venv
for cloud in $clouds; do
  python -m pip install -q --disable-pip-version-check --require-hashes -r "requirements/$cloud.txt"
done
python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
# Where the policy pack looks for its packages.
[ -e policies/venv ] || ln -s ../.venv policies/venv
