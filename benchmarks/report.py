"""The results as a table, as JSON and as a picture."""

from __future__ import annotations

import platform
from pathlib import Path
from statistics import median

from benchmarks.field import Contender
from benchmarks.measure import Results

OURS = "#1f6f8b"  # the colour of what is Mujaz's
# (what, of what, at least): the ratios that Mujaz wants to reach.
TARGETS = (("f", "e", 0.9), ("f0", "e", 0.9), ("f", "a", 5.0), ("f", "c", 2.0), ("g16", "f", 0.8))


def table(field: list[Contender], results: Results) -> str:
    """Markdown: a line a contender, medians over the rounds with the smallest and the largest in brackets."""
    rows = ["| | contender | source words a second | peak memory, MB | first sentence, s | cold start, s |",
            "|---|---|---|---|---|---|"]  # fmt: skip
    for contender in field:
        found = [r[contender.key] for r in results.rounds if contender.key in r]
        if found:
            cells = [_spread([r.rate for r in found], "{:,.0f}"), f"{max(r.peak_mb for r in found):,.0f}"]
            cells += [_spread([r.first for r in found], "{:.2f}"), _spread([r.cold for r in found], "{:.1f}")]
        else:
            cells = [f"not measured: {results.missing.get(contender.key, 'no round')}", "", "", ""]
        rows.append(" | ".join([f"| {contender.key}", contender.name, *cells]) + " |")
    return "\n".join(rows)


def ratios(results: Results) -> list[dict]:
    """Of each target: the ratio of words a second within each round, median and spread, and whether it is reached."""
    found = []
    for one, other, least in TARGETS:
        each = [r[one].rate / r[other].rate for r in results.rounds if one in r and other in r]
        if each:
            found.append({"of": f"{one}/{other}", "least": least, "median": median(each), "low": min(each),
                          "high": max(each), "reached": median(each) >= least})  # fmt: skip
    return found


def machine(threads: int) -> dict:
    """Where it ran."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").is_file() else ""
    names = [line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")]
    cpu = names[0] if names else platform.processor()
    return {"cpu": cpu, "cores_used": threads, "python": platform.python_version()}


def markdown(field: list[Contender], results: Results, where: dict) -> str:
    """The whole report."""
    lines = ["# Measured by `make bench`", "", f"{where['machine']['cpu']}, {where['machine']['cores_used']} cores, "
             f"{where['date']}, {where['model']}; load average before: {where['load']:.1f}.",
             f"{len(results.rounds)} rounds; of each figure the median (smallest to largest). What is what: README.md "
             "in this folder.", "", table(field, results), "", "| ratio of words a second | measured | wanted | |",
             "|---|---|---|---|"]  # fmt: skip
    for r in ratios(results):
        verdict = "reached" if r["reached"] else "**not reached**"
        found = f"{r['median']:.2f} ({r['low']:.2f} to {r['high']:.2f})"
        lines.append(f"| {r['of']} | {found} | {r['least']:g} | {verdict} |")
    same = [r["e"].same for r in results.rounds if "e" in r and "f0" in r]
    if same:
        lines += ["", f"Articles that came out of (e) and (f0) word for word the same: {min(same):.0%} or more."]
    for key, tried in results.tuning.items():
        best = "; ".join(f"{_options(t)}: {t['words_per_second']:,.0f}" for t in tried)
        lines += ["", f"({key}) was tuned first, words a second: {best}. Taken: {_options(results.chosen[key])}."]
    lines += _curve("Short items (one sentence each) in one run of the pipeline", "articles", results.counts)
    lines += _curve("One article, longer and longer", "sentences", results.lengths)
    if results.left_out:
        lines += ["", f"Left out for want of time, to be had with --full: {', '.join(results.left_out)}."]
    return "\n".join(lines) + "\n"


def picture(field: list[Contender], results: Results, path: Path) -> None:
    """Bars of words a second with their spread, and the two curves."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(15, 4.4), layout="constrained")
    bars, counts, lengths = figure.subplots(1, 3, width_ratios=(1.3, 1, 1))
    shown = [c for c in reversed(field) if any(c.key in r for r in results.rounds)]
    rates = [[r[c.key].rate for r in results.rounds if c.key in r] for c in shown]
    middle = [median(each) for each in rates]
    reach = [(m - min(each), max(each) - m) for m, each in zip(middle, rates, strict=True)]
    colours = [OURS if c.key[0] in "fg" else "#b8b8b8" for c in shown]
    names = [f"{c.name} ({c.key})" for c in shown]
    drawn = bars.barh(names, middle, xerr=list(zip(*reach, strict=True)), color=colours, capsize=3)
    bars.bar_label(drawn, [f"{m:,.0f}" for m in middle], padding=8)
    bars.set(title="Source words a second (more is better)", xlim=(0, max(map(max, rates)) * 1.2))
    _draw(counts, results.counts, "articles", "Short items in one run")
    _draw(lengths, results.lengths, "sentences", "One article")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _draw(axes, points: list[dict], what: str, title: str) -> None:
    axes.set(title=title, xlabel=what, ylabel="seconds", xscale="log", yscale="log")
    axes.grid(alpha=0.3)
    for name, label, colour in (("seconds", "all of it", OURS), ("first", "its first sentence", "#c8553d")):
        drawn = [p for p in points if p[name] is not None]
        if drawn:
            axes.plot([p[what] for p in drawn], [p[name] for p in drawn], "o-", color=colour, label=label)
    if points:
        axes.set_xticks([p[what] for p in points], [f"{p[what]:,}" for p in points], minor=False)
        axes.minorticks_off()
        axes.legend()


def _curve(title: str, what: str, points: list[dict]) -> list[str]:
    if not points:
        return []
    first = points[0]["first"] is not None
    head = [what, "seconds", "words a second", "peak memory, MB", *(["first sentence, s"] if first else [])]
    rows = [[f"{p[what]:,}", f"{p['seconds']:.2f}", f"{p['words_per_second']:,.0f}", f"{p['peak_mb']:,.0f}",
             *([f"{p['first']:.2f}"] if first else [])] for p in points]  # fmt: skip
    return ["", f"{title}:", "", *(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])]


def _spread(values: list[float], form: str) -> str:
    return f"{form.format(median(values))} ({form.format(min(values))} to {form.format(max(values))})"


def _options(options: dict) -> str:
    return " ".join(str(value) for name, value in options.items() if name != "words_per_second") or "none"
