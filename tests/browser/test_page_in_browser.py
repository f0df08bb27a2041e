"""The page as somebody uses it: from disk, from a server, with a mouse and with a keyboard."""

from __future__ import annotations

import pytest

KDD = "tbody[data-label='kdd99']"


def column(page, number: int, part: str = KDD) -> list[str]:
    """Return the shown cells of a column of the detectors of a dataset, not of its sanity rows."""
    rows = f"{part}:not(.sanity) tr:not(.group):not([hidden])"
    return page.locator(f"{rows} > :nth-child({number})").all_inner_texts()


def head(page, title: str):
    """Return the button in the first head of that title."""
    return page.get_by_role("columnheader", name=title).get_by_role("button").first


@pytest.mark.parametrize("place", ["disk", "server"])
def test_the_page_opens_with_its_plots_and_asks_for_nothing_else(place, visit, request):
    """From disk or from a server: no console message and no request that leaves the page."""
    origin = request.getfixturevalue("server") if place == "server" else ""
    page = visit(origin=origin)
    assert "Which anomaly detector" in page.title() or page.locator("h1").count() == 1
    page.locator("summary", has_text="kdd99 (real)").first.click()
    plot = page.locator("img").first
    plot.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete", arg=plot.element_handle())
    assert plot.evaluate("image => image.naturalWidth") > 0


def test_the_answer_names_the_best_detector_of_each_dataset(visit):
    """Which is best, whether that means anything, what it costs: in the first table."""
    row = visit().locator("table.answers tr", has_text="kdd99").first.inner_text()
    for text in ("alpha", "0.905", "ahead of gamma", "above distance with 0.500", "fit 20 s"):
        assert text in row


