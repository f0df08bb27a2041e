"""The one exception that reaches the user as a sentence instead of a traceback."""


class BenchkitError(Exception):
    """Something the user can mend; the message is what is wrong, with what, and what to do."""
