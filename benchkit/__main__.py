"""``python -m benchkit``, which does what the installed command does."""

import sys

if not sys.flags.safe_path:
    # Python puts the working folder first, where a user's random.py would become ``random``.
    folder = sys.path.pop(0)
    if __file__.startswith(f"{folder}/benchkit/"):
        sys.path.append(folder)  # benchkit itself is run from there

from benchkit.cli.main import main

if __name__ == "__main__":
    main()
