"""Find the latent values from which a generator reproduces a given item."""

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
    learning_rate: float,
    tolerance: float = 0.0,
    optimizer_class: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
) -> tuple[Tensor, Tensor]:
    """Optimise the latent values of each item by gradient descent; every item stops by itself.

    An item stops when its residual is at most ``tolerance``, or after ``steps``. The result for
    an item does not depend on the others in its batch: the residual is computed per item, the
    optimizer works element by element, and items that have stopped are removed from the
    computation. The generator's weights do not change and get no gradient.

    Parameters
    ----------
    generator
        Maps latent values (items, ...) to items, without coupling one item to another.
    residual
        Maps (items, generated items) to one number per item, (items,).
    start
        Initial latent values, (items, ...).
    items
        Items to reproduce, (items, ...).
    steps, learning_rate, tolerance, optimizer_class
        Maximum number of gradient steps, their learning rate, the residual at which to stop, and
        the optimizer.

    Returns
    -------
    latent
        The latent values with the least residual, the start included, (items, ...).
    taken
        The number of steps that each item took, int64 (items,).
    """
    best = start.detach().clone()
    taken = torch.zeros(len(start), dtype=torch.int64, device=start.device)
    if steps == 0:
        return best, taken
    least = torch.full((len(start),), torch.inf, device=start.device)
    active = torch.arange(len(start), device=start.device)
    latent = best.clone().requires_grad_()
    optimizer = optimizer_class([latent], lr=learning_rate)
    with frozen(generator), torch.enable_grad():
        for step in range(steps + 1):
            losses = residual(items[active], generator(latent))
            current = losses.detach()
            better = current < least[active]
            best[active[better]] = latent.detach()[better]
            least[active[better]] = current[better]
            running = current > tolerance
            if step == steps or not running.any():
                break
            (gradient,) = torch.autograd.grad(losses.sum(), latent)
            if not running.all():
                gradient = gradient[running]
                latent, optimizer = _keep(
                    latent, running, optimizer, optimizer_class, learning_rate
                )
                active = active[running]
            latent.grad = gradient
            optimizer.step()
            taken[active] += 1
    return best, taken


def _keep(
    latent: Tensor,
    running: Tensor,
    optimizer: torch.optim.Optimizer,
    optimizer_class: Callable[..., torch.optim.Optimizer],
    learning_rate: float,
) -> tuple[Tensor, torch.optim.Optimizer]:
    """Return the latent values of the running items, and an optimizer with their state."""
    kept = latent.detach()[running].requires_grad_()
    fresh = optimizer_class([kept], lr=learning_rate)
    for name, value in optimizer.state[latent].items():
        elementwise = torch.is_tensor(value) and value.shape == latent.shape
        fresh.state[kept][name] = value[running] if elementwise else value
    return kept, fresh
