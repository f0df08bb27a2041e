"""Figures made from records and from what trials left beside them.

Each kind is a module of its own that says where there is something to draw (``plan``) and draws it
(``draw``). `plan_plots` asks them all without drawing anything; `draw_plots` draws what is not
there yet. Nothing here imports matplotlib before something is drawn.
"""

from benchkit.report.plots.album import KINDS, Album, Plot
from benchkit.report.plots.drawing import Drawing, draw_plots
from benchkit.report.plots.planning import plan_plots

__all__ = ["KINDS", "Album", "Drawing", "Plot", "draw_plots", "plan_plots"]
