"""Where Mujaz keeps things, and how it is started: a checkout in itself, an installed one with the user's things."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKOUT = (ROOT / "requirements" / "serve.in").is_file()
if CHECKOUT:
    DATA, CACHE, COMMAND = ROOT / "data", ROOT / ".cache", "python -m service"
else:
    from platformdirs import user_cache_path, user_data_path

    DATA, CACHE, COMMAND = user_data_path("mujaz"), user_cache_path("mujaz"), "mujaz"


def install(extra: str) -> str:
    """The command line that installs what `extra` names: batch, full or ray."""
    locked = "requirements.txt" if extra == "full" else f"requirements/{extra}.txt"
    return f"pip install -r {locked}" if CHECKOUT else f"pip install '.[{extra}]' in Mujaz's checkout"
