"""Save a fitted detector, and restore it."""

from __future__ import annotations

import copy
from typing import Any

from torch import nn

from benchkit_detectors.gan.training import seeded


def learned(name: str) -> property:
    """Return a property of a `Persistent` detector that reads ``name`` from its ``state_``."""
    return property(lambda detector: detector.state_[name])


class Persistent:
    """``state_dict`` and ``load_state_dict`` for a detector of networks and learned values.

    Attributes
    ----------
    networks_
        The trained networks.
    state_
        Everything else that was learned: names to numbers, strings and arrays.
    """

    networks_: nn.ModuleDict
    state_: dict[str, Any]

    def _build(self, state: dict[str, Any]) -> nn.ModuleDict:
        """Return untrained networks of the shapes that ``state`` describes."""
        raise NotImplementedError

    def _check_fitted(self) -> None:
        """Raise RuntimeError where the detector is not fitted."""
        if not hasattr(self, "networks_"):
            raise RuntimeError(f"this {type(self).__name__} is not fitted: call fit(X) first")

    def state_dict(self) -> dict[str, Any]:
        """Return what was learned, in a form that ``torch.save`` accepts.

        Raises
        ------
        RuntimeError
            The detector is not fitted.
        """
        self._check_fitted()
        return {
            "state": copy.deepcopy(self.state_),
            "networks": copy.deepcopy(self.networks_.state_dict()),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what another detector with the same parameters learned."""
        learned = copy.deepcopy(state["state"])
        with seeded(0):  # leaves torch's global random state unchanged
            networks = self._build(learned)
        networks.load_state_dict(state["networks"])
        self.state_, self.networks_ = learned, networks
