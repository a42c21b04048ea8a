"""How good the briefs are, beside other ways to choose sentences: `python -m models.evaluation.briefs`.

--set NAME        own, easc, almayadeen, bbc, cnn (`brief_sets`); as often as wished (default: own and those
                  that lie in --shared)
--half HALF       report (default), or tune, on which the summarizer's weights were set
--model NAME      translate the Arabic first, as the service does: flags then count, and a further line shows the
                  summarizer ranking the translations in place of the Arabic
--second NAME     a second model judges the translations, as in the service: how sure they are counts then

Measures, each a mean over articles: `facts`, the share of an article's key facts that the brief carries; `sound`, the
same of brief sentences that rest on no doubtful or serious translation (with --model); `f1`, of the sentences chosen
against each person's extract; ROUGE-1, -2 and -L F1 (rouge-score, words as they stand, unstemmed,
the best of several references) of the chosen source sentences; `unsupported`, the share of brief sentences without
valid sources that carry them; `words` of the chosen source sentences. What follows a table are differences of the
default summarizer from others with 95% intervals (paired bootstrap over articles).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from models.ahead import in_order
from models.briefs import align, support
from models.briefs.extractive import ExtractiveSummarizer
from models.checks.fidelity import DOUBTFUL, SERIOUS
from models.command_line import command
from models.errors import InputError
from models.evaluation.baselines import Chance, Lead, Sumy, Words
from models.evaluation.brief_sets import HALVES, SETS, Article, Fact, Set, read
from models.types import BriefSentence, Summarizer, Summary, Translation, Translator

SHARED = Path("../shared/data/summaries")
COLUMNS = ("facts", "sound", "f1", "rouge1", "rouge2", "rougeL", "unsupported", "words")
COMPARED = ("lead", "lexrank", "textrank", "on translations")
CARRIED = 0.5  # share of a fact's content words that a generated sentence must hold to carry it
RESAMPLES = 5000


class OnTranslations:
    """A summarizer that ranks the English of translations in place of their sources."""

    name = "on translations"

    def __init__(self, summarizer: Summarizer) -> None:
        self._summarizer = summarizer
        self.signature = summarizer.signature + ",on-translations"

    def summarize(self, translations: Sequence[Translation], limit: int) -> Summary | tuple[BriefSentence, ...]:
        """As the summarizer would, had the article been written so."""
        english = [replace(t, sentence=replace(t.sentence, text=t.text)) for t in translations]
        return self._summarizer.summarize(english, limit)


def systems(language: str, seeds: int, translated: bool) -> list[Summarizer]:
    """What is measured, the default summarizer first; `random` occurs once a seed."""
    default = ExtractiveSummarizer()
    further = [OnTranslations(default)] if translated else []
    peers = [Sumy(name, language) for name in ("lexrank", "textrank")]
    return [default, *further, Lead(), *peers, *map(Chance, range(seeds))]


def translate(articles: Sequence[Article], translator: Translator | None) -> list[list[Translation]]:
    """The translations of each article; the sentences themselves where there is no translator."""
    if not translator:
        return [[Translation(sentence, sentence.text) for sentence in article.sentences] for article in articles]
    sentences = (sentence for article in articles for sentence in article.sentences)
    found = (future.result() for _, future in in_order(sentences, translator.begin, translator.ahead))
    return [[next(found) for _ in article.sentences] for article in articles]


def sentences_of(summary: Summary | tuple[BriefSentence, ...]) -> tuple[BriefSentence, ...]:
    """A brief's sentences, whichever way the summarizer gave them."""
    return summary.sentences if isinstance(summary, Summary) else summary


def unsupported(sentence: BriefSentence, translations: Mapping[int, Translation]) -> bool:
    """Whether a brief sentence lacks valid sources, or they do not carry it. `translations` by sentence index.

    An exact one must be the translation of its one source, to the letter; a generated one must pass
    `models.briefs.support`.
    """
    if not sentence.sources or not set(sentence.sources) <= set(translations):
        return True
    sources = [translations[i] for i in sentence.sources]
    if sentence.exact:
        return len(sources) != 1 or sentence.text != sources[0].text
    return support.objection(sentence.text, sources) is not None


def carries(sentence: BriefSentence, fact: Fact) -> bool:
    """Whether a brief sentence rests on one that says the fact, and, if it was generated, says so itself."""
    if not fact.sentences.intersection(sentence.sources):
        return False
    return sentence.exact or align.support(fact.text, [sentence.text]).share >= CARRIED


def recalled(facts: Sequence[Fact], brief: Sequence[BriefSentence]) -> float:
    """The share of `facts` that the sentences of a brief carry."""
    return sum(any(carries(sentence, fact) for sentence in brief) for fact in facts) / len(facts)


def selection_f1(chosen: frozenset[int], extracts: Sequence[frozenset[int]]) -> float:
    """The mean F1 of the chosen sentences against each person's."""
    return float(np.mean([2 * len(chosen & taken) / ((len(chosen) + len(taken)) or 1) for taken in extracts]))


