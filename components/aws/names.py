"""ARNs of what a stack makes, from names alone, so that a preview knows them."""

import re
from dataclasses import dataclass

from settings.aws import ALIAS, ALIAS_ARN, KEY_ARN, partition


def alias_name(given: str) -> str:
    """A stack file leaves out what each alias begins with."""
    return f"alias/{given}"


@dataclass(frozen=True)
class Names:
    """Within one account and region."""

    account: str
    region: str

    @property
    def root(self) -> str:
        """The account itself: whoever its own policies let."""
        return self._arn("iam", "root")

    @property
    def suffix(self) -> str:
        """What the hosts of its services end in."""
        return "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"

    def bucket(self, name: str) -> str:
        return f"arn:{partition(self.region)}:s3:::{name}"

    def user(self, name: str) -> str:
        return self._arn("iam", f"user/{name}")

    def role(self, name: str) -> str:
        return self._arn("iam", f"role/{name}")

    def oidc_provider(self, issuer: str) -> str:
        """Of an issuer's URL."""
        return self._arn("iam", f"oidc-provider/{issuer.removeprefix('https://')}")

    def key(self, named: str) -> tuple[str, str | None]:
        """The ARN of a key that is named by its ARN, its ID or an alias. Of an alias the ARN of
        any key, and the alias: IAM takes no alias for a resource."""
        if re.fullmatch(KEY_ARN, named):
            return named, None
        if re.fullmatch(f"{ALIAS}|{ALIAS_ARN}", named):
            return self._arn("kms", "key/*"), named[named.index("alias/") :]
        return self._arn("kms", f"key/{named}"), None

    def _arn(self, service: str, rest: str) -> str:
        region = "" if service == "iam" else self.region
        return f"arn:{partition(self.region)}:{service}:{region}:{self.account}:{rest}"
