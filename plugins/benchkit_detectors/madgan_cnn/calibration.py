"""How the terms of a score are standardised, weighed and put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchkit_detectors.madgan_cnn.evidence import ALONE, AMONG, RECONSTRUCTION, Witness
from benchkit_detectors.madgan_cnn.negatives import perturb, swap_frames
from benchkit_detectors.madgan_cnn.scoring import Parts, Scale, worth

WEIGHED = 80
"""How many held-out sequences are broken and mixed to see what the terms are worth, at most."""

BROKEN = 0.3
"""The share of frames that is broken there; the others stay, as in a sequence with anomalies."""


@dataclass(frozen=True)
class Calibration:
    """What held-out normal sequences say of the terms.

    Parameters
    ----------
    scales
        For each term what it is on normal frames.
    worth
        For each term what it may be trusted with, 0 to 1.
    """

    scales: dict[str, Scale]
    worth: dict[str, float]

    def shares(self) -> dict[str, float]:
        """Return what each term counts; together 1.

        What the frames' company tells apart is left to it: where frames of another sequence stand
        out, looking at each frame alone only adds noise, and where they do not, comparing does.
        The rest goes to reconstruction and the discriminator's first look by their worth, and to
        reconstruction alone where neither has any.
        """
        among = self.worth.get(AMONG, 0.0)
        made, alone = self.worth[RECONSTRUCTION], self.worth[ALONE]
        share = made / (made + alone) if made + alone > 0 else 1.0
        return {
            RECONSTRUCTION: (1 - among) * share,
            ALONE: (1 - among) * (1 - share),
            AMONG: among,
        }

    def weight(self, asked: float | None) -> float:
        """Return λ: what is ``asked`` for, or learned where that is None.

        1 where the discriminator is worth nothing, whatever was asked for: it may point the wrong
        way.
        """
        shares = self.shares()
        if shares[ALONE] + shares[AMONG] == 0:
            return 1.0
        return shares[RECONSTRUCTION] if asked is None else float(asked)

    def parts(self, terms: dict[str, np.ndarray]) -> Parts:
        """Return the parts of raw terms, each (sequences, frames)."""
        shares = self.shares()
        total = shares[ALONE] + shares[AMONG]
        verdicts = {
            name: shares[name] / total * self.scales[name](terms[name])
            for name in (ALONE, AMONG)
            if shares[name] > 0 and name in terms
        }
        return Parts(self.scales[RECONSTRUCTION](terms[RECONSTRUCTION]), verdicts)

    def as_facts(self) -> dict[str, Any]:
        """Return all of this as plain numbers."""
        scales = {name: [scale.mean, scale.deviation] for name, scale in self.scales.items()}
        return {"scales": scales, "worth": dict(self.worth)}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Calibration:
        """Return what `as_facts` told."""
        scales = {name: Scale(*numbers) for name, numbers in facts["scales"].items()}
        return cls(scales, facts["worth"])


def calibrate(
    witness: Witness, part: Tensor, held_out: Tensor, normal: dict[str, np.ndarray], seed: int
) -> Calibration:
    """Learn from held-out sequences how far each term may be trusted.

    Reconstruction and the discriminator's first look have to tell broken frames from normal ones,
    the latter also generated ones; its second look, frames of training sequences from those of the
    sequence that they were put into.

    Parameters
    ----------
    witness
        The trained networks.
    part, held_out
        Prepared sequences that were trained on, and that were not.
    normal
        The terms of ``held_out``.
    """
    random = torch.Generator(held_out.device).manual_seed(seed)
    some = held_out[:WEIGHED]
    s, t = some.shape[:2]
    # (s, t, height, width) -> (s * t, height, width), and back
    broken = perturb(some.flatten(0, 1), random).view_as(some)
    hit = torch.rand(s, t, generator=random, device=random.device) < BROKEN
    odd = witness.terms(torch.where(hit[:, :, None, None], broken, some))
    made = witness.model.draw(witness.networks, s, t, seed).float()
    generated = witness.terms(made)[ALONE].ravel()
    places = hit.cpu().numpy()
    against_broken = odd[ALONE][places]
    against_all = np.concatenate([against_broken, generated])
    worths = {
        RECONSTRUCTION: worth(odd[RECONSTRUCTION][places], normal[RECONSTRUCTION]),
        ALONE: min(worth(against_broken, normal[ALONE]), worth(against_all, normal[ALONE])),
    }
    if AMONG in normal:
        mixed, swapped = swap_frames(some, part, random, inside=False)
        verdicts, places = witness.terms(mixed)[AMONG], swapped.cpu().numpy()
        worths[AMONG] = worth(verdicts[places], verdicts[~places])
    return Calibration({name: Scale.of(values) for name, values in normal.items()}, worths)
