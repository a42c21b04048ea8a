"""What Mujaz tells its users, out of its own code: every text that it raises, notes or returns as a reason.

A value in a text is a hole, `HOLE`; of a text that has several forms each is one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

HOLE = "\0"
# The calls that tell something, and which of their arguments it is.
TELLERS = {"InputError": 1, "NoArabicError": 1, "TooLong": 1, "abort": 1, "Failure": 1, "Note": 2, "_errors": 1}
TELLERS |= dict.fromkeys(
    "Overloaded TooLate NotFound ValueError ServiceUnavailable RequestEntityTooLarge TooManyRequests Unauthorized "
    "Unreadable WriterError _MayPass wait_for print".split(),
    0,
)
Scope = ast.FunctionDef | ast.Module


def messages(path: Path) -> set[str]:
    """The texts that a module tells."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for scope in (tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))):
        for node in ast.walk(scope):
            for told in _told(node):
                found |= {re.sub(f"{HOLE}+", HOLE, text) for text in _forms(told, scope)}
    return {
        text for text in found if len(re.findall("[a-z]{2}", text)) > 2 and " " in text.strip() and text[-1] != "\n"
    }


def _told(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        yield from node.args[TELLERS.get(name, len(node.args)) :][:1]
    elif isinstance(node, ast.Return | ast.Yield) and node.value:
        yield node.value


def _forms(node: ast.AST, scope: Scope, seen: tuple[str, ...] = ()) -> list[str]:
    """What a value can be, as far as it stands in the code; `seen` are the variables that it is the value of."""

    def forms(part: ast.AST) -> list[str]:
        return _forms(part, scope, seen)

    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(texts) for texts in product(*map(forms, parts))]
        case ast.FormattedValue(value=value, format_spec=None):
            return forms(value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return ["".join(texts) for texts in product(forms(left), forms(right))]
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(op=ast.Or(), values=[one, other]):
            return forms(one) + forms(other)
        case ast.Name(id=name) if name not in seen:
            given = [value for one in ast.walk(scope) if isinstance(one, ast.Assign) for value in _given(one, name)]
            return [form for value in given for form in _forms(value, scope, (*seen, name))] or [HOLE]
    return [HOLE]


def _given(assign: ast.Assign, name: str) -> Iterator[ast.AST]:
    """What a variable becomes by an assignment, alone or one of several."""
    target, value = assign.targets[0], assign.value
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple):
        at = next((n for n, one in enumerate(target.elts) if isinstance(one, ast.Name) and one.id == name), None)
        either = (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)
        yield from (one.elts[at] for one in either if at is not None and isinstance(one, ast.Tuple))
