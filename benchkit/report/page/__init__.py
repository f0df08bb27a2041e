"""One page in HTML with all results: answers first, then every number and every trial."""

from benchkit.report.page.page import NAME, make_page

__all__ = ["NAME", "make_page"]
