"""Where trials run: the plan, the processes, the cores and devices they get."""
