"""Records, and what lies beside them, with everything that a page can have in it."""

from __future__ import annotations

import dataclasses

from benchkit.report.plots import Plot
from benchkit.results import Record
from tests.records import make_record

HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=2</script>\'"&'
OVERRIDE = "javascript:window.hurt=3//\u202egnp.exe"
REASON = "</script></pre><script>window.hurt=4</script> \x1b[31mred\x00 it fell over"
LOG = f"first line\n{HOSTILE}\nlast \u202eline"
SUMMARY = '{"threshold": "<i>0.5</i>"}'
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"><rect width="8" height="5"/></svg>'
)
PLOT = Plot("scores", "Scores of <b>alpha</b>", 'a "plot" of alpha', "plots/a plot#1", (".svg",))


def make_records() -> list[Record]:
    """Return records of two tracks, with failures, two machines, hostile names and long ones."""
    slow = {"processor": "Slow processor, 1 core", "python": "3.11"}
    fast = {"processor": "Fast processor, 8 cores", "python": HOSTILE}
    long = "long_detector_name@preset[" + ",".join(f"parameter_{i}=0.123" for i in range(9)) + "]"
    records = []
    for seed in (0, 1):
        for dataset in ("kdd99", "wadi[part=1]", "wadi[part=2]"):
            for name, auc, fit, machine in (
                ("alpha", 0.9, 20.0, fast), ("beta", 0.7, 3.0, fast), ("gamma", 0.8, 1.0, slow),
                (long, 0.6, 100.0, fast), (HOSTILE, 0.3, 9.0, fast), (OVERRIDE, 0.2, 11.0, fast),
            ):  # fmt: skip
                records.append(
                    make_record(
                        name, dataset, seed=seed, auc_pr=auc + seed / 100, environment=machine,
                        seconds={"fit": fit, "score": 0.5}, fingerprint=dataset,
                    )
                )  # fmt: skip
            for name, auc in (("random", 0.25), ("distance", 0.5)):
                records.append(
                    make_record(
                        name, dataset, seed=seed, sanity=True, auc_pr=auc, fingerprint=dataset
                    )
                )
        records.append(make_record("beta", "swat", seed=seed, auc_pr=0.7))
        records.append(make_record("alpha", "swat", seed=seed, auc_pr=0.9, status="ok"))
        records.append(make_record("beta", "tanks", seed=seed, variant="sim", auc_pr=0.5))
    broken = make_record("alpha", "swat", seed=2, status="error", reason=REASON)
    clip = make_record("delta", "clips/one", auc_pr=0.4, device="cuda:0")
    facts = dataclasses.replace(clip.dataset, modality="image-sequence", notes=(HOSTILE,))
    return [*records, broken, dataclasses.replace(clip, dataset=facts)]
