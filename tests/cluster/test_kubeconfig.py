"""The kubeconfig of a run: found as kubectl finds it, cut to one context, never shown."""

from pathlib import Path

import pytest
import yaml

from cluster.kubeconfig import KubeconfigError, load


def document(name: str = "one", server: str = "https://api.example.test:6443", **user: str) -> dict:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [
            {"name": name, "context": {"cluster": name, "user": name, "namespace": "elsewhere"}}
        ],
        "clusters": [{"name": name, "cluster": {"server": server}}],
        "users": [{"name": name, "user": user or {"token": "CANARY-token"}}],
    }


def write(path: Path, content: dict) -> str:
    path.write_text(yaml.safe_dump(content))
    return str(path)


def test_the_stacks_own_kubeconfig_wins_over_the_ambient_one(tmp_path: Path) -> None:
    ambient = write(tmp_path / "ambient", document(server="https://ambient.example.test"))
    access = load(yaml.safe_dump(document()), {"KUBECONFIG": ambient})
    assert access is not None
    assert access.server == "https://api.example.test:6443"


def test_the_namespace_of_the_context_is_dropped(tmp_path: Path) -> None:
    """The plugin would write it into a cluster-scoped patch and then plan its replacement."""
    access = load(None, {"KUBECONFIG": write(tmp_path / "config", document())})
    assert access is not None
    assert "elsewhere" not in access.content


def test_only_the_current_context_is_kept(tmp_path: Path) -> None:
    both = document()
    other = document("other", "https://other.example.test", token="CANARY-other")
    for kind in ("contexts", "clusters", "users"):
        both[kind] += other[kind]
    access = load(None, {"KUBECONFIG": write(tmp_path / "config", both)})
    assert access is not None
    assert "CANARY-other" not in access.content
    assert "CANARY-token" in access.content


def test_files_are_merged_as_kubectl_merges_them(tmp_path: Path) -> None:
    first = write(tmp_path / "first", document())
    second = write(tmp_path / "second", document("one", "https://second.example.test"))
    access = load(None, {"KUBECONFIG": f"{tmp_path / 'absent'}:{first}:{second}"})
    assert access is not None
    assert access.server == "https://api.example.test:6443"


def test_a_server_name_that_the_reads_cant_honour_is_refused() -> None:
    content = document()
    content["clusters"][0]["cluster"]["tls-server-name"] = "other.example.test"
    with pytest.raises(KubeconfigError, match="uses `tls-server-name`"):
        load(yaml.safe_dump(content))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(b"\xff\xfe")
    with pytest.raises(KubeconfigError, match="can't be read"):
        load(None, {"KUBECONFIG": str(tmp_path / "config")})


def test_relative_files_are_relative_to_the_kubeconfig(tmp_path: Path) -> None:
    key = tmp_path / "elsewhere.key"
    for file in (tmp_path / "client.crt", key):
        file.touch()
    content = document(**{"client-certificate": "client.crt", "client-key": str(key)})
    access = load(None, {"KUBECONFIG": write(tmp_path / "config", content)})
    assert access is not None
    user = access.config["users"][0]["user"]
    assert user["client-certificate"] == str(tmp_path / "client.crt")
    assert user["client-key"] == str(key)


def test_the_default_file_is_that_of_the_home(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    write(tmp_path / ".kube" / "config", document())
    assert load(None, {"HOME": str(tmp_path)}) is not None


def test_no_kubeconfig_is_none_not_an_error(tmp_path: Path) -> None:
    assert load(None, {"HOME": str(tmp_path)}) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "is not YAML"),
        ("- a", "is not a mapping"),
        ("apiVersion: v1", "no current-context"),
        (yaml.safe_dump({**document(), "current-context": "gone"}), "no context named 'gone'"),
        (yaml.safe_dump({**document(), "clusters": []}), "no cluster named 'one'"),
        (yaml.safe_dump({**document(), "users": []}), "no user named 'one'"),
        (yaml.safe_dump(document(server="not a url")), "no server URL"),
        (yaml.safe_dump({**document(), "clusters": 5}), "no cluster named 'one'"),
        (yaml.safe_dump(document(**{"as": "somebody", "token": "CANARY"})), "uses `as`"),
        (yaml.safe_dump(document(**{"tokenFile": "/nowhere/CANARY"})), "tokenFile .* not a file"),
    ],
)
def test_a_bad_kubeconfig_is_refused_without_showing_it(text: str, says: str) -> None:
    with pytest.raises(KubeconfigError, match=says) as caught:
        load(text)
    assert "CANARY" not in str(caught.value)


def test_repr_holds_no_secret() -> None:
    assert "CANARY" not in repr(load(yaml.safe_dump(document())))


@pytest.mark.parametrize(
    ("server", "loopback"),
    [
        ("https://127.0.0.1:6443", True),
        ("https://127.8.8.8", True),
        ("https://[::1]:6443", True),
        ("https://localhost:6443", True),
        ("https://localhost.example.test", False),
        ("https://127.0.0.1.example.test", False),
        ("https://10.0.0.1:6443", False),
        ("https://api.example.test:6443", False),
    ],
)
def test_loopback_is_judged_by_the_host_alone(server: str, loopback: bool) -> None:
    access = load(yaml.safe_dump(document(server=server)))
    assert access is not None
    assert access.loopback is loopback
