#!/bin/sh
# Which stacks are meant: names in stacks.txt, and JSON in stacks.json and $GITHUB_OUTPUT.
# BASE: the commit before the change; without one, or one that the clone has not, all stacks.
# STACKS: only those whose name fits, e.g. "prod-* dev". Those of the lab are left out.
set -euf
. "$(dirname "$0")/env.sh"

set -- --except 'lab-*'
for pattern in ${STACKS:-}; do
  set -- "$@" --stack "$pattern"
done
if [ -n "${BASE:-}" ]; then
  if git rev-parse --quiet --verify --end-of-options "$BASE^{commit}" > /dev/null; then
    set -- "$@" --changed-since "$BASE"
  else
    echo "the commit $BASE is not there to compare with: all stacks are meant" >&2
  fi
fi
ocpreg stacks "$@" > stacks.txt
ocpreg stacks "$@" --json > stacks.json 2> /dev/null
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  echo "stacks=$(tr -d '\n' < stacks.json)" >> "$GITHUB_OUTPUT"
fi
echo "stacks: $(tr '\n' ' ' < stacks.txt)"
