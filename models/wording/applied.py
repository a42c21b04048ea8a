"""Which words a translation has for names and terms: the user's glossary put in, names made one in an article.

It works on finished translations and leaves the translation memory to what the model wrote, so that another glossary
needs nothing translated again but the articles' signature tells its briefs from those of this one. Every change is
kept, with the words that were there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from models import code
from models.checks import fidelity
from models.types import Change, Sentence, TermUse, Translation, Translator, Wording
from models.wording import renderings, spellings
from models.wording.carried import carried
from models.wording.glossary import Glossary, Term

NOT_APPLIED = "glossary"
# What the user's own words may set off.
_ALLOWED = frozenset({"names", "invented", "dropped"})


class Editor:
    """What all articles share: the glossary, and what the model makes of its terms."""

    def __init__(self, translator: Translator, glossary: Glossary) -> None:
        self._translator = translator
        self._alone: dict[Term, str] = {}
        self.glossary = glossary
        self.signature = f"glossary:{glossary.signature}|wording:{code.fingerprint('wording')}"

    def article(self) -> ArticleEditor:
        """For the sentences of one article."""
        return ArticleEditor(self)

    def alone(self, term: Term) -> str:
        """The model's translation of a term by itself, "" if it has none; each is asked for once."""
        if term not in self._alone:
            (coming,) = self._translator.begin([Sentence(0, 0, 0, len(term.arabic), term.arabic)])
            found = coming.result()
            self._alone[term] = found.text if found.score is not None else ""
        return self._alone[term]


@dataclass
class _Use:
    changed: list[Change] = field(default_factory=list)
    missing: list[int | None] = field(default_factory=list)


class ArticleEditor:
    """Give it every translation of an article in order (`apply`), then all of them (`finish`)."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._uses: dict[Term, _Use] = {}

    def apply(self, translation: Translation, title: bool = False) -> Translation:
        """The translation with the glossary's English, flagged `glossary` where a term's place was not found."""
        terms = self._editor.glossary.find(translation.sentence.text) if translation.score is not None else {}
        if not terms:
            return translation
        place = None if title else translation.sentence.index
        kept = [term.english for term in terms]
        result, missing = translation, False
        for term, count in terms.items():
            use = self._uses.setdefault(term, _Use())
            source = translation.sentence.text
            put = renderings.put(term, count, source, result.text, kept, self._editor.alone)
            edited = put and (rechecked(result, put[0]) if put[0] != result.text else result)
            if put and edited:
                result = edited
                use.changed += [Change(place, was) for was in put[1]]
            else:
                use.missing.append(place)
                missing = True
        return replace(result, flags=(*result.flags, NOT_APPLIED)) if missing else result

    def finish(
        self, title: Sequence[Translation], body: Sequence[Translation]
    ) -> tuple[list[Translation], list[Translation], Wording]:
        """The article with its names made one, and everything that was changed."""
        fixed = {word for term in self._uses for word in term.english.split()}
        indices = [*(None for _ in title), *(t.sentence.index for t in body)]
        before = [*title, *body]
        after, found = spellings.unify(before, indices, fixed)
        pairs = zip(before, after, strict=True)
        after = [old if old is new else rechecked(old, new.text) or _with(old, new.text) for old, new in pairs]
        terms = (
            TermUse(term.arabic, term.english, tuple(use.changed), tuple(use.missing))
            for term, use in self._uses.items()
            if use.changed or use.missing
        )
        return after[: len(title)], after[len(title) :], Wording(tuple(terms), found)


def rechecked(translation: Translation, text: str) -> Translation | None:
    """The translation with another text, without the flags that this has put right.

    None if it sets off a check other than those of names: then what was replaced was not what it seemed.
    """
    source = translation.sentence.text
    before, after = fidelity.check(source, translation.text), fidelity.check(source, text)
    if not set(after) <= {*before, *_ALLOWED}:
        return None
    return _with(translation, text, set(before) - set(after))


def _with(translation: Translation, text: str, gone: Collection[str] = ()) -> Translation:
    """The translation with another text and without the flags `gone`; what was judged of its words goes with them."""
    judged = carried(translation.judged, translation.text, text)
    lost = {*gone, "contrast"} if judged.contrast is None else {*gone}
    return replace(translation, text=text, flags=tuple(f for f in translation.flags if f not in lost), judged=judged)
