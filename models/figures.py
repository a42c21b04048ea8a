"""Figures in forms that have one meaning, as the model knows them: decimal commas, Arabic commas, ٪ before a number."""

from __future__ import annotations

import re

_END = r"(?![\d.,،]*\d)"
_COUNTED = r"(?=\s?(?:[%٪$€£]|(?:في|ب)\s?(?:المئة|المائة|الالف|الألف)|(?:مليون|مليار|تريليون|ألف)(?![ء-ي])))"
# 26،013 and 26،013,94: groups of three behind a comma of either script; then a decimal mark that is another sign.
_GROUPED = re.compile(rf"(?<![\d.,،])(\d{{1,3}}(?:،\d{{3}}){{1,6}})(?:([.,])(\d{{1,2}}))?{_END}")
_EUROPEAN = re.compile(rf"(?<![\d.,،])(\d{{1,3}}(?:\.\d{{3}}){{1,6}}),(\d{{1,2}}){_END}")
_TWICE = re.compile(rf"(?<![\d.,،])(\d{{1,3}}(?:,\d{{3}}){{1,6}})[,،](\d{{1,2}}){_END}")
# 25799,52: no list of two, for the first is too long; a year may be (2019,20). 12,5% is no list, for it is counted.
_LONG = re.compile(rf"(?<![\d.,،])(?!(?:1[5-9]|20)\d\d[,،])([1-9]\d{{3,9}})[,،](\d{{1,2}}){_END}")
_SHORT = re.compile(rf"(?<![\d.,،])(\d{{1,3}})[,،](\d{{1,2}}){_END}{_COUNTED}")
_PERCENT = re.compile(rf"(?<![\d%٪])(?<!\d\s)[%٪](\d++(?:[.,]\d++)*+){_END}(?!\s?[%٪])")


def put_right(text: str) -> str:
    """`text` (ASCII digits) with figures written as in 26,013.94, 12.5% and 40%, where they can mean nothing else."""
    text = _GROUPED.sub(lambda f: f[1].replace("،", ",") + (f".{f[3]}" if f[2] else ""), text)
    text = _EUROPEAN.sub(lambda f: f"{f[1].replace('.', ',')}.{f[2]}", _TWICE.sub(r"\1.\2", text))
    text = _LONG.sub(lambda f: f"{int(f[1]):,}.{f[2]}", _SHORT.sub(r"\1.\2", text))
    return _PERCENT.sub(r"\1%", text)
