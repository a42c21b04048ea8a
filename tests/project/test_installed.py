"""`pip install .`: the command `mujaz` in an environment of its own, far from any checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from models.engines.registry import ROOT
from tests.service.test_service import free_port

PACKAGES = ("models", "prompts", "service")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--no-build-isolation", "--quiet", "-w", folder]
    subprocess.run(pip, check=True)
    (found,) = folder.glob("mujaz-*.whl")
    return found


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """The wheel in an environment of its own, which borrows what it depends on from this one."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--no-deps", "--quiet", wheel]
    subprocess.run(pip, check=True)
    (site,) = folder.glob("lib/*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return site


@pytest.fixture
def mujaz(site, model_folder, tmp_path):
    """A function that starts `mujaz WORDS` in an empty folder, with a home that holds nothing."""
    for name in ("home", "empty"):
        (tmp_path / name).mkdir()
    before = contents(site)

    def start(*words, **more):
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MUJAZ_", "XDG_"))}
        ours = {"HOME": str(tmp_path / "home"), "MUJAZ_MODEL": str(model_folder), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [site.parents[2] / "bin" / "mujaz", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, cwd=tmp_path / "empty", env={**inherited, **ours, **more}, **pipes)

    yield start
    assert contents(site) == before, "it may be read-only"
    assert not list((tmp_path / "empty").iterdir())


def contents(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if "__pycache__" not in path.parts}


def test_the_wheel_holds_every_file_of_its_packages_and_the_licences(wheel):
    ours = {f"{package}/{path.as_posix()}" for package in PACKAGES for path in contents(ROOT / package)}
    names = zipfile.ZipFile(wheel).namelist()
    assert {name for name in names if name.startswith(PACKAGES)} == {name for name in ours if (ROOT / name).is_file()}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert sum(name.endswith("/GEMMA_TERMS.md") and "licenses" in name for name in names) == 2


def test_what_it_depends_on_is_what_the_locks_are_made_of(wheel):
    (metadata,) = (name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("/METADATA"))
    told = re.findall(r"^Requires-Dist: (.*)$", zipfile.ZipFile(wheel).read(metadata).decode(), re.MULTILINE)
    wanted = {line for line in (ROOT / "requirements" / "serve.in").read_text().splitlines() if line[0] != "#"}
    assert {line for line in told if ";" not in line} == wanted
    torch = (ROOT / "requirements" / "torch.txt").read_text().strip()
    assert f"{torch}; extra == 'full'" in told and not [line for line in told if line.startswith("-")]
    assert {extra for line in told for extra in re.findall(r"extra == '(\w+)'", line)} == {"batch", "full", "ray"}


def test_an_installed_mujaz_works_and_keeps_its_things_in_the_home(mujaz, known_articles, tmp_path):
    with mujaz("--help") as process:
        assert "mujaz batch" in process.stdout.read()
    out = tmp_path / "out.jsonl"
    with mujaz("batch", known_articles(2), "--output", out) as process:
        told = process.stdout.read()
    assert process.returncode == 0 and len(out.read_text(encoding="utf-8").splitlines()) == 2, told
    assert (tmp_path / "home" / ".local" / "share" / "mujaz" / "mujaz.sqlite3").is_file()
    assert list((tmp_path / "home" / ".cache" / "mujaz" / "ctranslate2").iterdir())
    with mujaz("digest", "nowhere.txt") as process:
        assert "nowhere.txt" in process.stdout.read()
    assert process.returncode == 2


def test_an_installed_mujaz_serves(mujaz, tmp_path):
    port = str(free_port())
    with mujaz(PORT=port, MUJAZ_DATA=str(tmp_path / "data"), MUJAZ_CACHE=str(tmp_path / "cache")) as process:
        try:
            assert any("Mujaz is ready" in line for line in process.stdout)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                assert answer.status == 200
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/site.css") as answer:
                assert answer.status == 200
        finally:
            process.terminate()
            process.stdout.read()
    assert (tmp_path / "data").is_dir() and (tmp_path / "cache").is_dir() and not list((tmp_path / "home").iterdir())


@pytest.mark.parametrize("name", ["batch", "full", "ray"])
def test_what_is_lacking_is_told_with_the_extra_that_has_it(name, site):
    code = f"from models import places; print(places.install({name!r}), places.COMMAND)"
    python = [site.parents[2] / "bin" / "python", "-c", code]
    told = subprocess.run(python, cwd="/", capture_output=True, text=True, check=True).stdout
    assert f"'.[{name}]'" in told and told.endswith(" mujaz\n")
