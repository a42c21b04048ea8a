"""Readers that run as programs of their own, with little memory and time: a file that breaks one breaks nothing else.

For libraries that are no Python: what a made file does to them (an abort, gigabytes, a loop) no `except` can catch.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from service.articles.encodings import Unreadable

SECONDS = 120  # for one file


def read_apart(program: str, data: bytes, kind: str) -> Any:
    """What the program beside this module prints as JSON when it is given `data`; raises Unreadable.

    Its exit status 3 says that what is wrong with the file, a `kind`, stands on its standard output.
    """
    command = [sys.executable, "-I", str(Path(__file__).with_name(program))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Unreadable(f"took more than {SECONDS} seconds to read: it is damaged, or a bomb") from None
    if done.returncode == 0:
        return json.loads(done.stdout)
    told = done.stdout.decode(errors="replace") if done.returncode == 3 else ""
    raise Unreadable(told or f"broke the reader of a {kind}, or took more memory than it may: it is damaged, or a bomb")
