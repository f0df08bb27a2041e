"""Outlier estimators of several conventions and compositions, which a test runs by their path."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import LocalOutlierFactor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler


class Plain(LocalOutlierFactor):
    def __init__(self):
        super().__init__(novelty=True)


class Piped(Pipeline):
    def __init__(self):
        super().__init__([("scale", StandardScaler()), ("lof", LocalOutlierFactor(novelty=True))])


class Searched(GridSearchCV):
    def __init__(self):
        super().__init__(
            Piped(), {"lof__n_neighbors": [5, 20]}, cv=2, scoring=lambda model, X, y=None: 0.0
        )


class Delegating:
    def __init__(self):
        self.inner = Piped()

    def __getattr__(self, name):
        return getattr(self.__dict__["inner"], name)

    def fit(self, X):
        self.inner.fit(X)
        return self

    def decision_function(self, X):
        return self.inner.decision_function(X)


class Pyod(BaseEstimator):
    """As PyOD's base class since 3.0: an outlier detector by its tags, whose high is anomalous."""

    def fit(self, X, y=None):
        self.mean_ = X.mean(axis=0)
        self.decision_scores_ = self.decision_function(X)
        self.threshold_ = np.quantile(self.decision_scores_, 0.99)
        return self

    def decision_function(self, X):
        return np.linalg.norm(X - self.mean_, axis=1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "outlier_detector"
        return tags


class PipedPyod(Pipeline):
    def __init__(self):
        super().__init__([("scale", StandardScaler()), ("pyod", Pyod())])


class Old(BaseEstimator):
    """As libraries wrote it before scikit-learn had tags."""

    _estimator_type = "outlier_detector"

    def fit(self, X, y=None):
        self.inner_ = Piped().fit(X)
        return self

    def decision_function(self, X):
        return self.inner_.decision_function(X)
