"""What etcd begins with in each lab."""

from pathlib import Path

import pytest

from lab import build, seed
from lab.errors import LabError
from lab.openshift import crds
from lab.openshift.object_bucket_crds import definitions
from lab.process import start


def test_it_depends_on_all_it_is_made_of(tmp_path: Path) -> None:
    binary, file = tmp_path / "cluster-1" / "binary", tmp_path / "definition.yaml"
    file.write_text("a")

    def key(binary: Path = binary, more: tuple[dict, ...] = ()) -> str:
        return seed._key(binary, [file], more)

    found = [key(), key(tmp_path / "cluster-2" / "binary"), key(more=({"kind": "Other"},))]
    file.write_text("b")
    found.append(key())
    assert len({*found}) == 4
    assert key() == found[-1]


def test_definitions_that_are_never_served_are_named() -> None:
    class Deaf:
        def create(self, document: object) -> None:
            pass

        def list(self, kind: object) -> list[object]:
            return []

    with pytest.raises(LabError, match=r"does not serve objectbucketclaims\S+, .* after 0 s; run"):
        crds.apply(Deaf(), definitions(), seconds=0)  # type: ignore[arg-type]


@pytest.mark.lab
def test_after_one_that_was_killed_it_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed, "cache", lambda: tmp_path)
    binary = build.toolchain(lambda text: None).cluster
    more = definitions()
    place = tmp_path / "toolchain" / f"etcd-{seed._key(binary, [], more)}"
    scratch = place.with_name(f".{place.name}")
    left = start("etcd", ["sleep", "600"], scratch / "logs" / "etcd.log")
    (scratch / "etcd").mkdir()
    said: list[str] = []
    assert seed.seed(binary, [], more, said.append) == place
    assert not left.running()
    assert said
    assert b"objectbucketclaims.objectbucket.io" in (place / "member" / "snap" / "db").read_bytes()
    assert [each.name for each in place.parent.iterdir() if each.suffix != ".lock"] == [place.name]
    said.clear()
    assert seed.seed(binary, [], more, said.append) == place
    assert not said
