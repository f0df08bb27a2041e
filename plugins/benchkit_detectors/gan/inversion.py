"""Find the latent values from which a generator makes what is nearest to a given item."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from benchkit_detectors.gan.training import frozen


def invert(
    generator: torch.nn.Module,
    residual: Callable[[Tensor, Tensor], Tensor],
    start: Tensor,
    items: Tensor,
    *,
    steps: int,
    rate: float,
    tolerance: float = 0.0,
    rule: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
) -> tuple[Tensor, Tensor]:
    """Descend on the latent values of each item; every item stops by itself.

    An item stops when its residual is at most ``tolerance``, or after ``steps``. What an item gets
    does not depend on which others it is inverted with: its residual is its own, the optimiser
    works value by value, and items that have stopped are taken out of the computation. The
    generator's weights stand still.

    Parameters
    ----------
    generator
        Latent values (items, ...) to items, with nothing that couples one item to another.
    residual
        (items, made items) to one number each, (items,).
    start
        Where to begin, (items, ...).
    items
        What to come near to, (items, ...).
    steps, rate, tolerance, rule
        Most gradient steps, their size, when to stop, and the optimiser.

    Returns
    -------
    latent
        The best latent values that were seen, the start included, (items, ...).
    taken
        The steps that each item took, int64 (items,).
    """
    best = start.detach().clone()
    taken = torch.zeros(len(start), dtype=torch.int64, device=start.device)
    if steps == 0:
        return best, taken
    least = torch.full((len(start),), torch.inf, device=start.device)
    active = torch.arange(len(start), device=start.device)
    latent = best.clone().requires_grad_()
    optimiser = rule([latent], lr=rate)
    with frozen(generator), torch.enable_grad():
        for step in range(steps + 1):
            errors = residual(items[active], generator(latent))
            now = errors.detach()
            better = now < least[active]
            best[active[better]] = latent.detach()[better]
            least[active[better]] = now[better]
            going = now > tolerance
            if step == steps or not going.any():
                break
            (slope,) = torch.autograd.grad(errors.sum(), latent)
            if not going.all():
                slope = slope[going]
                latent, optimiser = _keep(latent, going, optimiser, rule, rate)
                active = active[going]
            latent.grad = slope
            optimiser.step()
            taken[active] += 1
    return best, taken


def _keep(
    latent: Tensor,
    going: Tensor,
    optimiser: torch.optim.Optimizer,
    rule: Callable[..., torch.optim.Optimizer],
    rate: float,
) -> tuple[Tensor, torch.optim.Optimizer]:
    """Return the latent values that go on, and an optimiser that remembers them."""
    kept = latent.detach()[going].requires_grad_()
    fresh = rule([kept], lr=rate)
    for name, value in optimiser.state[latent].items():
        whole = torch.is_tensor(value) and value.shape == latent.shape
        fresh.state[kept][name] = value[going] if whole else value
    return kept, fresh
