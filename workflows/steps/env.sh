# Each step begins with this: the project's folder, its commands, and logins that come as variables.
# shellcheck shell=sh
cd "$(dirname "$0")/../.." || exit
PATH="$PWD/.venv/bin:$PATH"
export PATH PULUMI_SKIP_UPDATE_CHECK=true

# A secret or variable that is not set in GitHub arrives as an empty one.
for name in PULUMI_BACKEND_URL PULUMI_ACCESS_TOKEN PULUMI_DEFAULT_ORGANIZATION PULUMI_CONFIG_PASSPHRASE \
  AWS_REGION AZURE_STORAGE_ACCOUNT AZURE_TENANT_ID AZURE_SUBSCRIPTION_ID OS_CLOUD VAULT_ADDR VAULT_TOKEN
do
  eval "value=\${$name:-}"
  [ -n "$value" ] || unset "$name"
done
unset name value

# What clients read from files, and write: the Kubernetes plugin leaves a copy of the kubeconfig there
# in each run. Removed when the step ends; a signal waits until its command has.
scratch=$(mktemp -d)
export TMPDIR="$scratch"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ -n "${KUBECONFIG_CONTENT:-}" ]; then
  printf '%s\n' "$KUBECONFIG_CONTENT" > "$scratch/kubeconfig"
  export KUBECONFIG="$scratch/kubeconfig"
fi
if [ -n "${OPENSTACK_CLOUDS_YAML:-}" ]; then
  printf '%s\n' "$OPENSTACK_CLOUDS_YAML" > "$scratch/clouds.yaml"
  export OS_CLIENT_CONFIG_FILE="$scratch/clouds.yaml"
fi
unset KUBECONFIG_CONTENT OPENSTACK_CLOUDS_YAML

# GitLab's ID tokens. On GitHub the clouds' own actions have logged in before.
if [ -n "${AWS_ID_TOKEN:-}" ] && [ -n "${AWS_ROLE_ARN:-}" ]; then
  printf '%s' "$AWS_ID_TOKEN" > "$scratch/aws"
  export AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE="$scratch/aws"
fi
if [ -n "${GOOGLE_ID_TOKEN:-}" ] && [ -n "${GCP_WORKLOAD_IDENTITY_PROVIDER:-}" ]; then
  printf '%s' "$GOOGLE_ID_TOKEN" > "$scratch/google"
  cat > "$scratch/google.json" <<END
{
  "type": "external_account",
  "audience": "//iam.googleapis.com/$GCP_WORKLOAD_IDENTITY_PROVIDER",
  "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
  "token_url": "https://sts.googleapis.com/v1/token",
  "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${GCP_SERVICE_ACCOUNT:?is not set}:generateAccessToken",
  "credential_source": {"file": "$scratch/google"}
}
END
  export GOOGLE_APPLICATION_CREDENTIALS="$scratch/google.json"
fi
if [ -n "${AZURE_ID_TOKEN:-}" ] && [ -n "${AZURE_CLIENT_ID:-}" ]; then
  printf '%s' "$AZURE_ID_TOKEN" > "$scratch/azure"
  # The first three are for the state and its keys, the others for the provider.
  export AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_FEDERATED_TOKEN_FILE="$scratch/azure"
  export ARM_USE_OIDC=true ARM_OIDC_TOKEN_FILE_PATH="$scratch/azure" ARM_CLIENT_ID="$AZURE_CLIENT_ID"
  export ARM_TENANT_ID="${AZURE_TENANT_ID:?is not set}"
  export ARM_SUBSCRIPTION_ID="${AZURE_SUBSCRIPTION_ID:?is not set}"
fi
unset AWS_ID_TOKEN GOOGLE_ID_TOKEN AZURE_ID_TOKEN

# The kubeconfig that the file of a stack has, for commands that know only of an ambient one.
kubeconfig_of() {
  if grep -q '^[^#]*kubeconfig:' "stacks/Pulumi.$1.yaml"; then
    pulumi --non-interactive config get --stack "$1" --path 'openshift-registry:cluster.kubeconfig' \
      > "$scratch/of-the-stack"
    export KUBECONFIG="$scratch/of-the-stack"
  fi
}
