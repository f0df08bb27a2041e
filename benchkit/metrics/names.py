"""Which metric a wrong name may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection

ELSEWHERE = {
    "vus_pr": ("vus",),
    "vus_roc": (),
    "auc_roc": ("auc", "auroc", "roc_auc", "roc_auc_score", "rocauc", "roc"),
    "auc_pr": (
        *("auprc", "aupr", "pr_auc", "prauc", "ap", "average_precision", "prc"),
        "average_precision_score",
    ),
    "range_auc_roc": ("r_auc_roc", "rangeaucroc"),
    "range_auc_pr": ("r_auc_pr", "rangeaucpr"),
    "f1": ("f1_score", "standard_f1", "f_score", "f", "point_f1", "pointwise_f1", "best_f1"),
    "precision": ("precision_score", "ppv"),
    "recall": ("recall_score", "tpr", "sensitivity"),
    "false_alarm_rate": ("fpr", "far", "false_positive_rate"),
    "event_f1": ("event_based_f1", "f1_event", "eventf1"),
    "composite_f1": ("fc1", "f1_c", "composite_f"),
    "pa_k_f1": ("pa%k", "pa_k", "f1_pa_k", "pa%k_f1"),
    "affiliation_f1": ("affiliation", "affiliation_f"),
    "range_f1": ("r_based_f1", "rf", "range_f", "range_based_f1"),
    "detection_delay": ("delay", "add", "latency"),
    "pa_f1": ("f1_pa", "pa", "point_adjusted_f1", "point_adjust_f1", "f1_pa_score"),
}
"""What other packages and articles call our metrics."""

POLICIES_ELSEWHERE = {
    "oracle": ("best", "optimal", "max", "opt", "hindsight"),
    "pot": ("spot", "evt", "gpd"),
    "own": ("threshold_", "detector", "self"),
    "train_q99": ("train", "q99", "p99", "quantile", "train_99", "train_p99", "calibration"),
}
"""What else threshold policies are called."""


def nearest_metric(wrong: str, known: Collection[str]) -> str | None:
    """Return the one of some metrics that a name without a policy means, None if it is none.

    First those that the name is but for case, hyphens and blanks, then what others call them, then
    names with about the same letters.
    """
    return _nearest(wrong, known, ELSEWHERE)


def nearest_policy(wrong: str, known: Collection[str]) -> str | None:
    """Return the one of some threshold policies that a name means, likewise."""
    return _nearest(wrong, known, POLICIES_ELSEWHERE)


def _nearest(
    wrong: str, known: Collection[str], elsewhere: dict[str, tuple[str, ...]]
) -> str | None:
    plain = "_".join(wrong.lower().replace("-", " ").replace("_", " ").split())
    if plain in known:
        return plain
    for name, others in elsewhere.items():
        if name in known and plain in others:
            return name
    near = difflib.get_close_matches(plain, list(known), n=1, cutoff=0.6)
    return near[0] if near else None
