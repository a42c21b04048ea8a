"""How good a model is, beside others: `python -m models.evaluation.translations --source S --reference R`.

--model NAME          a name or folder as `models.engines.registry` knows them (default: embedded); `none`: files alone
--compare NAME=FILE   the outputs of another system, one line a sentence; as often as wished
--output FILE         write the model's translations there
--show N              N sentences side by side, the worst of the model first

Prints BLEU and chrF with sacrebleu's signatures and 95% intervals, a paired bootstrap against each other system,
the share of the source's numbers kept, the shares of outputs that loop, are empty or stay untranslated, and the
model's speed: source words a second, the best of several passes over the same sentences.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from models import places
from models.checks import fidelity
from models.command_line import command
from models.engines.batching import BATCH_PIECES
from models.errors import InputError
from models.text.normalize import has_arabic
from models.translation.loader import BACKENDS, load_translator
from models.types import Sentence, Translation

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class System:
    """One system's outputs, a line for each source line."""

    name: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Health:
    """Shares from 0 to 1: of the source's numbers that the output has, and of the outputs that are no translation."""

    numbers: float
    loops: float
    empty: float
    untranslated: float


def read_lines(field: str, path: Path, count: int | None = None) -> list[str]:
    """The lines of a file; InputError names `field` if it cannot be read, is empty, or has not `count` lines."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(field, f"{path} cannot be read: {error}") from error
    if not lines or len(lines) != (count or len(lines)):
        raise InputError(field, f"{path} has {len(lines)} lines; {count or 'at least 1'} needed, one a sentence")
    return lines


def as_sentences(lines: list[str]) -> list[Sentence]:
    """Each line as a sentence, as if one document held them."""
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return [Sentence(i, i, at, at + len(line), line) for i, (at, line) in enumerate(zip(starts, lines, strict=False))]


def metrics() -> dict[str, Any]:
    """The metrics reported, by sacrebleu's names."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    return {"BLEU": BLEU(), "chrF2": CHRF()}


def health(sources: list[str], lines: list[str]) -> Health:
    """What no reference is needed for."""
    numbers = [fidelity.missing_numbers(source, "") for source in sources]
    lost = sum(len(fidelity.missing_numbers(*pair)) for pair in zip(sources, lines, strict=True))
    total = sum(map(len, numbers))
    count = max(1, len(lines))
    return Health(
        1 - lost / total if total else 1.0,
        sum(map(fidelity.is_loop, lines)) / count,
        sum(not line.strip() for line in lines) / count,
        sum(map(has_arabic, lines)) / count,
    )


def speed(translator: Any, sentences: list[Sentence], passes: int) -> tuple[list[Translation], float]:
    """(translations, source words a second in the best pass)."""
    words = sum(len(sentence.text.split()) for sentence in sentences)
    took = []
    for _ in range(passes):
        begun = time.perf_counter()
        translations = list(translator.translate(sentences))
        took.append(time.perf_counter() - begun)
    return translations, words / min(took)


def report(sources: list[str], references: list[str], systems: list[System]) -> Iterator[str]:
    """The table, line by line: the first system, then the others with the p of their difference from it."""
    from sacrebleu.significance import PairedTest

    pairs: list[tuple[str, Sequence[str]]] = [(system.name, system.lines) for system in systems]
    signatures, scores = PairedTest(pairs, metrics(), [references], "bs", RESAMPLES)()
    yield f"{len(sources)} sentences; p: paired bootstrap against {systems[0].name}, {RESAMPLES} samples"
    yield f"{'system':24} {'BLEU':>13} {'p':>6} {'chrF':>13} {'p':>6}  numbers   loop  empty  untranslated"
    for i, system in enumerate(systems):
        cells = ""
        for name in signatures:
            found: Any = scores[name][i]
            p = f"{found.p_value:.3f}" if found.p_value is not None else ""
            cells += f"{found.score:5.1f} ± {found.ci:4.1f}".rjust(14) + p.rjust(7)
        shares = health(sources, system.lines)
        yield (
            f"{system.name:24}{cells}  {shares.numbers:7.1%} {shares.loops:6.1%} {shares.empty:6.1%} "
            f"{shares.untranslated:13.1%}"
        )
    for name, signature in signatures.items():
        yield f"{name}: {signature}"


