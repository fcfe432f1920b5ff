#!/bin/sh
# What has changed behind the backs of the stacks of stacks.txt: printed, and kept in drift.json.
set -eu
. "$(dirname "$0")/env.sh"

if [ ! -s stacks.txt ]; then
  echo "there is no stack"
  exit 0
fi
set --
while read -r stack; do
  set -- "$@" --stack "$stack"
done < stacks.txt
ocpreg drift "$@" --out drift.json \
  --policy-pack policies --policy-pack-config 'policies-{environment}.json'
