#!/bin/sh
# Apply STACK, which is of ENVIRONMENT, under the policies.
set -eu
. "$(dirname "$0")/env.sh"

pulumi --non-interactive up --yes --stack "$STACK" \
  --policy-pack policies --policy-pack-config "policies-$ENVIRONMENT.json"
