"""What the figures of a digest are and what they count, as a reader writes it; `say` puts words into another language.

`counted` is as `models.stories.counted.Figure.what` has it: "dead children", "money dollar", "day of month 6".
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from typing import Any

from models.stories.counted import STATES

Say = Callable[[str], str]
MONTHS = {str(number): calendar.month_name[number] for number in range(1, 13)} | {"ramadan": "Ramadan"}
_DAY, _MONEY = "day of month ", "money "
_NO_PLURAL = ("yuan", "yen", "krone")


def thing(counted: str, say: Say = str) -> str:
    """What is counted, to stand alone: dead children, money (dollar), a day of June."""
    if counted.startswith(_DAY):
        return say("a day of {month}").format(month=say(_month(counted)))
    if counted.startswith(_MONEY):
        return say("money ({currency})").format(currency=say(counted.removeprefix(_MONEY)))
    state = next((state for state in STATES if counted.startswith(f"{state} ")), "")
    if state:
        return say("{state} {things}").format(state=say(state), things=say(counted.removeprefix(f"{state} ")))
    return say(counted)


def figure(of: Mapping[str, Any], named: bool = True) -> str:
    """A figure in English: 17 June, 2024, 7%, 3,000 dollars, 12 dead children; if not `named`, only its number."""
    value, counted = of["value"], of["counted"] or ""
    if counted == "year":
        return str(value)
    number = f"{value:,}" + "%" * (counted == "percent")
    if not named or counted == "percent":
        return number
    if counted.startswith(_DAY):
        return f"{number} {_month(counted)}"
    if counted.startswith(_MONEY) and value != 1 and not counted.endswith(_NO_PLURAL):
        counted += "s"
    return f"{number} {counted.removeprefix(_MONEY)}".rstrip()


def _month(counted: str) -> str:
    name = counted.removeprefix(_DAY)
    return MONTHS.get(name, name)
