"""An LSTM whose training is fast on a processor.

`torch.nn.LSTM` computes every gradient there, also those that nobody needs, and sums the weights'
row by row. Here a layer is one function with a backward pass of its own: the products with the
input and the gradients of the weights are one matrix product each over all rows, and what stands
still gets no gradient. The results are those of `torch.nn.LSTM`, up to rounding.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input
_tanh_backward = torch.ops.aten.tanh_backward.grad_input


class LSTM(nn.LSTM):
    """`torch.nn.LSTM` with batches first, returning the outputs of the last layer alone."""

    def __init__(self, inputs: int, hidden: int, layers: int) -> None:
        super().__init__(inputs, hidden, layers, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, time, inputs) -> (batch, time, hidden)."""
        if not torch.is_grad_enabled() or x.device.type != "cpu" or x.dtype != torch.float32:
            return super().forward(x)[0]
        if torch.is_autocast_enabled("cpu"):
            return super().forward(x)[0]
        x = x.transpose(0, 1)  # (batch, time, inputs) -> (time, batch, inputs)
        for layer in range(self.num_layers):
            w_in, w_back, b_in, b_back = (
                getattr(self, f"{name}_l{layer}")
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            x = _Layer.apply(x.contiguous(), w_in, w_back, b_in + b_back)
        return x.transpose(0, 1)  # (time, batch, hidden) -> (batch, time, hidden)


class _Layer(torch.autograd.Function):
    """(time, batch, inputs) -> (time, batch, hidden), from zero states.

    The gates stand in torch's order: input, forget, cell, output, ``hidden`` columns each.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, w_in: Tensor, w_back: Tensor, bias: Tensor) -> Tensor:
        steps, batch, inputs = x.shape
        hidden = w_back.shape[1]
        # (time, batch, inputs) -> (time * batch, inputs) -> (time, batch, 4 * hidden)
        gates = torch.addmm(bias, x.view(-1, inputs), w_in.t()).view(steps, batch, -1)
        cells = x.new_empty(steps, batch, hidden)
        squashed, out = torch.empty_like(cells), torch.empty_like(cells)
        for t in range(steps):
            now = gates[t]
            if t:
                now.addmm_(out[t - 1], w_back.t())
            into, forget, new, show = now.chunk(4, dim=1)
            now[:, : 2 * hidden].sigmoid_()
            new.tanh_()
            show.sigmoid_()
            torch.mul(into, new, out=cells[t])
            if t:
                cells[t].addcmul_(forget, cells[t - 1])
            torch.tanh(cells[t], out=squashed[t])
            torch.mul(show, squashed[t], out=out[t])
        ctx.save_for_backward(x, w_in, w_back, gates, cells, squashed, out)
        return out

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, w_in, w_back, gates, cells, squashed, out = ctx.saved_tensors
        steps, batch, hidden = out.shape
        slopes = torch.empty_like(gates)  # of the loss, by what goes into each gate
        of_out = x.new_empty(batch, hidden)
        of_cell = x.new_zeros(batch, hidden)
        through = x.new_empty(batch, hidden)
        for t in range(steps - 1, -1, -1):
            into, forget, new, show = gates[t].chunk(4, dim=1)
            by_into, by_forget, by_new, by_show = slopes[t].chunk(4, dim=1)
            if t == steps - 1:
                of_out.copy_(grad[t])
            else:
                of_out.add_(grad[t])
            torch.mul(of_out, show, out=through)
            of_cell.add_(_tanh_backward(through, squashed[t], grad_input=through))
            torch.mul(of_cell, new, out=by_into)
            torch.mul(of_cell, into, out=by_new)
            torch.mul(of_out, squashed[t], out=by_show)
            if t:
                torch.mul(of_cell, cells[t - 1], out=by_forget)
            else:
                by_forget.zero_()
            both, gate = slopes[t, :, : 2 * hidden], gates[t, :, : 2 * hidden]
            _sigmoid_backward(both, gate, grad_input=both)
            _tanh_backward(by_new, new, grad_input=by_new)
            _sigmoid_backward(by_show, show, grad_input=by_show)
            of_cell.mul_(forget)
            if t:
                torch.mm(slopes[t], w_back, out=of_out)
        wants = ctx.needs_input_grad
        flat = slopes.view(-1, 4 * hidden)  # (time, batch, 4 * hidden) -> (time * batch, ...)
        of_x = of_in = of_back = of_bias = None
        if wants[0]:
            of_x = torch.mm(flat, w_in).view_as(x)
        # Products the other way round, which take a third less time, and then turned.
        if wants[1]:
            of_in = torch.mm(x.view(-1, x.shape[2]).t(), flat).t()
        if wants[2]:
            later, earlier = flat[batch:], out.view(-1, hidden)[: -batch or None]
            of_back = torch.mm(earlier.t(), later).t()
        if wants[3]:
            of_bias = flat.sum(dim=0)
        return of_x, of_in, of_back, of_bias
