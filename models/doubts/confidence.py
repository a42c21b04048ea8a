"""How far a translation is to be trusted, as one number: the share of translations like it without a grave error.

Fitted by logistic regression to 460 translations of news and of FLORES dev that were judged by hand against the Arabic
(`models.evaluation.verdicts` measures it): by how probable a second model finds the whole text, and how probable the
model that wrote it found its pieces. Nothing else that was tried adds to these two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from models.checks.fidelity import DOUBTFUL, SERIOUS

# Intercept, weight of the sum of the second model's log-probabilities, weight of the first's mean one: by the name of
# the first model. Scores of other models are not on the same scale, so that the second's alone count.
FITTED = {"mujaz-ar-en": (3.404, 0.041, 4.478)}
OF_ANY = (2.127, 0.052, 0.0)
SURE, UNSURE = 0.8, 0.5  # at least; less than
LEVELS = {"high": SURE, "middle": UNSURE, "low": 0.0}


def confidence(model: str, total: float, score: float) -> float:
    """0 to 1, of a translation by `model`: `total` is the sum of the second model's log-probabilities, `score` the mean
    of its own."""
    intercept, of_total, of_score = FITTED.get(model, OF_ANY)
    logit = intercept + of_total * total + of_score * score
    return round(1 / (1 + math.exp(min(-logit, 100))), 2)


def level(value: float) -> str:
    """The name of the level, out of `LEVELS`, that a confidence is in."""
    return next(name for name, least in LEVELS.items() if value >= least)


def is_doubtful(said: Mapping[str, Any]) -> bool:
    """Whether there is reason to look at the source of a translation (its record): a flag that says so, a doubtful
    word, or no high confidence. Records of earlier versions have less."""
    sure = said.get("confidence")
    doubted = said.get("words") or (sure is not None and level(sure) == "middle")
    return bool((SERIOUS | DOUBTFUL).intersection(said.get("flags", ())) or doubted)
