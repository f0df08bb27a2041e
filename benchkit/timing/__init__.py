"""Timing that goes red for a slower program and not for a slower machine.

A benchmark takes turns with a calibration workload of its own nature in the same process; what is
compared with a baseline are the ratios of both. The pytest plugin is in
`benchkit.timing.pytest_plugin`, what `benchkit time` does in `benchkit.timing.trials`, and how
costs grow in `benchkit.timing.growth`.
"""
