"""What the code is that shapes a text. Every signature names it, so that no memory gives what other code made.

A signature is put together in `pipeline.Pipeline.signature`, from those of the translator, wording and summarizer.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
READ = (".py", ".tsv", ".txt")


@lru_cache(maxsize=16)
def fingerprint(*places: str, root: Path = HERE) -> str:
    """Eight hex digits over the files of `places`, which are packages or files under `root`: code and data.

    Raises ValueError for a place without any: what is not there would never change.
    """
    found = hashlib.sha256()
    for place in places:
        under = [root / place] if (root / place).is_file() else sorted((root / place).rglob("*"))
        read = [path for path in under if path.suffix in READ]
        if not read:
            raise ValueError(f"{root / place} holds no code")
        for path in read:
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:8]
