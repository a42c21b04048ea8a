"""The settings, and the only place that reads the environment."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from models import places
from models.engines.registry import EMBEDDED, EMBEDDED_FAST
from models.errors import SettingError

NAME = r"[\w.-]+|\[[0-9a-fA-F:.]+\]"
ORIGIN = re.compile(rf"https?://(?:{NAME})(?::\d{{1,5}})?")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
RATES = {"rate": 300, "rate_chars": 400_000, "at_once": 8}  # what `auto` is where others can reach this
CHAT_URL = re.compile(rf"https?://(?:{NAME})(?::\d{{1,5}})?(?:/[\w.~%-]+)*")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the environment variable is MUJAZ_ and the name in capitals.

    HOST and PORT have no prefix. 0 for `threads` means one a core, 0 for `beam` the model's own, 0 for `queue` three
    for each of the threads. `second` names the model that gives a second opinion; `auto` is the fast embedded one for
    the other, and none for other models.
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
    wait_chars: int = 40_000
    queue: int = 0
    time_limit: int = 1800
    max_upload: int = 32
    connections: int = 16
    cors: str = ""
    open: str = "auto"
    hosts: str = ""
    proxies: str = ""
    rate: str = "auto"
    rate_chars: str = "auto"
    at_once: str = "auto"

    def __post_init__(self) -> None:
        ranges = {"port": (1, 65_535), "beam": (0, 16), "threads": (0, 256), "connections": (1, 1024)}
        ranges |= {"chat_timeout": (1, 600), "chat_retries": (0, 5), "chat_words": (200, 4000)}
        ranges |= {"batch_pieces": (64, 65_536), "max_upload": (1, 1024), "queue": (0, 256), "time_limit": (1, 86_400)}
        ranges |= dict.fromkeys(("max_chars", "wait_chars"), (1, 100_000_000))
        for name, (low, high) in ranges.items():
            if not low <= getattr(self, name) <= high:
                raise SettingError(f"{variable(name)}: {getattr(self, name)} is out of range; choose {low} to {high}")
        choices: dict[str, tuple[str, ...]] = {"backend": ("ctranslate2", "torch"), "compute_type": ("int8", "float32")}
        choices |= {"effort": ("quick", "normal", "careful"), "open": ("auto", "0", "1")}
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise SettingError(f"{variable(name)}: {getattr(self, name)!r}; choose {' or '.join(allowed)}")
        if self.second == self.model:
            raise SettingError(f"MUJAZ_SECOND: {self.second!r} is MUJAZ_MODEL too; choose another, auto or none")
        self._check_chat()
        self._check_network()

    def _check_network(self) -> None:
        if wrong := [one for one in self.origins if one != "*" and not ORIGIN.fullmatch(one)]:
            raise SettingError(f"{variable('cors')}: {wrong[0]!r}; choose addresses such as https://example.org, or *")
        if wrong := [one for one in _listed(self.hosts) if not re.fullmatch(NAME, one)]:
            raise SettingError(f"{variable('hosts')}: {wrong[0]!r}; choose names such as mujaz.example.org, no port")
        for name in RATES:
            if not re.fullmatch(r"auto|\d{1,9}", getattr(self, name)):
                raise SettingError(f"{variable(name)}: {getattr(self, name)!r}; choose auto, 0 for none, or a number")
        try:
            self.proxy_networks  # noqa: B018
        except ValueError as error:
            raise SettingError(
                f"{variable('proxies')}: {error}; choose addresses such as 10.0.0.1 or 10.0.0.0/8"
            ) from None

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
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **otherwise: object) -> Settings:
        """Read the environment; SettingError names the variable that is wrong and what it takes. `otherwise` are the
        values of settings of which it says nothing."""
        values = dict(otherwise)
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
        return frozenset(_listed(self.cors))

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the address that is served on."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def demands_keys(self) -> bool:
        """Whether nobody is served without a key."""
        return self.open == "0" or (self.open == "auto" and not self.is_local)

    @property
    def names(self) -> list[str]:
        """The names that this may be called by; none: any."""
        chosen = _listed(self.hosts)
        own = [*LOOPBACK, *([self.host] if self.is_local else [])]
        return [*own, *chosen] if chosen or self.is_local else []

    @property
    def proxy_networks(self) -> list[Network]:
        """The proxies whose word on who asks is believed. Raises ValueError."""
        return [ipaddress.ip_network(one) for one in _listed(self.proxies)]

    @property
    def rates(self) -> dict[str, int]:
        """Requests and characters a minute, and requests at once, of one who asks; 0 is no limit."""
        usual = dict.fromkeys(RATES, 0) if self.is_local and not self.demands_keys else RATES
        return {name: usual[name] if getattr(self, name) == "auto" else int(getattr(self, name)) for name in RATES}

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
    def waited_chars(self) -> int:
        """The most characters of a request that waits for their translation: so many are done within `time_limit`, on
        the slowest processor that was tried and with every place taken (see `service.load`)."""
        return min(self.wait_chars, self.max_chars)

    @property
    def upload_bytes(self) -> int:
        """The largest request with files."""
        return self.max_upload * 2**20

    @property
    def places(self) -> int:
        """Requests that may translate at once."""
        return self.queue or 3 * self.workers


def _listed(text: str) -> list[str]:
    return text.replace(",", " ").split()


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return name.upper() if name in ("host", "port") else f"MUJAZ_{name.upper()}"


def quiet_ray() -> None:
    """Set what Ray itself reads, unless it is set: nothing is sent to its makers, and only what ends it is logged."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