def test_a_click_sorts_and_another_one_turns_the_order(visit):
    page = visit()
    button = head(page, "Main metric")
    button.click()
    assert column(page, 1)[:3] == ["alpha", "gamma", "beta"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    button.click()
    assert column(page, 1)[-3:] == ["beta", "gamma", "alpha"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"


def test_sorting_keeps_rows_in_their_dataset_and_sanity_rows_apart(visit):
    page = visit()
    before = page.locator("table.results tbody").evaluate_all(
        "bodies => bodies.map((body) => [...body.rows].map((row) => row.textContent).sort())"
    )
    head(page, "AUC-ROC").click()
    after = page.locator("table.results tbody").evaluate_all(
        "bodies => bodies.map((body) => [...body.rows].map((row) => row.textContent).sort())"
    )
    assert before == after
    assert page.locator(f"{KDD}.sanity tr").first.inner_text().startswith("Sanity rows of kdd99")


def test_costs_are_sorted_within_their_machine(visit):
    """The slow machine's 1 s does not stand among the fast one's times."""
    page = visit()
    head(page, "fit s").click()
    machines = [column(page, 11)[i] for i in range(6)]
    assert machines == sorted(machines)
    costs = [float(cost) for cost in column(page, 7)]
    by_machine = {
        m: [c for c, of in zip(costs, machines, strict=True) if of == m] for m in machines
    }
    assert len(by_machine) == 2
    assert all(those == sorted(those) for those in by_machine.values())


def test_a_detector_with_a_failed_trial_stays_below_however_rows_are_sorted(visit):
    page = visit()
    head(page, "Main metric").click()
    assert column(page, 1, "tbody[data-label='swat']") == ["beta", "alpha"]
    status = page.locator("tbody[data-label='swat'] tr.failed td").first.inner_text()
    assert "1 error, 2 ok" in status
    assert "it fell over" in status


def test_filters_show_what_fits_and_say_how_much(visit):
    page = visit()
    count = page.locator("#count")
    total = int(count.inner_text().split()[0])
    page.get_by_label("Dataset", exact=True).select_option("wadi")
    assert count.inner_text() == f"16 of {total} rows shown"
    page.get_by_label("Detector contains", exact=True).fill("ALPHA")
    assert count.inner_text() == f"2 of {total} rows shown"
    page.get_by_label("Dataset", exact=True).select_option("wadi[part=2]")
    assert count.inner_text() == f"1 of {total} rows shown"
    page.get_by_label("Variant", exact=True).select_option("sim")
    assert count.inner_text() == f"0 of {total} rows shown"
    assert page.locator("table.results:visible").count() == 0
    page.get_by_role("button", name="Clear").click()
    assert count.inner_text() == f"{total} of {total} rows shown"
    page.get_by_label("Track", exact=True).select_option(label="Image sequences (real)")
    assert count.inner_text() == f"1 of {total} rows shown"


def test_another_metric_can_be_chosen_and_sorted_by(visit):
    page = visit()
    page.get_by_label("Metric", exact=True).select_option("F1@oracle")
    assert head(page, "F1@oracle").inner_text() == "F1@oracle"
    assert set(column(page, 3)) == {"0.625 †"}
    page.get_by_label("Metric", exact=True).select_option("")
    assert column(page, 3)[0].startswith("0.905 ±")


def test_the_address_keeps_filters_and_order(visit):
    """A reload, and a way back from a trial, find everything as it was left."""
    page = visit()
    page.get_by_label("Dataset", exact=True).select_option("kdd99")
    page.get_by_label("Detector contains", exact=True).fill("a")
    head(page, "fit s").click()
    kept, shown = page.url, page.locator("#count").inner_text()
    page.reload()
    assert page.locator("#count").inner_text() == shown
    assert page.locator("th[aria-sort]").inner_text().startswith("fit s")
    page.locator(f"{KDD} .seeds a").first.click()
    page.go_back()
    assert page.url == kept
    assert page.get_by_label("Dataset", exact=True).input_value() == "kdd99"


def test_an_address_of_former_times_does_no_harm(visit):
    """Choices that are no longer there count as none."""
    page = visit("#?dataset=gone&metric=gone&track=gone&sort=9.9.down")
    first, _, total, *_ = page.locator("#count").inner_text().split()
    assert first == total


@pytest.mark.parametrize("script", [True, False])
def test_a_link_to_a_trial_opens_it_with_or_without_script(visit, script):
    page = visit(java_script_enabled=script)
    link = page.locator(f"{KDD} .seeds a").first
    target = link.get_attribute("href")
    assert not page.locator(target).is_visible()
    link.click()
    page.locator(target).wait_for(state="visible")
    assert "benchkit reproduce" in page.locator(target).inner_text()


def test_a_trial_is_reached_by_its_address(visit):
    target = visit().locator(f"{KDD} .seeds a").first.get_attribute("href")
    assert visit(target).locator(target).is_visible()


def test_everything_can_be_reached_and_done_with_the_keyboard(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the answers"
    assert page.locator(":focus").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("#answers :focus").count() == 1
    page.get_by_label("Detector contains", exact=True).focus()
    page.keyboard.type("beta")
    assert column(page, 1) == ["beta"]
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Clear"
    page.keyboard.press("Enter")
    button = head(page, "Detector")
    button.focus()
    outline = button.evaluate("b => getComputedStyle(b, ':focus-visible').outlineStyle")
    assert outline != "none"
    page.keyboard.press("Space")
    assert (
        column(page, 1)[-1]
        == "long_detector_name@preset[" + ",".join(f"parameter_{i}=0.123" for i in range(9)) + "]"
    )
    page.locator("summary", has_text="kdd99 (real)").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.part").first.get_attribute("open") is not None


def test_without_script_all_is_there_and_nothing_is_inert(visit):
    page = visit(java_script_enabled=False)
    assert not page.locator("#filters").is_visible()
    assert page.locator("button:visible").count() == 0
    assert column(page, 1)[0] == "alpha"
    page.locator("summary", has_text="kdd99 (real)").first.click()
    page.locator("summary", has_text="alpha seed 1").first.click()
    assert page.locator("pre", has_text="--seeds 1,").first.is_visible()
