"""E. How often a second the greeting is fetched, against constant routes of as many bytes, and of a few."""

from audio.library import Library
from benchmarks.contestants import CONSTANT, OURS
from benchmarks.report import Part
from benchmarks.rounds import Entry, Indices, Plan, all_started, interleave

OF_CONSTANT = 0.7
MANY, FEW = "as many bytes", "a few bytes"


def greeting(plan: Plan) -> Part:
    """The part of the report."""
    clip = Library.open().clip("en", "greeting")
    if clip is None:
        raise RuntimeError("there is no English greeting")
    size = len(clip.content)
    with all_started(plan.folder / "e", (OURS, CONSTANT), BENCHMARK_BYTES=str(size)) as (ours, constant):
        entries = [
            Entry(OURS, ours, f"/audio/{clip.digest}.wav"),
            Entry(MANY, constant, "/many"),
            Entry(FEW, constant, "/few"),
        ]
        series = interleave(entries, plan, Indices())
    part = Part(f"E. The greeting, {size:,} bytes (2 workers, 64 keep-alive connections)")
    for name in (MANY, FEW):
        ratios = [mine / other for mine, other in zip(series[OURS].rates, series[name].rates, strict=True)]
        part.at_least(f"ours / a constant route of {name}", ratios, OF_CONSTANT)
    part.none("errors", series[OURS].errors)
    for name, one in series.items():
        part.remark(f"{name}: {one.told()}")
    return part
