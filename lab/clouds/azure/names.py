"""Where Azure's clouds are, and who the lab is there."""

SUBSCRIPTION = "00000000-1111-2222-3333-444444444444"
TENANT = "aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb"
CLIENT = "cccccccc-1111-2222-3333-dddddddddddd"
OBJECT = "eeeeeeee-1111-2222-3333-ffffffffffff"

SUFFIXES = {
    "public": "core.windows.net",
    "usgovernment": "core.usgovcloudapi.net",
    "china": "core.chinacloudapi.cn",
}
"""By the provider's environments; its German one is no longer there (pulumi-azure-native 3,
configuration `environment`)."""


def blob_host(account: str, environment: str) -> str:
    return f"{account}.blob.{SUFFIXES[environment]}"
