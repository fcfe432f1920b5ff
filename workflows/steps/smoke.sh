#!/bin/sh
# Does the registry of STACK take and give images? Only if OCPREG_SMOKE is true.
set -eu
. "$(dirname "$0")/env.sh"

if [ "${OCPREG_SMOKE:-}" != true ]; then
  echo "left out: OCPREG_SMOKE is not true"
  exit 0
fi
kubeconfig_of "$STACK"
ocpreg smoke
