"""The command `mujaz`, which is `python -m service` too: it serves, or does what its first word says."""

from __future__ import annotations

import sys

from models.command_line import ended


def serve(argv: list[str]) -> int:
    """the pages and endpoints on http://127.0.0.1:8000; the same as no word at all"""
    from service import server

    return server.main(argv)


def batch(argv: list[str]) -> int:
    """briefs for many articles at once"""
    from service.batch.__main__ import main

    return main(argv)


def digest(argv: list[str]) -> int:
    """several articles on one story: what they agree on, where they differ"""
    from service.digest import main

    return main(argv)


def check(argv: list[str]) -> int:
    """what is to be doubted in translations that you already have"""
    from service.check import main

    return main(argv)


def evaluate(argv: list[str]) -> int:
    """measure a model beside others"""
    from models.evaluation.translations import main
    from service.config import Settings

    return main(["--cache", str(Settings.from_environment().cache), *argv])


def model(argv: list[str]) -> int:
    """list the models known by name, or get a public one onto this machine"""
    from service.model import main

    return main(argv)


def key(argv: list[str]) -> int:
    """make, list and revoke the keys that let others in"""
    from service.access.command import main

    return main(argv)


COMMANDS = {command.__name__: command for command in (serve, batch, digest, check, evaluate, model, key)}


@ended
def main(argv: list[str] | None = None) -> int:
    """Hand the rest of the command line to the command that its first word names; returns the exit status."""
    name, *rest = (sys.argv[1:] if argv is None else argv) or ["serve"]
    if name in ("-h", "--help"):
        lines = [f"  mujaz {word:<9} {command.__doc__}" for word, command in COMMANDS.items()]
        print("usage: mujaz [COMMAND] [...]\n", *lines, "\nmujaz COMMAND --help says more.", sep="\n")
        return 0
    if name not in COMMANDS:
        print(f"mujaz: no command {name!r}; choose {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    return COMMANDS[name](rest)


if __name__ == "__main__":
    sys.exit(main())