def side_by_side(sources: list[str], references: list[str], systems: list[System], count: int) -> Iterator[str]:
    """`count` sentences with every output, the first system's worst (sentence chrF) first."""
    chrf = metrics()["chrF2"]
    lines = systems[0].lines
    rank = [chrf.sentence_score(line, [reference]).score for line, reference in zip(lines, references, strict=True)]
    for i in sorted(range(len(rank)), key=lambda i: rank[i])[:count]:
        yield f"\n#{i + 1}  chrF {rank[i]:.1f}"
        for name, text in [("source", sources[i]), ("reference", references[i])]:
            yield f"{name:>16}: {text}"
        for system in systems:
            yield f"{system.name:>16}: {system.lines[i]}"


def run(args: argparse.Namespace) -> Iterator[str]:
    """What the command line asks for, line by line."""
    import sacrebleu  # noqa: F401 - that it is not there is better known before minutes of translating

    sources = read_lines("source", args.source)
    references = read_lines("reference", args.reference, len(sources))
    others = [System(name, read_lines("compare", file, len(sources))) for name, file in args.compare]
    sources, references = sources[: args.sentences], references[: args.sentences]
    systems = [System(other.name, other.lines[: args.sentences]) for other in others]
    if args.model != "none":
        translator = load_translator(
            args.model,
            backend=args.backend,
            compute_type=args.compute_type,
            beam=args.beam,
            threads=args.threads,
            cache=args.cache,
            effort="quick" if args.no_repair else "careful" if args.careful else "normal",
        )
        translations, rate = speed(translator, as_sentences(sources), args.passes)
        systems.insert(0, System(translator.info.name, [as_written(translation) for translation in translations]))
        yield translator.signature
        yield (
            f"{rate:.0f} source words/s: best of {args.passes} passes, {args.threads} threads, batches of up to "
            f"{BATCH_PIECES} source pieces times the beam"
        )
    if not systems:
        raise InputError("compare", "with --model none, at least one --compare NAME=FILE is needed")
    if args.output:
        args.output.write_text("".join(f"{line}\n" for line in systems[0].lines), encoding="utf-8")
    yield from report(sources, references, systems)
    yield from side_by_side(sources, references, systems, args.show)


def as_written(translation: Translation) -> str:
    """What the model wrote: nothing, where the Arabic is shown for want of a translation."""
    return "" if "empty" in translation.flags else translation.text


def named_file(value: str) -> tuple[str, Path]:
    """NAME=FILE."""
    name, separator, file = value.partition("=")
    if not (name and separator and file):
        raise argparse.ArgumentTypeError(f"{value!r} is not NAME=FILE")
    return name, Path(file)


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog=f"{places.COMMAND} evaluate", description="Measure a model beside others.")
    parser.add_argument("--source", type=Path, required=True, help="Arabic, a sentence a line")
    parser.add_argument("--reference", type=Path, required=True, help="English, a sentence a line")
    parser.add_argument("--model", default="embedded", help="name or folder; `none` for files alone")
    parser.add_argument("--compare", type=named_file, action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--cache", type=Path, default=places.CACHE, help="where fetched and converted models are")
    parser.add_argument("--backend", choices=BACKENDS, default=BACKENDS[0])
    parser.add_argument("--compute-type", default="int8")
    parser.add_argument("--beam", type=int, help="default: the model's own")
    parser.add_argument("--threads", type=int, default=2)
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--no-repair", action="store_true", help="one search; what fails a check stays as it is")
    effort.add_argument("--careful", action="store_true", help="choose among the hypotheses of a wide search for all")
    parser.add_argument("--passes", type=int, default=3, help="timed passes")
    parser.add_argument("--sentences", type=int, help="only the first so many")
    parser.add_argument("--output", type=Path, help="write the model's translations there")
    parser.add_argument("--show", type=int, default=0, metavar="N")
    yield from run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
