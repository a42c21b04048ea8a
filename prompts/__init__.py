"""Prompts for language models: one plain text file each, of a header, a system message and a user message.

name: brief
version: 1
purpose: what it is for
variables: sentences, fence, article
limits: sentences 1-10; article 1-3000 words

system:
Write at most {sentences} sentences ...

user:
{fence}
{article}

`limits` gives a range for a variable that is a number, or that of the words of one that is a text; both are held.
"""

from __future__ import annotations

import hashlib
import re
import string
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
HEADER = ("name", "version", "purpose", "variables", "limits")
_LIMIT = re.compile(r"(\w+) (\d+)-(\d+)( words)?")
_ROLES = re.compile(r"system:\n(?P<system>.+?)\n\nuser:\n(?P<user>.+)", re.DOTALL)


class PromptError(Exception):
    """A prompt file is malformed, is not there, or is filled with the wrong variables."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a variable may be: a number from `low` to `high`, or a text of so many words."""

    variable: str
    low: int
    high: int
    words: bool

    def __str__(self) -> str:
        return f"{self.variable} {self.low}-{self.high}{' words' if self.words else ''}"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A loaded prompt; `fingerprint` is the SHA-256 (hex) of its file and belongs in a signature."""

    name: str
    version: str
    purpose: str
    variables: tuple[str, ...]
    limits: tuple[Limit, ...]
    system: str
    user: str
    fingerprint: str

    def fill(self, **values: int | str) -> list[dict[str, str]]:
        """The messages of a chat, [{"role", "content"}], with the variables filled in.

        Values are put in as they are: braces inside an article are not variables. Raises PromptError for an unknown
        or a missing variable, and for one beyond its limit.
        """
        if set(values) != set(self.variables):
            wrong = sorted(set(values) ^ set(self.variables))
            raise PromptError(f"prompt {self.name}: {', '.join(wrong)}; it takes {', '.join(self.variables)}")
        for limit in self.limits:
            value = values[limit.variable]
            size = len(str(value).split()) if limit.words else value
            if not isinstance(size, int) or not limit.low <= size <= limit.high:
                told = f"has {size} words" if limit.words else f"is {size!r}"
                raise PromptError(f"prompt {self.name}: {limit.variable} {told}; its limit is {limit}")
        parts = (("system", self.system), ("user", self.user))
        return [{"role": role, "content": template.format(**values)} for role, template in parts]


def names(folder: Path = FOLDER) -> list[str]:
    """The prompts there are."""
    return sorted(path.stem for path in folder.glob("*.txt"))


def load(name: str, folder: Path = FOLDER) -> Prompt:
    """Load a prompt; PromptError names the choices, or what is wrong with its file."""
    if name not in names(folder):
        raise PromptError(f"no prompt {name!r}; choose {', '.join(names(folder))}")
    raw = (folder / f"{name}.txt").read_bytes()
    try:
        head, _, body = raw.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise PromptError(f"prompt {name}: is not UTF-8 (byte {error.start})") from None
    lines = [line.partition(": ") for line in head.splitlines()]
    if tuple(key for key, _, _ in lines) != HEADER or not all(value.strip() for _, _, value in lines):
        raise PromptError(f"prompt {name}: the header must be {', '.join(HEADER)}, each on a line of its own")
    header = {key: value.strip() for key, _, value in lines}
    roles = _ROLES.fullmatch(body.strip())
    if header["name"] != name or not roles:
        wrong = (
            "its name must be the file's" if roles else "after the header come `system:` and `user:`, each with a text"
        )
        raise PromptError(f"prompt {name}: {wrong}")
    variables = tuple(header["variables"].split(", "))
    _check_variables(name, variables, roles["system"] + roles["user"])
    limits = _limits(name, header["limits"], variables)
    made = header["version"], header["purpose"], variables, limits, roles["system"], roles["user"]
    return Prompt(name, *made, hashlib.sha256(raw).hexdigest())


def _check_variables(name: str, declared: tuple[str, ...], template: str) -> None:
    try:
        fields = [part[1:] for part in string.Formatter().parse(template) if part[1] is not None]
    except ValueError as error:
        raise PromptError(f"prompt {name}: {error}; write a brace twice to mean itself") from None
    used = {field for field, _, _ in fields if field is not None}
    if any(form or conversion for _, form, conversion in fields) or not all(field.isidentifier() for field in used):
        raise PromptError(f"prompt {name}: a variable stands in braces by its name alone")
    if used != set(declared) or len(declared) != len(set(declared)):
        raise PromptError(f"prompt {name}: declares {', '.join(declared)} but uses {', '.join(sorted(used))}")


def _limits(name: str, text: str, variables: tuple[str, ...]) -> tuple[Limit, ...]:
    found = []
    for part in text.split("; "):
        match = _LIMIT.fullmatch(part)
        if not match or match[1] not in variables or int(match[2]) > int(match[3]):
            raise PromptError(f"prompt {name}: limit {part!r}; write `variable low-high`, or `variable low-high words`")
        found.append(Limit(match[1], int(match[2]), int(match[3]), bool(match[4])))
    return tuple(found)
