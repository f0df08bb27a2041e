"""Lines in the form of the original files, with values of nobody's."""

from __future__ import annotations

import numpy as np

from benchkit_datasets.kdd99.columns import COLUMNS, NUMERIC


def line(label: str = "normal.", **values: object) -> str:
    """Return one line; features that are not given are 0, tcp, http and SF."""
    words = {"protocol_type": "tcp", "service": "http", "flag": "SF"}
    return ",".join(str(values.get(name, words.get(name, 0))) for name in COLUMNS) + f",{label}"


def lines(rows: int, seed: int = 0, attacks: float = 0.3) -> list[str]:
    """Return ``rows`` different lines, a share of them attacks; ``duration`` numbers the rows."""
    rng = np.random.default_rng(seed)
    made = []
    for row in range(rows):
        values = dict(zip(NUMERIC, np.round(rng.uniform(0, 500, len(NUMERIC)), 2), strict=True))
        service = str(rng.choice(["http", "smtp", "ecr_i"]))
        label = str(rng.choice(["smurf.", "apache2."])) if rng.random() < attacks else "normal."
        made.append(line(label, **{**values, "duration": row, "service": service}))
    return made


def naive(text: str) -> tuple[list[list[object]], list[bool]] | None:
    """Return (fields, attack) of a text as the form is described, or None where it is broken."""
    rows, attack = [], []
    for row in text.removesuffix("\n").split("\n"):
        fields = row.removesuffix("\r").split(",")
        if len(fields) != len(COLUMNS) + 1:
            return None
        try:
            values = [
                np.float32(float(f)) if name in NUMERIC else f
                for name, f in zip(COLUMNS, fields, strict=False)
            ]
        except ValueError:
            return None
        rows.append(values)
        attack.append(fields[-1] != "normal.")
    return rows, attack
