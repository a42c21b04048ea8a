"""The README names every setting, endpoint and flag, and claims none that is not there."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from models.checks.fidelity import FLAGS
from models.engines.registry import PUBLIC, ROOT
from service.config import Settings, variable

README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_setting_with_its_default():
    told = {row[0].strip("`"): row[1].strip("`") for row in rows("Settings")}
    defaults = {variable(field.name): getattr(Settings(), field.name) for field in fields(Settings)}
    assert {name: str(value).removeprefix(f"{ROOT}/") for name, value in defaults.items()} == told


def test_nothing_is_left_to_fill_in():
    assert "@@" not in README


def test_every_endpoint(app):
    told = set(re.findall(r"`(GET|POST|PUT|DELETE) (/[^`?]*)`", README))
    rules = {
        (method, re.sub(r"<\w+:", "<", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert rules == told


def test_every_flag_in_its_words():
    for flag, words in FLAGS.items():
        assert f"| `{flag}` | {words} |" in README


@pytest.mark.parametrize("name", PUBLIC)
def test_public_models_with_their_licence(name):
    (line,) = (line for line in README.splitlines() if f"mujaz model get {name} " in line)
    assert f"{PUBLIC[name].megabytes} MB" in line and PUBLIC[name].licence in line


def test_every_file_it_names_exists():
    for path in re.findall(r"\]\(([\w./-]+)\)|`([\w/-]+/|[A-Z]+(?:\.md)?|[\w-]+\.(?:txt|md))`", README):
        name = path[0] or path[1]
        if name.isupper() and not (ROOT / name).exists():
            continue  # a variable or a placeholder, not a file
        assert (ROOT / name).exists(), name
