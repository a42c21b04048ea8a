"""A spreadsheet on standard input -> [[name, rows of cells], ...] as JSON: a program, to be run by itself (`apart.py`).

Exit status 3: what is wrong with the file is on standard output.
"""

from __future__ import annotations

import io
import json
import resource
import sys

MEMORY, SECONDS = 2 * 2**30, 100  # that reading one file may take; a sheet with one cell far away has billions


def main() -> int:
    """Read, and print; the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except PasswordError:
        print("is encrypted: a password is needed", end="")
        return 3
    except CalamineError as error:
        print(f"is no spreadsheet, or a damaged one: {error}".splitlines()[0], end="")
        return 3
    json.dump(sheets, sys.stdout, default=str)
    return 0


if __name__ == "__main__":
    sys.exit(main())
