"""The configuration by which a pod acts as a service account, with its own token and no key."""

import json

from components.installer_credentials import TOKEN


def configuration(provider: str, email: str) -> str:
    """As `ccoctl gcp create-service-accounts` writes it (openshift/cloud-credential-operator,
    pkg/cmd/provisioning/gcp/create_service_accounts.go). Nothing in it is secret."""
    impersonated = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts"
    return json.dumps(
        {
            "type": "external_account",
            "audience": f"//iam.googleapis.com/{provider}",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": "https://sts.googleapis.com/v1/token",
            "service_account_impersonation_url": f"{impersonated}/{email}:generateAccessToken",
            "credential_source": {"file": TOKEN, "format": {"type": "text"}},
        }
    )
