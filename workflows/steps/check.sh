#!/bin/sh
# Are the stack files right, each and against each other? Asks nobody: needs no secret.
set -eu
. "$(dirname "$0")/env.sh"

if [ "${GITHUB_ACTIONS:-}" = true ]; then
  ocpreg check --format github
else
  ocpreg check
fi
