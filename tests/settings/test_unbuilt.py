"""Kinds of storage that nothing is made of yet are refused, right or wrong."""

import pytest

from settings import SettingsError, storage, validate
from tests.settings.cases import changed
from tests.settings.cases_azure import AZURE
from tests.settings.cases_gcs import GCS
from tests.settings.cases_swift import SWIFT

KINDS = {"gcs": GCS, "azure": AZURE, "swift": SWIFT}


def test_what_is_not_built_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, section in KINDS.items():
        monkeypatch.setattr(storage, "UNBUILT", frozenset({kind}))
        with pytest.raises(SettingsError) as error:
            validate(changed({"storage": section}), stack="prod-1")
        (found,) = error.value.problems
        assert (found.rule, found.path) == ("storage:not-built", "storage.kind")
        assert "not built yet" in found.message and "leave" in found.fix
        monkeypatch.setattr(storage, "UNBUILT", frozenset())
        assert validate(changed({"storage": section}), stack="prod-1")
