"""`ocpreg smoke`: what it does to a registry, what it says of one that fails, how it ends."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cluster.kubeconfig import ClusterAccess
from fleet.command import app
from fleet.image import make
from fleet.place import _token
from tests.certificates import make as certificate
from tests.fleet.tiny_registry import TOKEN, Tiny, serving

NAME = "registry.example.test"


@pytest.fixture(autouse=True)
def no_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "OCPREG_TOKEN", "OCPREG_CONNECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def tiny() -> Iterator[Tiny]:
    with serving(Tiny()) as own:
        yield own


def smoke(*arguments: str | Path, token: str | None = None) -> Result:
    environment = {"OCPREG_TOKEN": token} if token else {}
    given = ["smoke", "--size", "1", *map(str, arguments)]
    return CliRunner().invoke(app, given, env=environment)


def failed(done: Result, code: int, *says: str) -> None:
    told = " ".join(done.output.split())
    missing = [text for text in says if text not in told]
    assert done.exit_code == code and not missing, (missing, done.output)
    assert "Traceback" not in told and TOKEN not in told
    assert "fix: " in told


def test_a_registry_that_works(tiny: Tiny) -> None:
    done = smoke(tiny.url)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert [line[:20].strip() for line in lines[:5]] == [
        "log in",
        "push",
        "pull",
        "interrupt an upload",
        "clean up",
    ]
    assert "2 layers, 1.0 MiB, each in two chunks" in lines[1]
    assert lines[5].startswith(f"{tiny.url}/default/ocpreg-smoke:smoke-")
    assert lines[6] == "left behind: unfinished upload u0"
    assert "\x1b" not in done.stdout


def test_each_layer_comes_in_two_chunks_that_say_their_range(tiny: Tiny) -> None:
    smoke(tiny.url)
    sizes = [len(each) for each in tiny.blobs.values()]
    first, second = tiny.ranges[:2]
    half = -(-sizes[0] // 2)
    assert (first, second) == (f"0-{half - 1}", f"{half}-{sizes[0] - 1}")
    assert len(tiny.ranges) == 2 + 2 + 1 + 1  # layers, configuration, the abandoned one
    assert len(tiny.uploads) == 1


def test_the_image_is_one(tiny: Tiny) -> None:
    smoke(tiny.url, "--namespace", "shop", "--repository", "probe", "--keep")
    (manifest,) = map(json.loads, tiny.manifests.values())
    assert [each["digest"] in tiny.blobs for each in manifest["layers"]] == [True, True]
    assert manifest["config"]["digest"] in tiny.blobs
    (path,) = {path for method, path in tiny.asked if method == "PUT" and "/manifests/" in path}
    assert path.startswith("/v2/shop/probe/manifests/smoke-")
    assert "DELETE" not in {method for method, _ in tiny.asked}
    assert make(1).config.digest != make(1).config.digest


def test_json(tiny: Tiny) -> None:
    done = smoke(tiny.url, "--json", "--keep")
    told = json.loads(done.stdout)
    assert (told["passed"], told["error"], told["repository"]) == (
        True,
        None,
        "default/ocpreg-smoke",
    )
    assert [each["name"] for each in told["steps"]] == [
        "log in",
        "push",
        "pull",
        "interrupt an upload",
    ]
    assert told["left"] == [
        f"image default/ocpreg-smoke:{told['tag']}",
        "unfinished upload u0",
    ]
    tiny.fails["PATCH 8"] = (500, b"")
    done = smoke(tiny.url, "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["passed"]) == (1, False)
    assert "the storage fails: chunk 2 of 2" in told["error"] and "oc -n" in told["fix"]


@pytest.mark.parametrize("kind", ["basic", "bearer"])
def test_logging_in(tiny: Tiny, tmp_path: Path, kind: str) -> None:
    tiny.login = kind
    done = smoke(tiny.url, token=TOKEN)
    assert done.exit_code == 0, done.output
    assert f"logged in ({kind})" in done.stdout
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert smoke(tiny.url, "--token-file", file).exit_code == 0
    failed(smoke(tiny.url), 1, "the registry needs a login: 401", "OCPREG_TOKEN=$(oc whoami -t)")
    failed(
        smoke(tiny.url, token="sha256~old"),
        1,
        "is not allowed with this token: 401 Unauthorized, UNAUTHORIZED authentication required",
        "oc login",
    )


def test_a_token_goes_to_nobody_else(tiny: Tiny) -> None:
    tiny.login = 'Bearer realm="https://elsewhere.example.test/token",service="s"'
    failed(
        smoke(tiny.url, token=TOKEN),
        1,
        "wants the token to be sent to 'https://elsewhere.example.test/token': it is not",
    )
    tiny.login = "Negotiate"
    failed(smoke(tiny.url, token=TOKEN), 1, "wants a login of kind 'negotiate'")


def test_a_token_is_not_sent_in_the_clear(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny.login = "basic"
    monkeypatch.setattr("fleet.registry.LOOPBACK", set())
    failed(smoke(tiny.url, token=TOKEN), 1, "the token is not sent to http://", "use https://")


DENIED = b'{"errors": [{"code": "DENIED", "message": "requested access is denied"}]}'
WRONG = b'{"errors": [{"code": "RANGE_INVALID", "message": "upload resumed at wrong offset"}]}'


@pytest.mark.parametrize(
    ("when", "answer", "says"),
    [
        ("POST .*", (403, DENIED), ("beginning an upload", "DENIED requested access", "--token")),
        ("POST .*", (405, b""), ("the registry only reads (405", "registry.readOnly: false")),
        ("POST .*", (404, b"{}"), ("beginning an upload was answered 404", "<project>/<name>")),
        ("PATCH 1", (500, b"x"), ("chunk 1 of 2 was answered 500", "look into its log: oc -n")),
        ("PATCH 2", (416, WRONG), ("the storage fails: chunk 2 of 2", "wrong offset", "bucket")),
        ("PATCH 2", (404, b""), ("the storage fails: chunk 2 of 2 was answered 404",)),
        ("PUT .*/uploads/.*", (500, b""), ("the storage fails: the end of an upload",)),
        ("PUT .*/manifests/.*", (400, b""), ("the manifest was answered 400",)),
        ("GET .*/blobs/.*", (404, b""), ("pulling sha256:", "was answered 404")),
        ("GET /v2/", (404, b"<html>"), ("is no registry: GET /v2/ answered 404", "get route")),
        ("GET /v2/", (503, b"<html>"), ("is no registry: GET /v2/ answered 503",)),
    ],
)
def test_what_fails_is_said(
    tiny: Tiny, when: str, answer: tuple[int, bytes], says: tuple[str, ...]
) -> None:
    tiny.fails[when] = answer
    failed(smoke(tiny.url), 1, *says)


def test_content_that_changes(tiny: Tiny) -> None:
    tiny.spoils = True
    failed(smoke(tiny.url), 1, "what comes back is not what was pushed: sha256:", "don't push")
    assert "left behind: image default/ocpreg-smoke:" in smoke(tiny.url).stdout


def test_a_registry_that_deletes_nothing(tiny: Tiny) -> None:
    tiny.fails["DELETE .*"] = (405, b"")
    done = smoke(tiny.url)
    assert done.exit_code == 0
    assert "does not let it be deleted (405): oc -n default delete istag ocpreg-smoke:" in (
        done.stdout
    )
    assert "left behind: image default/ocpreg-smoke:" in done.stdout


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[Tiny, Path]]:
    """A registry called NAME, and the file of the CA that says so."""
    root = certificate("root of smoke", ca=True)
    leaf = certificate("leaf of smoke", root, dns=(NAME,))
    (tmp_path / "server.pem").write_text(leaf.pem + leaf.key)
    (tmp_path / "ca.pem").write_text(root.pem)
    with serving(Tiny(login="bearer"), tmp_path / "server.pem") as own:
        yield own, tmp_path / "ca.pem"


def test_tls(secured: tuple[Tiny, Path]) -> None:
    tiny, ca = secured
    tiny.login = ""
    there = ("--connect", f"127.0.0.1:{tiny.port}")
    assert smoke(NAME, *there, "--ca", ca).exit_code == 0
    failed(smoke(NAME, *there), 1, "is not trusted: ", "--ca FILE")
    failed(smoke(tiny.url, "--ca", ca), 1, "is not trusted: ", "127.0.0.1")
    failed(smoke("other.example.test", *there, "--ca", ca), 1, "is not trusted: ", "mismatch")
    assert smoke(tiny.url, "--insecure").exit_code == 0
    failed(smoke(f"https://127.0.0.1:{plain_port()}"), 1, "can't be reached")


def plain_port() -> int:
    from lab.process import free_port

    return free_port()


def test_http_where_tls_is_asked_for(tiny: Tiny) -> None:
    failed(smoke(f"127.0.0.1:{tiny.port}"), 1, "does not speak TLS", "write http://")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), ("no registry is named and there is no kubeconfig", "set KUBECONFIG")),
        (("ftp://a",), ("'ftp://a' is no address of a registry",)),
        (("a", "--connect", "b"), ("--connect 'b' is no host and port",)),
        (("a", "--namespace", "b/c"), ("--namespace 'b/c' is no name",)),
        (("a", "--repository", "B"), ("--repository 'B' is no name",)),
        (("a", "--ca", "none"), ("--ca none can't be read (FileNotFoundError)",)),
        (("a", "--ca", __file__), ("the CA given is no certificate",)),
        (("a", "--token-file", "none"), ("--token-file none can't be read",)),
        (("a", "--token-file", __file__), ("holds no token", "oc whoami -t")),
    ],
)
def test_what_can_not_be_asked(arguments: tuple[str, ...], says: tuple[str, ...]) -> None:
    failed(smoke(*arguments), 2, *says)


@pytest.mark.parametrize("how", ["token", "tokenFile", "certificate"])
def test_the_token_is_that_of_oc_whoami(tmp_path: Path, how: str) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    user = {
        "token": {"token": TOKEN},
        "tokenFile": {"tokenFile": str(tmp_path / "token")},
        "certificate": {"client-certificate-data": "x"},
    }[how]
    access = ClusterAccess("https://a", "x", {"users": [{"user": user}]})
    assert _token(access) == (None if how == "certificate" else TOKEN)


def test_a_kubeconfig_that_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "kubeconfig"
    monkeypatch.setenv("KUBECONFIG", str(config))
    config.write_text("[]")
    failed(smoke(), 2, f"the kubeconfig of {config} is not a mapping")
    config.write_text(
        "current-context: a\n"
        "contexts: [{name: a, context: {cluster: a, user: a}}]\n"
        f"clusters: [{{name: a, cluster: {{server: 'http://127.0.0.1:{plain_port()}'}}}}]\n"
        f"users: [{{name: a, user: {{token: {TOKEN}}}}}]\n"
    )
    failed(smoke(), 2, "can't be asked (ConnectError)", "KUBECONFIG")
