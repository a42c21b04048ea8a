"""The settings, and the only place that reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from models import places
from models.engines.registry import EMBEDDED, EMBEDDED_FAST
from models.errors import SettingError

ORIGIN = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
CHAT_URL = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:/[\w.~%-]+)*")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the environment variable is MUJAZ_ and the name in capitals.

    HOST and PORT have no prefix. 0 for `threads` means one a core, 0 for `beam` the model's own, 0 for `queue` four for
    each of the threads. `second` names the model that gives a second opinion; `auto` is the fast embedded one for the
    other, and none for other models.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    model: str = "embedded"
    second: str = "auto"
    backend: str = "ctranslate2"
    compute_type: str = "int8"
    beam: int = 0
    effort: str = "normal"
    threads: int = 0
    batch_pieces: int = 384
    data: Path = places.DATA
    cache: Path = places.CACHE
    glossary: str = ""
    seq2seq: str = "sshleifer/distilbart-cnn-12-6"
    chat_url: str = ""
    chat_model: str = ""
    chat_key: str = field(default="", repr=False)
    chat_timeout: int = 60
    chat_retries: int = 2
    chat_words: int = 2000
    max_chars: int = 200_000
    queue: int = 0
    time_limit: int = 900
    connections: int = 16
    cors: str = ""

    def __post_init__(self) -> None:
        ranges = {"port": (1, 65_535), "beam": (0, 16), "threads": (0, 256), "connections": (1, 1024)}
        ranges |= {"chat_timeout": (1, 600), "chat_retries": (0, 5), "chat_words": (200, 4000)}
        ranges |= {"batch_pieces": (64, 65_536), "queue": (0, 256), "time_limit": (1, 86_400)}
        for name, (low, high) in {**ranges, "max_chars": (1, 100_000_000)}.items():
            if not low <= getattr(self, name) <= high:
                raise SettingError(f"{variable(name)}: {getattr(self, name)} is out of range; choose {low} to {high}")
        choices = {"backend": ("ctranslate2", "torch"), "compute_type": ("int8", "float32")}
        for name, allowed in {**choices, "effort": ("quick", "normal", "careful")}.items():
            if getattr(self, name) not in allowed:
                raise SettingError(f"{variable(name)}: {getattr(self, name)!r}; choose {' or '.join(allowed)}")
        if self.second == self.model:
            raise SettingError(f"MUJAZ_SECOND: {self.second!r} is MUJAZ_MODEL too; choose another, auto or none")
        self._check_chat()
        if wrong := [one for one in self.origins if one != "*" and not ORIGIN.fullmatch(one)]:
            raise SettingError(f"{variable('cors')}: {wrong[0]!r}; choose addresses such as https://example.org, or *")

    def _check_chat(self) -> None:
        """What is wrong with the key is told without the key."""
        if self.chat_url and not CHAT_URL.fullmatch(self.chat_url):
            wanted = "http:// or https://, a host and a path, without a name, password, query or last slash"
            raise SettingError(f"{variable('chat_url')}: must be {wanted}, such as http://127.0.0.1:11434/v1")
        if not re.fullmatch(r"[!-~]*", self.chat_key):
            raise SettingError(f"{variable('chat_key')}: holds spaces, line ends or letters that no key can have")
        if not self.chat_model.isprintable() or "|" in self.chat_model:
            raise SettingError(f"{variable('chat_model')}: holds characters that no model's name can have")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; SettingError names the variable that is wrong and what it takes."""
        values: dict[str, object] = {}
        defaults = cls()
        for setting in fields(cls):
            raw = environment.get(variable(setting.name))
            if raw is None or raw == "":
                continue
            kind = type(getattr(defaults, setting.name))
            try:
                values[setting.name] = kind(raw)
            except ValueError:
                raise SettingError(f"{variable(setting.name)}: {raw!r} is not a whole number") from None
        return cls(**values)  # type: ignore[arg-type]

    @property
    def origins(self) -> frozenset[str]:
        """The sites whose pages may use the endpoints."""
        return frozenset(self.cors.replace(",", " ").split())

    @property
    def second_model(self) -> str | None:
        """The model that gives a second opinion, if one does."""
        if self.second == "auto":
            return EMBEDDED_FAST if self.model == EMBEDDED else None
        return None if self.second == "none" else self.second

    @property
    def workers(self) -> int:
        """Threads that translate: as set, or one a core that this process may use."""
        allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
        return self.threads or len(allowed)

    @property
    def places(self) -> int:
        """Requests that may translate at once."""
        return self.queue or 4 * self.workers


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return name.upper() if name in ("host", "port") else f"MUJAZ_{name.upper()}"


def quiet_ray() -> None:
    """Set what Ray itself reads, unless it is set: nothing is sent to its makers, and only what ends it is logged."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
