"""What readers are told of a translation beside it: that a machine wrote it, and what a glossary and the names made one
have changed."""

from __future__ import annotations

from typing import Any


def warning(makers: str | None) -> str:
    """What every reader must bear in mind: what the model's makers want to be said, if anything."""
    return makers or "A machine wrote the English: check it against the Arabic before you rely on it."


def changes(record: dict[str, Any]) -> dict[int | None, list[str]]:
    """By sentence (None: the title), a line for each change and for each term whose place was not found."""
    translation = record["translation"]
    lines: dict[int | None, list[str]] = {}
    for kind, uses in (("Glossary", translation.get("glossary", [])), ("One spelling", translation.get("names", []))):
        for use in uses:  # records that were stored before there was a glossary have neither
            wanted = f"{kind}: “{use['english']}” for {use['arabic']}"
            for change in use["changed"]:
                lines.setdefault(change["sentence"], []).append(f"{wanted}; it was “{change['was']}”.")
            for sentence in use.get("missing", []):
                lines.setdefault(sentence, []).append(f"{wanted} was not put in; its place was not found.")
    return {sentence: list(dict.fromkeys(found)) for sentence, found in lines.items()}


def counted(record: dict[str, Any]) -> list[str]:
    """A line for each term of the glossary that changed anything or was not put in, and each name that was changed."""
    translation = record["translation"]
    lines = []
    for use in (*translation["glossary"], *(name for name in translation["names"] if name["changed"])):
        was = ", ".join(dict.fromkeys(change["was"] for change in use["changed"]))
        parts = [f"{len(use['changed'])} changed (was {was})"] if was else []
        parts += [f"{len(use['missing'])} not put in"] if use.get("missing") else []
        lines.append(f"{use['english']} for {use['arabic']}: {', '.join(parts)}")
    return lines
