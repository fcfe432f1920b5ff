"""Microsoft.Insights: what is written down of who has asked for what."""

from collections.abc import Iterator

from lab.clouds.azure.kind import ArmError, ArmKind
from lab.clouds.base.kind import State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs

CATEGORIES = ("StorageRead", "StorageWrite", "StorageDelete")
"""Azure Monitor, "Supported logs for Microsoft.Storage/storageAccounts/blobServices"."""
GOES_TO = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")


class DiagnosticSetting(ArmKind):
    token = "azure-native:monitor:DiagnosticSetting"
    path = "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}"
    identity = frozenset({"resourceUri", "name"})
    not_played = frozenset({"serviceBusRuleId"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        for index, each in enumerate(inputs.get("logs") or ()):
            if each.get("category") not in (None, *CATEGORIES):
                yield Failure(
                    ("logs", index, "category"), f"has to be one of {', '.join(CATEGORIES)}"
                )

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.azure.scope(inputs["resourceUri"])
        if not any(inputs.get(each) for each in GOES_TO):
            raise ArmError(400, "BadRequest", "a diagnostic setting needs a destination.")
        if inputs.get("workspaceId"):
            self.parent(inputs["workspaceId"], "ResourceNotFound")


KINDS = (DiagnosticSetting,)
