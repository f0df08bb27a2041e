"""Summary of a fitted MAD-GAN."""

from __future__ import annotations

from typing import Any

from benchkit_detectors.madgan.scoring import discriminator_weight


def summarise(state: dict[str, Any], params: dict[str, Any]) -> dict[str, str | float]:
    """Return the main results of a fit by name.

    Parameters
    ----------
    state
        What the detector learned.
    params
        The parameters of the detector, by name.
    """
    curves, auroc = state["history"], state["discriminator_auroc"]
    channels, components = state["reduction"]["axes_"].shape
    criterion = "held-out residual" if params["encoder"] else "mmd"
    values = curves[criterion]
    weight = discriminator_weight(auroc)
    weighted = (
        f"its weight is {weight:.3g}" if weight else "it points the wrong way and is not used"
    )
    return {
        "threshold": state["threshold"],
        "threshold comes from": f"the 99 % quantile of {state['tail']:,} held-out scores",
        "epochs": f"{len(values)} of at most {params['epochs']}; the one with the least "
        f"{criterion.replace('mmd', 'MMD')}, {min(values):.3g}, is kept",
        "components": f"{components} of {channels}" if components < channels else "all channels",
        "weight of reconstruction (λ)": float(params["reconstruction_weight"]),
        "discriminator": f"AUC-ROC {auroc:.3g} on held-out windows against generated and "
        f"perturbed ones, so {weighted}",
    }
