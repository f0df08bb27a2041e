"""How a metric says that it does not exist for some labels and scores."""


class UndefinedMetric(ValueError):
    """The metric has no value here; the message is the reason, which the board shows."""
