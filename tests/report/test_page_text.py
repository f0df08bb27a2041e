"""The page as a file: its bytes, its size, what it says and how it says it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchkit.report.foreign import clip, show_plainly
from benchkit.report.page import make_page
from benchkit.report.page.links import make_anchors
from benchkit.report.plots import Album, Plot
from benchkit.report.tracks import group_tracks
from benchkit.results import Entry, Record, Store
from benchkit.results.folder import TrialFolder
from tests.records import make_record
from tests.report import many

REFERENCE = Path(__file__).parent.parent.parent / "leaderboards" / "reference"


def make_entries(records: list[Record], home: Path = Path("/nowhere")) -> list[Entry]:
    """Return records as a store would give them; without a folder nothing lies beside them."""
    return [Entry(TrialFolder(home / f"trial--{r.identity}-abcdef"), r) for r in records]


def make(entries: list[Entry], album: Album | None = None) -> str:
    """Return the page of some trials."""
    return make_page(entries, group_tracks(e.record for e in entries), album or Album())


def make_text(*records: Record, album: Album | None = None) -> str:
    """Return the page of some records."""
    return make(make_entries(list(records)), album)


class Reader(HTMLParser):
    """Collects tags and text as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_same_records_in_any_order_make_the_same_bytes():
    entries = make_entries(many.make_records(100))
    text = make(entries)
    for seed in range(2):
        random.Random(seed).shuffle(entries)
        assert make(entries) == text


def test_a_page_of_500_trials_stays_under_two_megabytes():
    """With all their metrics, parameters, commands and machines; plots lie beside it."""
    records = many.make_records(500)
    assert all(len(r.metrics) >= 38 for r in records if r.status == "ok")
    assert len(make(make_entries(records)).encode()) < 2_000_000


def test_a_narrow_screen_asks_the_questions_of_the_wide_one():
    """Where rows become paragraphs their headings stand in the style sheet."""
    text = make_text(make_record())
    asked = re.findall(r'td:nth-child\([45]\)::before \{ content: "(.*?) "; \}', text)
    assert len(asked) == 2
    assert all(f'<th scope="col">{question}<' in text for question in asked)


def test_who_is_held_against_no_sanity_row_is_above_none_of_none():
    """A dash, as on the boards, and not a share of nothing."""
    text = make_text(make_record("na", status="not_applicable"), make_record("pca"))
    assert "0 of 0" not in text


def test_without_records_the_page_says_how_to_get_some():
    text = make([])
    assert "benchkit run" in text
    assert "<script" not in text


def test_the_committed_records_make_a_page_that_names_no_path_of_a_machine():
    text = make(Store(REFERENCE / "records").entries())
    assert str(REFERENCE.parent) not in text
    assert not re.search(r"[\s\"'(=](/home|/root|/tmp|/work)\b", text)


def test_nothing_is_fetched_and_only_the_own_style_and_script_are_allowed():
    """The policy names them by their hash, and there is no address with a scheme but data."""
    text = make_text(make_record())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1].replace(
        "&#39;", "'"
    )
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    reader = Reader(text)
    for _, attributes in reader.tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            assert re.match(r"#|records/|plots/|data:,$", attributes.get(name) or "#")


@pytest.mark.parametrize(
    "text", ["<b>bold</b>", "</script><script>x()</script>", "</details></pre>", "a&amp;b", "\"'>"]
)
def test_foreign_text_is_text(text):
    """Wherever it comes from: every name, note, reason, warning and version."""
    record = make_record(
        text, warnings=(text,), doubts=(text,), definitions={"auc_pr": text},
        undefined={"vus_pr": text}, metrics={"auc_pr": 0.5, f"{text}@{text}": 0.5, "vus_pr": None},
        environment={"processor": text, text: text}, device=text,
    )  # fmt: skip
    detector = dataclasses.replace(
        record.detector, params={text: text}, defaults={text: text}, target=text, plugin=text,
        version=text, code=text,
    )  # fmt: skip
    dataset = dataclasses.replace(
        record.dataset, label=text, name=text, modality=text, variant=text, notes=(text,)
    )
    failed = make_record("other", status="error", reason=text)
    plain = Reader(make_text(make_record(), make_record("other", status="error", reason="text")))
    reader = Reader(
        make_text(dataclasses.replace(record, detector=detector, dataset=dataset), failed)
    )
    assert text in reader.text
    assert {tag for tag, _ in reader.tags} <= {tag for tag, _ in plain.tags} | {"dl", "ul", "li"}
    assert sum(tag == "script" for tag, _ in reader.tags) == 1


def test_invisible_characters_are_spelled_out():
    """Controls, and what turns the direction of the text behind it; ordinary text stays."""
    assert show_plainly("a\x00b\x1b[0m\u202ec\u2066\ud800") == (
        "a\\x00b\\x1b[0m\\u202ec\\u2066\ufffd"
    )
    for plain in ("naïve 日本 † ± –", "two\nlines\tand a tab", "no\xa0break"):
        assert show_plainly(plain) == plain
    make_text(make_record("half \ud800")).encode()


def test_long_text_is_cut_where_one_can_see_it():
    assert clip("abc", 3) == "abc"
    assert clip("abcd", 3) == "ab…"
    text = make_text(make_record(status="error", reason="x" * 1_000_000))
    assert len(text) < 200_000


def test_fragments_are_readable_and_no_two_alike():
    names = ["kdd99 real", "kdd99-real", "kdd99 real.2", "日本"]
    anchors = make_anchors("d", names)
    assert anchors[0] == "d-kdd99-real"
    assert len(set(anchors)) == len(names)


