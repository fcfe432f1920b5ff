"""What a lab's engine and its plugins trust."""

from pathlib import Path

import pytest

from lab.clouds.lab import Clouds


def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: Path, folder: Path) -> str:
    """What is in the lab's file, once it has a CA of its own, on a system with these."""
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    own = tmp_path / "cloud" / "ca.pem"
    own.parent.mkdir()
    own.write_text("the lab's")
    clouds = Clouds(tmp_path / "clouds")
    clouds.directory.mkdir()
    clouds._trust(own)
    assert [each.read_text() for each in clouds.authorities.iterdir()] == ["the lab's"]
    return clouds.authorities_file.read_text()


def test_a_file_of_the_user_s_stays_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "certs").mkdir()
    (tmp_path / "corporate.pem").write_text("the user's")
    found = trusted(tmp_path, monkeypatch, tmp_path / "corporate.pem", tmp_path / "certs")
    assert found == "the user's\nthe lab's"


def test_what_is_in_the_system_s_folder_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "all.crt").write_text("the system's")
    (tmp_path / "link").symlink_to(tmp_path / "certs")
    found = trusted(tmp_path, monkeypatch, tmp_path / "link" / "all.crt", tmp_path / "certs")
    assert found.strip() == "the lab's"
