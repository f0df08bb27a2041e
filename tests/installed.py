"""Really installed plugin packages: a module and the metadata that pip would have written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def install(
    site: Path, distribution: str, entry_points: Mapping[str, str], files: Mapping[str, str]
) -> Path:
    """Write a distribution into a folder that is to be put on PYTHONPATH; return the folder.

    ``entry_points`` maps names in the group ``benchkit`` to modules, ``files`` paths to texts.
    """
    info = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    points = "".join(f"{name} = {module}\n" for name, module in entry_points.items())
    (info / "entry_points.txt").write_text(f"[benchkit]\n{points}")
    for name, text in files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return site
