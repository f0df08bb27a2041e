"""How good a set of alarms is, point by point."""

from __future__ import annotations

import numpy as np

from benchkit.metrics.alarms import Alarms
from benchkit.metrics.metric import over_alarms
from benchkit.metrics.ranking import Ranking


def best_f1_level(ranking: Ranking) -> int:
    """Return the level at which F1 is best, the highest of several.

    Exact over all distinct scores. Raises `UndefinedMetric` where no point is anomalous.
    """
    ranking.labels.need_anomalies()
    return int(
        np.argmax(2 * ranking.true_positives / (ranking.labels.positives + ranking.flagged))
    )


def best_f1_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the threshold whose alarms, ``scores > threshold``, have the highest F1.

    Exact over all distinct scores, so any strictly rising transformation of the scores gives the
    same alarms. Of several best thresholds it is the one with the fewest alarms. Raises
    `UndefinedMetric` where no point is anomalous.
    """
    ranking = Ranking.of(labels, scores)
    return ranking.threshold(best_f1_level(ranking))


@over_alarms(oracle=best_f1_level)
def precision(alarms: Alarms) -> float:
    """Return the share of alarms that are anomalous.

    Raises `UndefinedMetric` where there is no alarm.
    """
    alarms.need_alarms()
    return alarms.true_positives / alarms.flagged


@over_alarms(oracle=best_f1_level)
def recall(alarms: Alarms) -> float:
    """Return the share of anomalous points that have an alarm.

    Raises `UndefinedMetric` where no point is anomalous.
    """
    alarms.labels.need_anomalies()
    return alarms.true_positives / alarms.labels.positives


@over_alarms(oracle=best_f1_level)
def f1(alarms: Alarms) -> float:
    """Return the harmonic mean of precision and recall.

    It is 0 where there are anomalies and no alarm, since recall is. Raises `UndefinedMetric` where
    no point is anomalous.
    """
    alarms.labels.need_anomalies()
    return 2 * alarms.true_positives / (alarms.labels.positives + alarms.flagged)


@over_alarms(oracle=best_f1_level)
def false_alarm_rate(alarms: Alarms) -> float:
    """Return the share of normal points that have an alarm.

    Raises `UndefinedMetric` where every point is anomalous.
    """
    alarms.labels.need_normal()
    return alarms.false_positives / alarms.labels.negatives
