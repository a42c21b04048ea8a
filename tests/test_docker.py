"""No engine builds the Dockerfile here, so what can be read of it is checked: every path, package and command."""

from __future__ import annotations

import importlib.util
import re
import shlex
from importlib.metadata import version

import pytest

from models.registry import ROOT

LINES = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text()).splitlines()
STEPS = [tuple(line.split(" ", 1)) for line in LINES if line and not line.startswith("#")]
FINAL = STEPS[max(i for i, (kind, _) in enumerate(STEPS) if kind == "FROM") :]


def pins(name: str) -> dict[str, str]:
    """{package: version} of a requirements file and those it includes."""
    found = {}
    for line in (ROOT / name).read_text().splitlines():
        if line.startswith("-r "):
            found |= pins(line[3:])
        elif line and not line.startswith("#"):
            package, _, pinned = line.partition("==")
            assert pinned, f"{name}: {package} is not pinned"
            found[package.partition("[")[0]] = pinned
    return found


def included(name: str) -> set[str]:
    """The requirements files that one includes, all the way down."""
    inner = set(re.findall(r"^-r (\S+)", (ROOT / name).read_text(), re.MULTILINE))
    return inner.union(*(included(file) for file in inner))


def test_two_stages_and_not_root():
    assert [kind for kind, _ in STEPS].count("FROM") == 2
    users = [value for kind, value in FINAL if kind == "USER"]
    assert users and users[-1] != "root"
    assert any(kind == "HEALTHCHECK" for kind, _ in FINAL)


def test_every_copied_path_exists_and_is_sent_to_the_engine():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for kind, value in STEPS:
        if kind == "COPY" and not value.startswith("--from"):
            *sources, _ = shlex.split(value)
            for source in sources:
                assert (ROOT / source).exists() and f"!{source}" in ignored, source


def test_every_module_that_is_run_exists():
    modules = re.findall(r"python -m ([\w.]+)", " ".join(LINES).replace('", "', " ").replace('"', ""))
    assert {"models.ctranslate", "service"} <= set(modules)
    assert all(importlib.util.find_spec(module) for module in modules)


def test_the_served_image_has_no_torch():
    installed = " ".join(value for kind, value in FINAL if kind == "RUN")
    assert "-r requirements-serve.txt" in installed and "-r requirements.txt" not in installed
    assert not {"torch", "transformers", *pins("requirements-batch.txt")} & set(pins("requirements-serve.txt"))


def test_every_requirements_file_that_another_includes_is_there_to_install():
    copied: set[str] = set()
    for kind, value in STEPS:
        if kind == "FROM":
            copied = set()
        elif kind == "COPY":
            copied |= set(shlex.split(value)[:-1])
        elif kind == "RUN":
            for name in re.findall(r"-r (\S+)", value):
                assert {name, *included(name)} <= copied


@pytest.mark.parametrize("name", ["requirements-serve.txt", "requirements.txt", "requirements-dev.txt"])
def test_what_is_pinned_is_what_these_tests_run_with(name):
    for package, pinned in pins(name).items():
        assert version(package).split("+")[0] == pinned, package


def test_the_port_is_said_once():
    text = "\n".join(LINES)
    assert set(re.findall(r"\b8\d{3}\b", text)) == {"8000"} and "PORT=8000" in text
