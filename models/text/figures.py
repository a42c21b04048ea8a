"""Figures in forms that have one meaning, as the model knows them: decimal commas, Arabic commas, ٪ before a number,
months with a number (كانون 2) or by their Maghrebi names, ص.ب. before a number.

A figure that may be a list, a range of years or a telephone number stays as it is.
"""

from __future__ import annotations

import re

from models.text.addresses import replace

_BEGIN = r"(?<![\dA-Za-z.,،%٪/+_=&?#~-])(?<!\d\s)"
_END = r"(?![\d.,،]*\d)(?![A-Za-z])"
_COUNTED = r"(?=\s?(?:[%٪$€£]|(?:في|ب)\s?(?:المئة|المائة|الالف|الألف)|(?:مليون|مليار|تريليون|ألف)(?![ء-ي])))"
# 26،013 and 26،013,94: groups of three behind a comma of either script; then a decimal mark that is another sign.
_GROUPED = re.compile(rf"{_BEGIN}(\d{{1,3}}(?:،\d{{3}}){{1,6}})(?:([.,])(\d{{1,2}}))?{_END}")
_EUROPEAN = re.compile(rf"{_BEGIN}(\d{{1,3}}(?:\.\d{{3}}){{1,6}}),(\d{{1,2}}){_END}")
_TWICE = re.compile(rf"{_BEGIN}(\d{{1,3}}(?:,\d{{3}}){{1,6}})[,،](\d{{1,2}}){_END}")
# 25799,52: no list of two, for the first is too long, nor a telephone number. 12,5% is no list, for it is counted.
_LONG = re.compile(rf"{_BEGIN}([1-9]\d{{4,5}})[,،](\d{{1,2}}){_END}")
_SHORT = re.compile(rf"{_BEGIN}(\d{{1,3}})[,،](\d|\d[1-9]){_END}{_COUNTED}")
_PERCENT = re.compile(
    r"(?<![0-9A-Za-z%٪/+_=&?#.~-])(?<![\d%٪][\s,،٬])[%٪](\d++(?:\.\d++|,\d{1,2}+)?+)"
    r"(?![\d.,،]*\d)(?![\s,،٬]?[%٪])(?![A-Za-z])"
)
# Words behind which figures are numbers of something, one by one.
_NUMBERED = re.compile(
    r"(?:هاتف|هواتف|تلفون|جوال|فاكس|رقم|أرقام|عام|عامي|أعوام|سنة|سنوات|مادة|مواد|حساب|طريق|طرق|صفحة|صفحات|فئات|قانون"
    r"|غرف|رحلات)"
    r"(?:ه|ها|نا|ات|ين)?[\s:(]{1,3}(?:[ء-ي]{1,12}[\s:(]{1,3})?$"
)
_NUMBERED_MONTH = re.compile(r"(?<![ء-ي])([وبل]?(?:كانون|تشرين)) ([12])(?=[.،؛,)»]?(?:\s|$)|/[ء-ي])")
_MAGHREBI = {  # names of months that the model does not know, and those that it does
    **{"جانفي": "يناير", "فيفري": "فبراير", "أفريل": "أبريل", "افريل": "أبريل", "ماي": "مايو", "جوان": "يونيو"},
    **{"جويلية": "يوليو", "يوليوز": "يوليو", "أوت": "أغسطس", "اوت": "أغسطس", "غشت": "أغسطس"},
    **{"شتنبر": "سبتمبر", "نونبر": "نوفمبر", "دجنبر": "ديسمبر"},
}
_MAGHREBI_MONTH = re.compile(  # of a date: behind its day or before its year
    rf"(?<=\d )({'|'.join(_MAGHREBI)})(?![ء-ي])|(?<![ء-ي])({'|'.join(_MAGHREBI)})(?= (?:19|20)\d\d(?!\d))"
)
_BOX = re.compile(r"(?<![ء-ي.])([وبل]?)ص\. ?ب\.?(?=[ :]{1,2}\d)")


def put_right(text: str) -> str:
    """`text` (ASCII digits) with figures written as in 26,013.94, 12.5% and 40%, months as in كانون الثاني and يوليو,
    where they can mean nothing else, and صندوق بريد written out."""
    text = replace(_BOX, lambda box: f"{box[1]}صندوق بريد", text)
    text = replace(_NUMBERED_MONTH, lambda m: f"{m[1]} {'الأول' if m[2] == '1' else 'الثاني'}", text)
    text = replace(_MAGHREBI_MONTH, lambda m: _MAGHREBI[m[1] or m[2]], text)
    text = replace(_PERCENT, lambda f: f"{f[1]}%", text)
    for pattern in (_GROUPED, _TWICE, _EUROPEAN, _SHORT, _LONG):
        text = replace(pattern, _written, text)
    return text


def _written(figure: re.Match[str]) -> str:
    if _may_be_more(figure):
        return figure.group()
    whole, decimals = figure[1], figure[figure.re.groups]
    return f"{int(re.sub('[,،.]', '', whole)):,}" + (f".{decimals}" if decimals else "")


def _may_be_more(figure: re.Match[str]) -> bool:
    """Whether a figure may be several numbers: groups of three that no decimal, zero or short first group binds."""
    if figure.re is _SHORT:
        return figure[1].startswith("0") and figure[1] != "0"
    if _NUMBERED.search(figure.string[max(0, figure.start() - 40) : figure.start()]):
        return True
    first, *groups = re.split("[,،.]", figure[1])
    if first.startswith("0"):
        return True
    bound = len(first) < 3 or any(group.startswith("0") for group in groups)
    return not bound and (figure.re is _TWICE or (figure.re is _GROUPED and not figure[2]))