def test_failed_trials_are_rows_with_their_reason():
    text = Reader(make_text(make_record(), make_record("lof", status="timeout"))).text
    assert "1 trial failed" in text
    assert "timeout" in text
    assert "it did not go well" in text


def test_simulated_data_is_called_so():
    text = Reader(make_text(make_record(variant="sim"))).text
    assert "Simulated data." in text
    assert "kdd99 (sim)" in text


def test_a_detector_that_does_not_beat_the_sanity_rows_is_said_not_to():
    text = Reader(
        make_text(make_record("knn", auc_pr=0.4), make_record("random", sanity=True, auc_pr=0.5))
    ).text
    assert "No †" in text
    assert "not above random with 0.500" in text


def test_scores_that_may_point_the_wrong_way_are_marked_and_explained():
    """In the ranking, in all results, over all metrics."""
    records = [make_record("a", metrics={"auc_pr": 0.2, "auc_roc": 0.1}), make_record("b")]
    text = Reader(make_text(*records)).text
    assert text.count("a §") == 3
    assert "§ AUC-ROC is below 0.4 in a trial" in text
    assert "§" not in Reader(make_text(*records[1:])).text.replace("§ AUC-ROC", "").replace(
        "\n§\n", ""
    )


def test_one_seed_is_too_few_to_claim_a_lead():
    text = Reader(make_text(make_record("a", auc_pr=0.9), make_record("b", auc_pr=0.8))).text
    assert "Too few seeds to say" in text


def test_a_failed_detector_is_no_rival_however_good_it_would_have_been():
    """It stands below, so that nobody is ahead of it by a number."""
    records = [make_record("a", auc_pr=0.7, seed=s) for s in (0, 1)]
    failing = [make_record("b", auc_pr=0.9, seed=s) for s in (0, 1)]
    text = Reader(make_text(*records, *failing, make_record("b", seed=2, status="error"))).text
    assert "the next one, b, has a failed trial" in text
    assert "clearly ahead" not in text


def test_who_is_ahead_on_average_only_is_not_clearly_ahead():
    """Over the seeds that both have the order may be the other one."""
    best = [make_record("a", auc_pr=p, seed=s) for s, p in enumerate((0.5, 0.5, 0.99, 0.99))]
    other = [make_record("b", auc_pr=p, seed=s) for s, p in enumerate((0.6, 0.6))]
    text = Reader(make_text(*best, *other)).text
    assert "Not clearly0.100 behind b on the seeds that both have" in text
    assert "In 0 of 1 table where several detectors went well one is clearly ahead" in text
    apart = Reader(make_text(make_record("a", seed=0), make_record("b", seed=1, auc_pr=0.1))).text
    assert "no seed in common" in apart


def test_equal_detectors_share_the_first_place():
    records = [make_record(name, auc_pr=0.9, seed=s) for name in ("a", "b") for s in (0, 1)]
    text = Reader(make_text(*records)).text
    assert "a, b" in text
    assert "All are equal" in text


def test_machines_and_detectors_are_described_once_and_referred_to():
    """However many trials ran there."""
    records = [
        make_record(seed=s, environment={"processor": "Z80", "os": "CP/M"}) for s in range(9)
    ]
    text = make_text(*records)
    assert text.count("CP/M") == 1
    assert text.count("some.module:PCA") == 1
    assert text.count('href="#s-1-1"') == 9


def test_the_rate_to_expect_stands_below_the_promised_one_with_its_interval():
    """And is called uncertain where the record calls it so."""
    fields = {
        "metrics": {"auc_pr": 0.5, "f1@pot": 0.25, "f1@train_q90": 0.25},
        "promised": {"pot": 0.001, "train_q90": 0.1},
        "expected": {"pot": [0.016, 0.0002, 0.11], "train_q90": [0.1, 0.09, 0.12]},
    }
    text = Reader(make_text(make_record(uncertain=("pot",), **fields))).text
    assert "promised rate" in text
    assert "expected rate" in text
    assert "1.6% (0.02% to 11%), uncertain" in text
    assert "10% (9% to 12%)" in text
    assert "expected rate" not in Reader(make_text(make_record())).text


def test_plots_are_referred_to_beside_the_page():
    """By relative addresses that hold for any name, loaded when looked at, described for all."""
    record = make_record()
    plot = Plot("scores", "A title", 'What "one" sees', "plots/a b#c")
    album = Album(trials={record.identity: (plot,)})
    reader = Reader(make_text(record, album=album))
    image = next(attributes for tag, attributes in reader.tags if tag == "img")
    assert image["src"] == "plots/a%20b%23c.svg"
    assert image["alt"] == 'What "one" sees'
    assert image["loading"] == "lazy"
    assert {"plots/a%20b%23c.png", "plots/a%20b%23c.svg"} <= {
        attributes.get("href") for _, attributes in reader.tags
    }


def test_what_lies_beside_a_record_is_shown(tmp_path):
    """The detector's summary and the end of its log."""
    record = make_record()
    entry = make_entries([record], tmp_path)[0]
    entry.folder.path.mkdir()
    entry.folder.keep_summary({"threshold": "0.5 <of> all"})
    (entry.folder.path / "log.txt").write_text("\n".join(f"line {i}" for i in range(100)))
    text = Reader(make([entry])).text
    assert "0.5 <of> all" in text
    assert "line 99" in text
    assert "line 42" not in text
