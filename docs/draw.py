"""The picture in docs/ARCHITECTURE.md, drawn from the code: `python docs/draw.py` writes it anew between its marks.

A room is a package, or a module that stands beside packages. An arrow is an import; what another way already says is
left out.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "ARCHITECTURE.md"
BEGIN, END = "<!-- drawn by docs/draw.py -->", "<!-- end of the drawing -->"
HOUSES = ("service", "models", "prompts")


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(path): path for house in HOUSES for path in sorted((ROOT / house).rglob("*.py"))}


def room_of(module: str) -> str:
    """`models.checks.numbers.quantities` lies in `models.checks`, `models.pipeline` in itself."""
    return ".".join(module.split(".")[:2])


def imports(path: Path) -> set[str]:
    """Our own modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & FILES.keys()
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & FILES.keys()) or ({node.module} & FILES.keys())
    return found


def arrows() -> dict[str, set[str]]:
    """Of each room those that it imports, without those that it reaches through another."""
    all_: dict[str, set[str]] = {room_of(module): set() for module in FILES}
    for module, path in FILES.items():
        all_[room_of(module)] |= {room_of(one) for one in imports(path)} - {room_of(module)}

    @cache
    def reached(room: str) -> set[str]:
        return all_.get(room, set()).union(*(reached(one) for one in all_.get(room, ())))

    return {room: ends - set().union(*(reached(one) for one in ends)) for room, ends in all_.items()}


def job(room: str) -> str:
    """The first sentence of its docstring."""
    text = ast.get_docstring(ast.parse(FILES[room].read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def drawing() -> str:
    """A mermaid graph, and a table of the rooms."""
    drawn = arrows()
    lines = ["```mermaid", "graph TD"]
    lines += [f"  {room} --> {end}" for room in sorted(drawn) for end in sorted(drawn[room])]
    lines += ["```", "", "| room | its job |", "|---|---|"]
    lines += [f"| `{room.replace('.', '/')}` | {job(room)} |" for room in sorted(drawn, key=lambda r: r not in FILES)]
    return "\n".join(lines)


def page() -> str:
    """The whole page with the drawing of today."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{drawing()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
