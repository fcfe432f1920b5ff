"""Which Python .venv is made of (requirements/python.sh)."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = """\
#!/bin/sh
case "$*" in
*ensurepip*) exit {able} ;;
*optimizations*) exit {optimized} ;;
esac
echo "asked for more: $*" >&2
exit 70
"""


def python(file: Path, able: bool, optimized: bool = False) -> None:
    file.parent.mkdir()
    file.write_text(PYTHON.format(able=int(not able), optimized=int(not optimized)))
    file.chmod(0o755)


def chosen(path: Path, system: Path) -> str:
    done = subprocess.run(
        [ROOT / "requirements" / "python.sh"],
        env={"PATH": f"{path}:/usr/bin:/bin", "SYSTEM_PYTHON": str(system)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("first", "system", "expected"),
    [
        ((True, True), True, "python3"),
        ((True, True), False, "python3"),
        ((True, False), True, "system"),
        ((True, False), False, "python3"),
        ((False, True), True, "system"),
        ((False, True), False, "python3"),
    ],
)
def test_the_one_that_will_do(
    tmp_path: Path, first: tuple[bool, bool], system: bool, expected: str
) -> None:
    """`first`: is python3 able and optimized; `system`: is the system's own able."""
    python(tmp_path / "first" / "python3", *first)
    python(tmp_path / "system" / "python3", system)
    found = chosen(tmp_path / "first", tmp_path / "system" / "python3")
    assert found == {"system": str(tmp_path / "system" / "python3")}.get(expected, expected)


def test_a_real_one_makes_an_environment(tmp_path: Path) -> None:
    """As this machine has them."""
    script = ROOT / "requirements" / "python.sh"
    found = subprocess.run([script], capture_output=True, text=True, check=True).stdout.strip()
    made = [found, "-m", "venv", "--without-pip", tmp_path / "made"]
    subprocess.run(made, check=True)
    code = "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"
    subprocess.run([tmp_path / "made" / "bin" / "python", "-c", code], check=True)


def test_the_makefile_asks_for_it() -> None:
    said = subprocess.run(
        ["make", "-n", "-B", ".venv/.installed", "PYTHON3=the-given-one"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "the-given-one -m venv .venv" in said
    assert "PYTHON3 ?= $(shell requirements/python.sh)\n" in (ROOT / "Makefile").read_text()
