#!/bin/sh
# What the stacks of stacks.txt would change: kept in previews/, for the comment and as an artifact.
set -eu
. "$(dirname "$0")/env.sh"

if [ ! -s stacks.txt ]; then
  echo "no stack is touched"
  rm -rf previews
  mkdir previews
  echo '{"version": 1, "stacks": []}' > previews/summary.json
  exit 0
fi
set --
while read -r stack; do
  set -- "$@" --stack "$stack"
done < stacks.txt
ocpreg preview "$@" --out previews \
  --policy-pack policies --policy-pack-config 'policies-{environment}.json'
