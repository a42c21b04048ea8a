"""Prompts for summarizers that generate: one plain text file each, a header, a blank line, the template.

name: brief
version: 1
purpose: what it is for
variables: article, sentences

Summarise {article} in {sentences} sentences.
"""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
HEADER = ("name", "version", "purpose", "variables")


class PromptError(Exception):
    """A prompt file is malformed, is not there, or is filled with the wrong variables."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A loaded prompt; `digest` is the SHA-256 (hex) of its file and belongs in a signature."""

    name: str
    version: str
    purpose: str
    variables: tuple[str, ...]
    template: str
    digest: str

    def fill(self, **values: object) -> str:
        """The template with its variables filled in; PromptError for an unknown or a missing one.

        Values are put in as they are: braces inside an article are not variables.
        """
        if set(values) != set(self.variables):
            wrong = sorted(set(values) ^ set(self.variables))
            raise PromptError(f"prompt {self.name}: {', '.join(wrong)}; it takes {', '.join(self.variables)}")
        return self.template.format(**values)


def names(folder: Path = FOLDER) -> list[str]:
    """The prompts there are."""
    return sorted(path.stem for path in folder.glob("*.txt"))


def load(name: str, folder: Path = FOLDER) -> Prompt:
    """Load a prompt; PromptError names the choices, or what is wrong with its file."""
    if name not in names(folder):
        raise PromptError(f"no prompt {name!r}; choose {', '.join(names(folder))}")
    raw = (folder / f"{name}.txt").read_text(encoding="utf-8")
    head, _, template = raw.partition("\n\n")
    header = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    if tuple(header) != HEADER or header["name"] != name:
        raise PromptError(f"prompt {name}: the header must be {', '.join(HEADER)}, and its name the file's")
    declared = tuple(header["variables"].split(", "))
    used = {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}
    if used != set(declared):
        raise PromptError(f"prompt {name}: declares {', '.join(declared)} but uses {', '.join(sorted(used))}")
    digest = hashlib.sha256(raw.encode()).hexdigest()
    return Prompt(name, header["version"], header["purpose"], declared, template.strip(), digest)
