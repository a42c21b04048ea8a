"""`mujaz key`: the keys of this data folder."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator

from models import places
from models.command_line import command
from service.config import RATES, Settings, variable
from service.store.database import DATABASE
from service.store.keys import Key, Keys

LIMITS = {"rate": "requests a minute", "rate_chars": "characters a minute", "at_once": "requests at once"}


@command
def main(argv: list[str] | None = None) -> Iterator[str]:
    """Do what the command line says. A new key is printed alone, so that it can be piped."""
    asked = _parser().parse_args(argv)
    keys = Keys(Settings.from_environment().data / DATABASE)
    if asked.what == "list":
        yield from (f"{key.name}\tsince {key.created_at}{_own(key)}" for key in keys.all())
    elif asked.what == "revoke":
        keys.revoke(asked.name)
        yield f"{asked.name}: opens nothing from now on"
    else:
        yield keys.make(asked.name, {name: getattr(asked, name) for name in RATES})
        print(f"{asked.name}: the line above is shown this once", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{places.COMMAND} key", description="Keys, which are kept in MUJAZ_DATA.")
    words = parser.add_subparsers(dest="what", required=True)
    new = words.add_parser("new", help="make a key and print it, this once")
    new.add_argument("name", type=_name, help="whose it is; letters, digits, . _ -")
    for field, what in LIMITS.items():
        told = f"{what} of this key in place of {variable(field)}; 0: no limit"
        new.add_argument(f"--{field.replace('_', '-')}", type=_limit, metavar="N", help=told)
    words.add_parser("list", help="the keys there are, without what opens")
    words.add_parser("revoke", help="forget a key, and end what was signed in with it").add_argument("name")
    return parser


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text):
        raise argparse.ArgumentTypeError(f"{text!r}; choose 1 to 64 letters, digits, . _ or -")
    return text


def _limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 999999999")
    return int(text)


def _own(key: Key) -> str:
    return "".join(f", {key.limits[name]} {what}" for name, what in LIMITS.items() if name in key.limits)
