"""What is timed, and the scripts whose tables are in docs/performance.md."""
