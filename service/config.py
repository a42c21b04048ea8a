"""The settings, and the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from models.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the environment variable is MUJAZ_ and the name in capitals.

    HOST and PORT have no prefix. `None` for `threads` means one a core.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    model: str = "embedded"
    backend: str = "ctranslate2"
    compute_type: str = "int8"
    beam: int = 4
    threads: int = 0
    data: Path = ROOT / "data"
    cache: Path = ROOT / ".cache"
    seq2seq: str = "sshleifer/distilbart-cnn-12-6"
    max_chars: int = 200_000
    connections: int = 16

    def __post_init__(self) -> None:
        ranges = {"port": (1, 65_535), "beam": (1, 16), "threads": (0, 256), "connections": (1, 1024)}
        for name, (low, high) in {**ranges, "max_chars": (1, 100_000_000)}.items():
            if not low <= getattr(self, name) <= high:
                raise SettingError(f"{variable(name)}: {getattr(self, name)} is out of range; choose {low} to {high}")
        choices = {"backend": ("ctranslate2", "torch"), "compute_type": ("int8", "float32")}
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise SettingError(f"{variable(name)}: {getattr(self, name)!r}; choose {' or '.join(allowed)}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; SettingError names the variable that is wrong and what it takes."""
        values: dict[str, object] = {}
        defaults = cls()
        for field in fields(cls):
            raw = environment.get(variable(field.name))
            if raw is None or raw == "":
                continue
            kind = type(getattr(defaults, field.name))
            try:
                values[field.name] = kind(raw)
            except ValueError:
                raise SettingError(f"{variable(field.name)}: {raw!r} is not a whole number") from None
        return cls(**values)  # type: ignore[arg-type]

    @property
    def workers(self) -> int:
        """Threads that translate: as set, or one a core that this process may use."""
        allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
        return self.threads or len(allowed)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return name.upper() if name in ("host", "port") else f"MUJAZ_{name.upper()}"
