"""What the page looks like: on any screen, in the dark, on paper; and whom it leaves out."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.browser.board import HOSTILE, LOG, OVERRIDE

CONTRAST = """
() => {
  const light = (text) => {
    const parts = text.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const under = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if (color !== "rgba(0, 0, 0, 0)") return color;
    }
    throw new Error("nothing has a background");
  };
  let least = 21;
  for (const element of document.querySelectorAll("body *")) {
    const says = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!says || !element.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(under(element))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
}
"""
"""The least contrast of any text with what is behind it, as WCAG 2 computes it."""

OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


@pytest.mark.parametrize("width", [320, 400, 800, 1440])
def test_only_boxes_scroll_sideways_and_never_the_page(width, visit):
    """Whatever is open and however long names are."""
    page = visit(viewport={"width": width, "height": 900})
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(scheme, visit):
    """4.5 to 1, which WCAG asks for at level AA; and dark is dark."""
    page = visit(color_scheme=scheme)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(CONTRAST) >= 4.5
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (behind == "rgb(255, 255, 255)") == (scheme == "light")


def test_on_paper_there_are_no_controls_and_only_the_details_that_are_open(visit):
    page = visit(color_scheme="dark")
    page.locator("summary", has_text="kdd99 (real)").first.click()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("form:visible, nav:visible, .skip:visible").count() == 0
    assert page.locator("details.part:visible").count() == 1
    assert page.locator("table.results:visible").count() > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_structure_is_one_that_a_screen_reader_can_follow(visit):
    """Language, headings in order, named controls and tables, fragments that lead somewhere."""
    page = visit()
    assert page.evaluate("document.documentElement.lang") == "en"
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map((h) => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.evaluate("[...document.forms[0].elements].every((e) => e.labels?.length "
                         "|| e.textContent || e.tagName === 'OUTPUT')")  # fmt: skip
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    links = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.getAttribute('href'))"
    )
    assert {link[1:] for link in links} <= set(ids)
    assert page.evaluate("[...document.images].every((image) => image.alt)")


def test_foreign_text_is_shown_as_text_and_runs_nothing(visit):
    """Names of detectors, errors, notes, logs and versions with HTML, script and controls."""
    page = visit()
    page.evaluate(OPEN_ALL)
    text = page.locator("body").inner_text()
    assert HOSTILE in text
    assert OVERRIDE.replace("\u202e", "\\u202e") in text
    assert "</script></pre><script>window.hurt=4</script> \\x1b[31mred\\x00 it fell over" in text
    assert LOG.replace("\u202e", "\\u202e") in text
    assert page.evaluate("window.hurt") is None
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.querySelectorAll('[onerror], [src=x], i').length") == 0
    links = page.evaluate("[...document.links].map((a) => a.protocol)")
    assert set(links) == {"file:"}


def test_the_policy_lets_nothing_but_the_page_itself_run(chromium, site):
    """A script that found its way in would be stopped by the browser."""
    with chromium.new_page() as page:
        page.goto((site / "index.html").as_uri())
        with page.expect_console_message(lambda m: "Content Security Policy" in m.text):
            page.evaluate(
                "document.body.append(Object.assign(document.createElement('script'),"
                " { textContent: 'window.hurt = 5' }))"
            )
        assert page.evaluate("window.hurt") is None
