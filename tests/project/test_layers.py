"""The layers of the house: the contracts in pyproject.toml, and what no contract can say."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import python

ROOT = Path(__file__).parents[2]
ROOMS = ("models", "service", "prompts")
MODULES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
# Imported by loaders only, so that `import service` stays fast and works without them.
HEAVY = {"ctranslate2", "torch", "transformers", "sentencepiece", "tokenizers", "huggingface_hub", "ray"}
HEAVY |= {
    "docx",
    "lxml",
    "markdown_it",
    "oxmsg",
    "pyarrow",
    "pypdfium2",
    "python_calamine",
    "striprtf",
    "trafilatura",
}  # slow to import
LEAVES = ("models/evaluation", "models/training")
DOZEN = 12


def contracts(root: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", root / "pyproject.toml"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True)


def test_packages_import_downwards():
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout


def test_an_import_upwards_is_found(tmp_path):
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=lambda _, names: [n for n in names if "." in n and n[-3:] != ".py"]
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "models" / "text" / "segment.py").open("a", encoding="utf-8") as file:
        file.write("\nfrom models.checks import fidelity\n")
    done = contracts(tmp_path)
    assert done.returncode == 1 and "models.text is not allowed to import models.checks" in done.stdout


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=str)
def test_a_package_has_at_most_a_dozen_modules_and_says_its_job(folder):
    modules = [path for path in folder.glob("*.py") if not path.name.startswith("__")]
    assert len(modules) <= DOZEN
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


def top_level(path: Path) -> set[str]:
    """The packages that are imported when the module is."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_packages_are_imported_by_loaders_and_the_environment_is_read_by_the_config(path):
    place = path.relative_to(ROOT).as_posix()
    if place.startswith(LEAVES):
        return
    assert not top_level(path) & HEAVY
    source = path.read_text(encoding="utf-8")
    assert ("os.environ" in source or "os.getenv" in source) == (place == "service/config.py")


def test_the_picture_of_the_house_is_that_of_today():
    drawn = python("-c", "import runpy; print(runpy.run_path('docs/draw.py')['page'](), end='')", check=True)
    assert drawn.stdout == (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8"), "run docs/draw.py"