def score(
    article: Article, translations: Sequence[Translation], brief: Sequence[BriefSentence], rouge: Any
) -> dict[str, float]:
    """The measures of one brief that the article allows. `rouge` is a RougeScorer."""
    by_index = {translation.sentence.index: translation for translation in translations}
    chosen = frozenset(i for sentence in brief for i in sentence.sources if i in by_index)
    text = " ".join(by_index[i].sentence.text for i in sorted(chosen))
    found = {"unsupported": sum(unsupported(s, by_index) for s in brief) / max(1, len(brief))}
    found["words"] = float(len(text.split()))
    if article.facts:
        found["facts"] = recalled(article.facts, brief)
        if any(translation.score is not None for translation in translations):
            flagged = {i for i, translation in by_index.items() if (SERIOUS | DOUBTFUL).intersection(translation.flags)}
            found["sound"] = recalled(article.facts, [s for s in brief if not flagged.intersection(s.sources)])
    if article.extracts:
        found["f1"] = selection_f1(chosen, article.extracts)
    if article.references and all(sentence.exact for sentence in brief):
        best = rouge.score_multi(list(article.references), text)
        found |= {name: best[name].fmeasure for name in rouge.rouge_types}
    return found


def measure(
    articles: Sequence[Article], translations: Sequence[Sequence[Translation]], wanted: Sequence[Summarizer]
) -> dict[str, dict[str, np.ndarray]]:
    """{system: {measure: one value an article}}; systems of one name (seeds) are averaged."""
    from rouge_score.rouge_scorer import RougeScorer

    rouge = RougeScorer([name for name in COLUMNS if name.startswith("rouge")], tokenizer=Words())
    rows: dict[str, list[list[dict[str, float]]]] = {}
    for system in wanted:
        scores = []
        for article, translated in zip(articles, translations, strict=True):
            brief = sentences_of(system.summarize(translated, article.length))
            scores.append(score(article, translated, brief, rouge))
        rows.setdefault(system.name, []).append(scores)
    return {
        name: {
            column: np.mean([[row[column] for row in run] for run in runs], axis=0)
            for column in COLUMNS
            if all(column in row for run in runs for row in run)
        }
        for name, runs in rows.items()
    }


def interval(differences: np.ndarray) -> tuple[float, float]:
    """The 95% interval of the mean of paired differences, by bootstrap over articles."""
    samples = np.random.default_rng(1).integers(len(differences), size=(RESAMPLES, len(differences)))
    low, high = np.percentile(differences[samples].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def table(measured: Mapping[str, Mapping[str, np.ndarray]]) -> Iterator[str]:
    """The means, in Markdown, and the differences of the first system from those of COMPARED."""
    default, *_ = measured
    columns = [column for column in COLUMNS if column in measured[default]]
    yield "| | " + " | ".join(columns) + " |"
    yield "|---|" + "---|" * len(columns)
    for name, values in measured.items():
        cells = [f"{values[c].mean():.{0 if c == 'words' else 3}f}" if c in values else "" for c in columns]
        yield f"| {name} | " + " | ".join(cells) + " |"
    yield ""
    for other in (name for name in COMPARED if name in measured):
        for column in columns[: -len(("unsupported", "words"))]:
            difference = measured[default][column] - measured[other][column]
            low, high = interval(difference)
            yield f"- {default} less {other}, {column}: {difference.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def report(wanted: Set, args: argparse.Namespace, translator: Translator | None) -> Iterator[str]:
    """A set's table, and for articles of several forms one a form."""
    articles = read(wanted, args.half, args.articles, args.shared)
    if not articles:
        raise InputError("set", f"{wanted.name} has no articles")
    translator = translator if wanted.language == "arabic" else None
    translated = translate(articles, translator)
    measured = measure(articles, translated, systems(wanted.language, args.seeds, translator is not None))
    length = f"{wanted.length}" if wanted.length else "as many as people chose, on average,"
    yield f"\n### {wanted.name}: {len(articles)} articles, half {args.half}; briefs of {length} sentences\n"
    yield from table(measured)
    for form in sorted({article.form for article in articles} - {""}):
        picked = np.array([article.form == form for article in articles])
        told = ", ".join(f"{name} {values['facts'][picked].mean():.3f}" for name, values in measured.items())
        yield f"- facts in the {picked.sum()} articles of form {form}: {told}"


def run(args: argparse.Namespace) -> Iterator[str]:
    """What the command line asks for, line by line."""
    names = args.set or [name for name, found in SETS.items() if name == "own" or (args.shared / found.file).is_file()]
    translator = None
    if args.model:
        from models.doubts.opinion import with_second
        from models.translation.loader import load_translator

        translator = with_second(load_translator(args.model, beam=args.beam, threads=args.threads), args.second)
    yield f"summarizer: {ExtractiveSummarizer.signature}; " + (
        f"Arabic translated by {translator.signature}" if translator else "nothing translated: the articles are ranked"
    )
    for name in names:
        yield from report(SETS[name], args, translator)


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation.briefs", description="Measure briefs.")
    parser.add_argument("--set", action="append", choices=SETS, default=[])
    parser.add_argument("--half", choices=HALVES, default="report")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder of the sets that are not our own")
    parser.add_argument("--articles", type=int, default=200, help="of a set's half, at most")
    parser.add_argument("--seeds", type=int, default=5, help="of the random choice")
    parser.add_argument("--model", help="a translation model's name or folder")
    parser.add_argument("--second", help="a second model's name or folder")
    parser.add_argument("--beam", type=int, help="default: the model's own")
    parser.add_argument("--threads", type=int, default=2)
    yield from run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
