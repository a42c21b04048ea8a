"""No engine builds the Dockerfile here, so what can be read of it is checked: every path, package and command."""

from __future__ import annotations

import importlib.util
import re
import shlex
from importlib.metadata import version

import pytest

from models.engines.registry import ROOT

LINES = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text()).splitlines()
STEPS = [tuple(line.split(" ", 1)) for line in LINES if line and not line.startswith("#")]


def pins(name: str) -> dict[str, str]:
    """{package: version} of a lock file, but for those of other machines."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    found = [line.removesuffix(" \\").partition("==") for line in lines if re.match("[a-z]", line) and ";" not in line]
    return {package: pinned for package, _, pinned in found}


def test_it_is_not_root_and_says_whether_it_is_well():
    users = [value for kind, value in STEPS if kind == "USER"]
    assert users and users[-1] != "root"
    assert any(kind == "HEALTHCHECK" for kind, _ in STEPS)


def test_every_copied_path_exists_and_is_sent_to_the_engine():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for kind, value in STEPS:
        if kind == "COPY":
            *sources, _ = shlex.split(value)
            for source in sources:
                assert (ROOT / source).exists() and f"!{source.split('/')[0]}" in ignored, source


def test_every_module_that_is_run_exists():
    modules = re.findall(r"python -m ([\w.]+)", " ".join(LINES).replace('", "', " ").replace('"', ""))
    assert {"models.engines.conversion", "service"} <= set(modules)
    assert all(importlib.util.find_spec(module) for module in modules)


def test_the_served_image_has_no_torch():
    installed = " ".join(value for kind, value in STEPS if kind == "RUN")
    assert re.findall(r"-r (\S+)", installed) == ["requirements/serve.txt"] and "--require-hashes" in installed
    assert not {"torch", "transformers", "pyarrow"} & set(pins("serve"))


def test_what_is_installed_has_been_copied():
    copied: set[str] = set()
    for kind, value in STEPS:
        if kind == "COPY":
            copied |= set(shlex.split(value)[:-1])
        for name in re.findall(r"-r (\S+)", value) if kind == "RUN" else ():
            assert name in copied


@pytest.mark.parametrize("name", ["serve", "batch", "ray", "full", "dev"])
def test_what_is_locked_is_what_these_tests_run_with(name):
    assert pins(name).items() <= pins("dev").items()
    for package, pinned in pins(name).items():
        assert version(package).split("+")[0] == pinned, package


@pytest.mark.parametrize("name", ["serve", "batch", "ray", "full", "dev", "bench"])
def test_every_package_of_a_lock_has_its_hashes_and_every_direct_one_is_there(name):
    folder = ROOT / "requirements"
    entries = re.split(r"\n(?=[a-z])", (folder / f"{name}.txt").read_text())[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    direct = [line for line in (folder / f"{name}.in").read_text().splitlines() if re.match("[a-z]", line)]
    locked = "\n".join(entries)
    for line in direct:
        package, _, pinned = re.sub(r"\[.*?\]", "", line).partition("==")
        assert re.search(rf"^{package}(\[.*\])?=={re.escape(pinned)}", locked, re.MULTILINE), line


def test_the_set_for_those_who_install_by_hand_is_the_locked_one():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line and ";" not in line)
    assert pinned.pop("torch") == (ROOT / "requirements" / "torch.txt").read_text().strip().split("==")[1]
    assert pinned == pins("full")


def test_the_port_is_said_once():
    text = "\n".join(LINES)
    assert set(re.findall(r"\b8\d{3}\b", text)) == {"8000"} and "PORT=8000" in text
