"""Makes tests/data/fidelity/planted.jsonl: correct pairs, and the same with one error each (python -m tests.plants).

Errors of meaning were chosen by hand (`pairs.jsonl`: [kind, words, words instead]); those that need no judgement are
made here, always the same ones: a digit changed in a figure of the articles' references, a loop, an untranslated span,
a clause cut off.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests import tiny

FOLDER = Path(__file__).parent / "data" / "fidelity"
Row = dict[str, str]


def rows() -> Iterator[Row]:
    """All pairs, `kind` "" for a correct one."""
    chance = random.Random(6)
    given = [json.loads(line) for line in (FOLDER / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    given += [
        {"arabic": " ".join(arabic.split()), "english": english, "plants": []} for arabic, english in tiny.pairs()
    ]
    for i, pair in enumerate(given):
        arabic, english = pair["arabic"], pair["english"]
        yield {"kind": "", "arabic": arabic, "english": english}
        for kind, old, new in pair["plants"]:
            yield {"kind": kind, "arabic": arabic, "english": english.replace(old, new)}
        made = [("loop", loop), ("untranslated", untranslated)][i % 2 : i % 2 + 1] if i % 3 == 0 else []
        made += [("number", digit), ("clause", clause)] if not pair["plants"] else []
        for kind, make in made:
            wrong = make(arabic, english, chance)
            if wrong:
                yield {"kind": kind, "arabic": arabic, "english": wrong}


def digit(arabic: str, english: str, chance: random.Random) -> str | None:
    """Another digit in one figure, so that the figure is none of the sentence's."""
    figures = list(re.finditer(r"\d+(?:[.,]\d+)*(?![^ ]*/)", english))
    if not figures or "http" in english:
        return None
    figure = chance.choice(figures)
    at = chance.choice([i for i, character in enumerate(figure.group()) if character.isdigit()])
    others = [d for d in "123456789" if d != figure.group()[at]]
    changed = figure.group()[:at] + chance.choice(others) + figure.group()[at + 1 :]
    if changed in {other.group() for other in figures}:
        return None
    return english[: figure.start()] + changed + english[figure.end() :]


def loop(arabic: str, english: str, chance: random.Random) -> str | None:
    """A run of the sentence's words said over and over."""
    words = english.split()
    size = chance.randint(1, 4)
    at = chance.randint(0, max(0, len(words) - size))
    return " ".join([*words[: at + size], *words[at : at + size] * chance.randint(4, 8)])


def untranslated(arabic: str, english: str, chance: random.Random) -> str | None:
    """Some words as they are in the source."""
    words, source = english.split(), arabic.split()
    size = min(chance.randint(1, 4), len(source), len(words))
    at, start = chance.randint(0, len(words) - size), chance.randint(0, len(source) - size)
    return " ".join([*words[:at], *source[start : start + size], *words[at + size :]])


def clause(arabic: str, english: str, chance: random.Random) -> str | None:
    """What stands behind a comma or an "and" cut off, if that is a third of the sentence at least."""
    ends = [match.start() for match in re.finditer(r",? and |, | which | because | after | who ", english)]
    ends = [end for end in ends if 0.35 < end / len(english) < 0.65]
    return f"{english[: chance.choice(ends)]}." if ends and len(english.split()) > 12 else None


def main() -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows()]
    (FOLDER / "planted.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
