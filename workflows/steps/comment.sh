#!/bin/sh
# One comment of what preview.sh has left, also if that is nothing; edited at the next push.
set -eu
. "$(dirname "$0")/env.sh"

if [ "${GITHUB_ACTIONS:-}" = true ]; then
  ocpreg comment previews --post github --step-summary
else
  ocpreg comment previews --post gitlab
fi
