"""The picture in docs/ARCHITECTURE.md, drawn from the code: `python docs/draw.py` writes it anew between its marks.

A room is a package, or a module that stands beside packages. An arrow is an import, as import-linter's graph has it;
what another way already says is left out.
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "ARCHITECTURE.md"
BEGIN, END = "<!-- drawn by docs/draw.py -->", "<!-- end of the drawing -->"
HOUSES = ("service", "models", "prompts")


def room_of(module: str) -> str:
    """`models.checks.numbers.quantities` lies in `models.checks`, `models.pipeline` in itself."""
    return ".".join(module.split(".")[:2])


def arrows() -> dict[str, set[str]]:
    """Of each room those that it imports, without those that it reaches through another."""
    sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph(*HOUSES, cache_dir=None)
    modules = sorted(graph.modules, key=lambda module: (HOUSES.index(module.split(".")[0]), module))
    all_: dict[str, set[str]] = {room_of(module): set() for module in modules}
    for module in modules:
        room = room_of(module)
        all_[room] |= {room_of(one) for one in graph.find_modules_directly_imported_by(module)} - {room}

    @cache
    def reached(room: str) -> set[str]:
        return all_[room].union(*(reached(one) for one in all_[room]))

    return {room: ends - set().union(*(reached(one) for one in ends)) for room, ends in all_.items()}


def job(room: str) -> str:
    """The first sentence of its docstring."""
    path = ROOT.joinpath(*room.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def drawing() -> str:
    """A mermaid graph, and a table of the rooms."""
    drawn = arrows()
    lines = ["```mermaid", "graph TD"]
    lines += [f"  {room} --> {end}" for room in sorted(drawn) for end in sorted(drawn[room])]
    lines += ["```", "", "| room | its job |", "|---|---|"]
    lines += [f"| `{room.replace('.', '/')}` | {job(room)} |" for room in drawn]
    return "\n".join(lines)


def page() -> str:
    """The whole page with the drawing of today."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{drawing()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
