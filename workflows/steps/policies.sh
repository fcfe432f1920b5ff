#!/bin/sh
# The policy pack's configuration for each environment, with the exceptions that count today.
set -eu
. "$(dirname "$0")/env.sh"

for environment in production staging development; do
  python policies/render.py --environment "$environment" -o "policies-$environment.json"
done
# Of a file that does not say its environment the preview shall say that, and not miss a file.
cp policies-production.json policies-.json
