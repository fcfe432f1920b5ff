#!/bin/sh
# Is the registry of STACK well?
set -eu
. "$(dirname "$0")/env.sh"

kubeconfig_of "$STACK"
ocpreg verify "$STACK"
