"""Boards: what stands on them, in which order, and that nothing else does."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit.report.boards import INDEX, MARK
from benchkit.report.foreign import show_plainly
from benchkit.report.numbers import MISSING
from benchkit.report.rows import make_rows
from benchkit.report.selection import select_sections
from benchkit.report.tables import make_short_table
from benchkit.results import Record
from tests.markdown import columns, read_tables, read_tags, render
from tests.records import make_record
from tests.report.made import make_boards, read_board


def page(records: list[Record], name: str = "kdd99.real.md") -> str:
    return read_board(records, name)


def rows(records: list[Record], name: str = "kdd99.real.md") -> list[dict[str, str]]:
    """Return the rows of the first table of a board."""
    return columns(read_tables(read_board(records, name))[0])


def csv_rows(records: list[Record], name: str = "series.real.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(make_boards(records)[name])))


def with_dataset(record: Record, **fields) -> Record:
    return dataclasses.replace(record, dataset=dataclasses.replace(record.dataset, **fields))


some_records = st.lists(
    st.builds(
        make_record,
        st.sampled_from(["pca", "knn[k=3]", "random"]),
        st.sampled_from(["kdd99", "kdd99[split=b]", "smd/m-1"]),
        variant=st.sampled_from(["real", "sim"]),
        fingerprint=st.sampled_from(["f" * 64, "e" * 64]),
        seed=st.integers(0, 2),
        status=st.sampled_from(["ok", "ok", "error", "timeout"]),
        auc_pr=st.sampled_from([0.1, 0.2, 0.30000000000000004]),
        protocol=st.integers(1, 2),
        finished=st.sampled_from(["2026-01", "2026-02"]),
        threads=st.integers(1, 2),
    ),
    max_size=12,
)


class TestDeterminism:
    @given(some_records, st.randoms(use_true_random=False))
    @settings(max_examples=60)
    def test_the_order_of_records_changes_not_a_byte(self, records, random):
        """Every file, markdown, CSV and parquet, is the same for the same records."""
        shuffled = list(records)
        random.shuffle(shuffled)
        assert make_boards(shuffled) == make_boards(records)

    @given(some_records)
    @settings(max_examples=40)
    def test_every_detector_of_a_section_has_one_row(self, records):
        """Whatever happened to it: the board leaves nobody out."""
        for section in select_sections(records):
            labels = [row.label for row in make_rows(section)]
            assert sorted(labels) == sorted({r.detector.label for r in section.records})
            assert section.left_out + len(section.records) == sum(
                (r.dataset.label, r.dataset.variant)
                == (section.dataset.label, section.dataset.variant)
                for r in records
            )


class TestOrder:
    def test_the_best_comes_first(self):
        """By AUC-PR, and equal ones by name."""
        records = [make_record(n, auc_pr=v) for n, v in {"b": 0.5, "c": 0.9, "a": 0.5}.items()]
        assert [row["detector"] for row in rows(records)] == ["c", "a", "b"]

    def test_a_failed_trial_is_a_row_with_its_status(self):
        """It is not left out, and has no numbers."""
        (row,) = rows([make_record(status="timeout")])
        assert (row["detector"], row["status"], row["seeds"]) == ("pca", "timeout", "1")
        assert row.get("AUC-PR", MISSING) == MISSING

    @pytest.mark.parametrize(
        "status", ["error", "timeout", "out_of_memory", "crashed", "invalid_scores"]
    )
    def test_a_detector_with_a_failed_trial_stands_below_those_without(self, status):
        """However good its other trials are."""
        records = [
            make_record("worst", auc_pr=0.01),
            make_record("brittle", auc_pr=0.99),
            make_record("brittle", seed=1, status=status),
            make_record("broken", status=status),
        ]
        found = rows(records)
        assert [row["detector"] for row in found] == ["worst", "brittle", "broken"]
        mixed = ", ".join(f"1 {name}" for name in sorted(["ok", status]))
        assert [row["status"] for row in found] == ["ok", mixed, status]
        assert found[1]["AUC-PR"] == "0.990"

    def test_not_to_apply_is_no_failure(self):
        """A detector that is not made for such data has no numbers, and stands last."""
        records = [
            make_record("other", status="not_applicable"),
            make_record("broken", status="error"),
            make_record("pca"),
        ]
        assert [row["detector"] for row in rows(records)] == ["pca", "broken", "other"]
        assert [line["failed"] for line in csv_rows(records)] == ["0", "1", "0"]

    def test_why_it_failed_stands_below_the_table(self):
        """With its seed and its status."""
        text = page([make_record(seed=3, status="error", reason="ValueError: no rows")])
        assert "- pca, seed 3: error: ValueError: no rows" in text.splitlines()

    def test_a_warning_stands_below_the_table(self):
        """A reader sees what the record warns of."""
        text = page([make_record(warnings=("the scores may point the wrong way",))])
        assert "- pca, seed 0: the scores may point the wrong way" in text.splitlines()


class TestSanityRows:
    def test_stand_apart(self):
        """In a table of their own, under the detectors', with a caption."""
        records = [make_record("random", sanity=True), make_record("pca"), make_record("knn")]
        own, sanity = read_tables(page(records))
        assert {row["detector"] for row in columns(own)} == {"pca", "knn"}
        assert {row["detector"] for row in columns(sanity)} == {"random"}
        assert "Sanity rows, there to be beaten:" in page(records)

    @given(
        st.dictionaries(st.sampled_from("abcd"), st.integers(0, 4), min_size=1),
        st.dictionaries(st.sampled_from("xyz"), st.integers(0, 4)),
    )
    @settings(max_examples=60)
    def test_mark_what_is_not_above_the_best_of_them(self, own, sanity):
        """Exactly those values, a tie included, and no value of a sanity row."""
        records = [make_record(n, auc_pr=v / 4) for n, v in own.items()]
        records += [make_record(n, auc_pr=v / 4, sanity=True) for n, v in sanity.items()]
        tables = read_tables(page(records))
        bar = max(sanity.values(), default=-1)
        for row in columns(tables[0]):
            assert row["AUC-PR"].endswith(" †") == (own[row["detector"]] <= bar)
        for row in columns(tables[1]) if sanity else []:
            assert "†" not in "".join(row.values())

    def test_mark_each_metric_by_itself_and_no_cost(self):
        """Being fast is no quality, and one metric says nothing about another."""
        records = [
            make_record("pca", metrics={"auc_pr": 0.5, "auc_roc": 0.9}, seconds={"fit": 1.0}),
            make_record(
                "random",
                sanity=True,
                metrics={"auc_pr": 0.6, "auc_roc": 0.5},
                seconds={"fit": 1.0},
            ),
        ]
        (row,) = rows(records)
        assert row["AUC-PR"] == "0.500 †"
        assert row["AUC-ROC"] == "0.900"
        assert row["fit s"] == "1"

    def test_that_failed_mark_nothing(self):
        """A sanity row without numbers is no bar."""
        records = [make_record("pca"), make_record("random", sanity=True, status="error")]
        assert "†" not in "".join(rows(records)[0].values())


class TestScoresTheWrongWay:
    """AUC-ROC below 0.4 in a trial."""

    RECORDS = (
        *(make_record("pca", seed=s, metrics={"auc_pr": 0.2, "auc_roc": r})
          for s, r in enumerate((0.5, 0.399))),
        make_record("knn", metrics={"auc_pr": 0.1, "auc_roc": 0.4}),
    )  # fmt: skip

    def test_mark_the_detector_wherever_it_stands(self):
        """On the pages of the dataset and the track, and on the index, with what it means."""
        files = make_boards(list(self.RECORDS))
        dataset = columns(read_tables(files["kdd99.real.md"])[0])
        assert [row["detector"] for row in dataset] == ["pca §", "knn"]
        ranking, matrix = map(columns, read_tables(files["series.real.md"]))
        assert [row["detector"] for row in ranking] == ["pca §", "knn"]
        assert (matrix[0]["pca"][-1], matrix[0]["knn"][-1]) == ("§", "0")
        tracks, tables = map(columns, read_tables(files[INDEX]))
        assert tables[0]["best"] == "pca § 0.200"
        assert tracks[0]["best average rank"] == "pca §: 1.00"
        for name in ("kdd99.real.md", "series.real.md", INDEX):
            assert "§ AUC-ROC is below 0.4 in a trial" in files[name]

    def test_are_a_column_of_the_csv(self):
        assert [(r["detector"], r["inverted"]) for r in csv_rows(list(self.RECORDS))] == [
            ("pca", "1"),
            ("knn", "0"),
        ]

    def test_are_marked_on_a_terminal(self):
        (section,) = select_sections(self.RECORDS)
        assert "pca §" in make_short_table(make_rows(section))


class TestNumbers:
    def test_are_means_over_seeds_with_half_the_width_of_their_interval(self):
        """The markdown is rounded; the CSV has every digit of the mean and of both ends."""
        values = [0.1, 0.2, 0.4]
        records = [make_record(seed=i, auc_pr=v) for i, v in enumerate(values)]
        (row,) = rows(records)
        assert row["AUC-PR"] == "0.233 ± 0.379"
        assert row["seeds"] == "3"
        (line,) = csv_rows(records)
        half = 4.302652729911 * statistics.stdev(values) / math.sqrt(3)
        mean = statistics.fmean(values)
        assert float(line["auc_pr"]) == pytest.approx(mean, abs=1e-15)
        assert float(line["auc_pr_low"]) == pytest.approx(mean - half, abs=1e-9)
        assert float(line["auc_pr_high"]) == pytest.approx(mean + half, abs=1e-9)
        assert (line["auc_pr_n"], line["seeds"]) == ("3", "0 1 2")

    def test_of_one_seed_have_no_interval(self):
        """One number has no spread, and none is made up."""
        assert rows([make_record(auc_pr=0.5)])[0]["AUC-PR"] == "0.500"
        (line,) = csv_rows([make_record(auc_pr=0.5)])
        found = [line[f"auc_pr{end}"] for end in ("", "_low", "_high", "_n")]
        assert found == ["0.5", "", "", "1"]

    def test_of_a_failed_trial_do_not_count(self):
        """Its metrics are not in the mean, even where a record has some."""
        records = [
            make_record(auc_pr=0.5),
            make_record(seed=1, status="invalid_scores", auc_pr=0.9),
        ]
        (line,) = csv_rows(records)
        assert (line["auc_pr"], line["auc_pr_n"]) == ("0.5", "1")
        assert (line["ok"], line["trials"], line["status"]) == ("1", "2", "1 invalid_scores, 1 ok")

    def test_that_are_undefined_say_so_and_why(self):
        """Not zero, not blank: undefined, with the reason below the table."""
        records = [
            make_record(metrics={"auc_pr": None, "auc_roc": 0.5}, undefined={"auc_pr": "no alarm"})
        ]
        assert rows(records)[0]["AUC-PR"] == "undefined"
        assert "- Undefined for pca, no alarm: AUC-PR" in page(records).splitlines()
        assert csv_rows(records)[0]["auc_pr"] == ""

    def test_cost_stands_beside_quality(self):
        """Seconds, points per second and memory are columns like any other."""
        (row,) = rows([make_record()])
        assert row["fit s"] == "1"
        assert row["score s"] == "0.5"
        assert row["points/s"] == "800"
        assert row["peak MiB"] == "12.5"
        assert "device MiB" not in row

    def test_device_memory_is_shown_where_somebody_used_some(self):
        """And a dash for those who did not."""
        records = [make_record("gpu", memory={"device_mib": 512.0}), make_record("pca")]
        assert {r["detector"]: r["device MiB"] for r in rows(records)} == {
            "gpu": "512",
            "pca": MISSING,
        }

    def test_metrics_come_in_the_order_of_honesty(self):
        """The threshold-free ones first, the oracle's last."""
        head = read_tables(page([make_record()]))[0][0]
        assert head[:6] == ["detector", "status", "AUC-PR", "AUC-ROC", "F1@train_q99", "F1@oracle"]

    def test_markdown_and_csv_tell_the_same(self):
        """Same rows in the same order."""
        records = [
            make_record("pca"),
            make_record("knn", auc_pr=0.75),
            make_record("random", sanity=True),
            make_record("bad", status="error"),
        ]
        shown = [row for table in read_tables(page(records)) for row in columns(table)]
        written = csv_rows(records)
        assert {row["detector"] for row in shown} == {row["detector"] for row in written}
        for row in shown:
            (line,) = [line for line in written if line["detector"] == row["detector"]]
            expected = f"{float(line['auc_pr']):.3f}" if line["auc_pr"] else MISSING
            assert row["AUC-PR"].removesuffix(" †") == expected
            assert row["status"] == line["status"]


class TestSelection:
    def test_real_and_sim_never_stand_on_one_page(self):
        """A stand-in has its own file, with a warning at its head."""
        records = [make_record("pca"), make_record("knn", variant="sim")]
        files = make_boards(records)
        tables = {f"series.{v}.{e}" for v in ("real", "sim") for e in ("md", "csv", "parquet")}
        assert {*tables, "kdd99.real.md", "kdd99.sim.md", INDEX} == set(files)
        assert [row["detector"] for row in rows(records)] == ["pca"]
        assert [row["detector"] for row in rows(records, "kdd99.sim.md")] == ["knn"]
        for stem in ("kdd99", "series"):
            assert "**Simulated data.**" in files[f"{stem}.sim.md"]
            assert "Simulated data" not in files[f"{stem}.real.md"]
        assert {line["variant"] for line in csv_rows(records, "series.sim.csv")} == {"sim"}

    def test_the_newest_of_two_results_counts(self):
        """The older one is not averaged in, and the page says that it is left out."""
        records = [
            make_record(auc_pr=0.25, finished="2026-02"),
            make_record(auc_pr=0.75, finished="2026-01"),
        ]
        (row,) = rows(records)
        assert (row["AUC-PR"], row["seeds"]) == ("0.250", "1")
        assert "- 1 older or not comparable results are left out." in page(records).splitlines()

    def test_other_values_under_the_same_name_are_not_mixed_in(self):
        """Only results on the values of the newest record stand beside each other."""
        records = [
            make_record("old", fingerprint="a" * 64, finished="2026-01"),
            make_record("new", fingerprint="b" * 64, finished="2026-02"),
        ]
        assert [row["detector"] for row in rows(records)] == ["new"]
        assert f"`{'b' * 12}`" in page(records)

    def test_an_older_protocol_is_not_mixed_in(self):
        """Not even where its results are younger."""
        records = [
            make_record("old", protocol=1, finished="2026-02"),
            make_record("new", protocol=2, finished="2026-01"),
        ]
        assert [row["detector"] for row in rows(records)] == ["new"]

    def test_members_of_a_dataset_share_a_page_and_no_table(self):
        """Each member has its own heading and is ranked by itself."""
        records = [make_record("pca", "smd/m-2"), make_record("knn", "smd/m-1")]
        text = page(records, "smd.real.md")
        assert text.index("## smd/m-1 (real)") < text.index("## smd/m-2 (real)")
        assert [[r["detector"] for r in columns(t)] for t in read_tables(text)] == [
            ["knn"],
            ["pca"],
        ]

    def test_different_machines_are_named(self):
        """Costs from two machines are not to be compared, and the page says so."""
        records = [make_record(seed=i, environment={"processor": f"P{i}"}) for i in (0, 1)]
        text = page(records)
        assert "P0, 1 thread a trial" in text
        assert "P1, 1 thread a trial" in text
        assert "do not compare" in text
        assert "do not compare" not in page(records[:1])

    def test_notes_of_the_dataset_are_shown(self):
        """What was repaired on the way in stands above the table."""
        assert "- constant in train: c1" in page(
            [with_dataset(make_record(), notes=("constant in train: c1",))]
        )


TABLE_TAGS = ("table", "thead", "tbody", "tr", "th", "td")
HOSTILE = [
    "a|b",
    "a\\|b",
    "a\\\\|b",
    "| --- |",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;script&gt;",
    "`code`",
    "**bold** _em_ __strong__ ~~gone~~",
    "[here](https://example.org)",
    "![x](y)",
    "# head",
    "- item",
    "two\nlines",
    "tab\tand  spaces",
    "<!-- comment",
    "\u2028",
    "x_y@paper[a=1]",
]


class TestHostileText:
    @pytest.mark.parametrize("label", HOSTILE)
    def test_in_a_label_changes_nothing_but_the_cell(self, label):
        """The tables keep their columns, and the cell reads as the label does."""
        records = [make_record(label), make_record(label + "s", sanity=True), make_record("pca")]
        own, sanity = read_tables(page(records))
        for table in (own, sanity):
            assert len({len(row) for row in table}) == 1
        assert sorted(row[0] for row in own[1:]) == sorted([" ".join(label.split()), "pca"])
        assert [row[0] for row in sanity[1:]] == [" ".join((label + "s").split())]
        assert {line["detector"] for line in csv_rows(records)} == {label, label + "s", "pca"}

    @pytest.mark.parametrize("label", ["\x01", " \x01 ", "\x1b[31mred", "\u202eabc", "\u200b"])
    def test_that_shows_nothing_is_spelled_out(self, label):
        """Nor is it a line across the table, which tabulate draws for U+0001, here or there."""
        spelled = label.strip().encode("unicode_escape").decode()
        (table,) = read_tables(page([make_record(label)]))
        assert table[1][0] == spelled
        (section,) = select_sections([make_record(label)])
        assert spelled in make_short_table(make_rows(section)).splitlines()[2]

    @given(st.text(min_size=1, max_size=20) | st.text("|\\`*_<>[]()!&~#a1 \n", max_size=20))
    @settings(max_examples=150)
    def test_of_any_kind_in_a_label_reads_as_it_is(self, label):
        """One line, no markup: the reader sees what the label is, the invisible spelled out."""
        (table,) = read_tables(page([make_record(label)]))
        assert table[1][0] == show_plainly(" ".join(label.split()))
        assert len(table[0]) == len(table[1])

    @pytest.mark.parametrize("text", HOSTILE)
    def test_anywhere_makes_no_tag_and_no_column(self, text):
        """Reasons, warnings, notes, metrics, machines, datasets: none gets markup into a page."""
        records = [
            make_record(
                text,
                seed=1,
                warnings=(text,),
                metrics={"auc_pr": 0.5, text: 0.5, f"u{text}": None},
                undefined={f"u{text}": text},
                environment={"processor": text},
                device=text,
            ),
            make_record(text, status="error", reason=text),
            make_record("random", sanity=True),
        ]
        records = [with_dataset(r, label=f"kdd99[x={text}]", notes=(text,)) for r in records]
        files = make_boards(records)
        allowed = {"h1", "h2", "p", "ul", "li", "code", "em", "strong", *TABLE_TAGS}
        assert read_tags(files["kdd99.real.md"]) <= allowed
        assert read_tags(files["series.real.md"]) <= {*allowed, "a"}
        assert read_tags(files[INDEX]) <= {*allowed, "a"}
        for name in ("kdd99.real.md", "series.real.md", INDEX):
            for table in read_tables(files[name]):
                assert len({len(row) for row in table}) == 1
        assert render(files[INDEX]).count("<a ") == 2
        assert render(files["series.real.md"]).count("<a ") == 3

    @pytest.mark.parametrize("name", ["../../up", "/etc/x", "a/b", ".hidden", "a b", ""])
    def test_in_a_datasets_name_leads_nowhere_else(self, name):
        """A record from another machine cannot make benchkit write outside its folder."""
        for fields in ({"name": name}, {"modality": name}):
            record = with_dataset(make_record(), variant="re/al", **fields)
            assert not [n for n in make_boards([record]) if "/" in n or n.startswith("..")]

    @pytest.mark.parametrize("name", ["series", "image-sequences"])
    def test_in_a_datasets_name_replaces_no_track(self, name):
        """A dataset may be called like a track: both boards are there."""
        files = make_boards([with_dataset(make_record(), name=name, label=name)])
        assert f"# {name} (real)" in files[f"{name}_.real.md"]
        assert "# Time series (real)" in files["series.real.md"]

    def test_in_a_metrics_name_leaves_the_columns_of_a_table_alone(self):
        """A metric may be called like a column of the CSV."""
        (line,) = csv_rows([make_record(metrics={"auc_pr": 0.5, "status": 0.25})])
        assert (line["status"], line["metric_status"]) == ("ok", "0.25")

    def test_that_is_no_unicode_can_be_written(self):
        """A message that quotes raw bytes does not keep a board from being written."""
        files = make_boards([make_record("\udcff", status="error", reason="no file \udcff")])
        assert all(text.encode() for text in files.values() if isinstance(text, str))


class TestIndex:
    def test_links_to_every_page(self):
        """One line for each dataset, variant and member, with its best and its bar."""
        records = [
            make_record("pca", auc_pr=0.5),
            make_record("knn", auc_pr=0.9),
            make_record("knn", seed=1, status="error"),
            make_record("random", auc_pr=0.1, sanity=True),
            make_record("pca", "smd/m-1", variant="sim", status="error"),
        ]
        text = make_boards(records)[INDEX]
        tracks, tables = read_tables(text)
        assert [track["track"] for track in columns(tracks)] == [
            "Time series (real)",
            "Time series (sim)",
        ]
        first, second = columns(tables)
        assert first == {
            "dataset": "kdd99",
            "variant": "real",
            "detectors": "2",
            "trials ok": "3/4",
            "best": "pca 0.500",
            "best sanity row": "random 0.100",
        }
        assert (second["dataset"], second["trials ok"], second["best"]) == (
            "smd/m-1",
            "0/1",
            MISSING,
        )
        for name in ("kdd99.real.md", "smd.sim.md", "series.real.md", "series.sim.md"):
            assert f'href="{name}"' in render(text)

    def test_counts_apart_what_does_not_apply(self):
        """Five of five went well, and the sixth is no failure."""
        records = [make_record(n) for n in "abcde"]
        records.append(make_record("f", status="not_applicable"))
        (table,) = columns(read_tables(make_boards(records)[INDEX])[1])
        assert table["trials ok"] == "5/5, 1 not applicable"

    def test_names_all_who_share_the_first_place(self):
        """A tie is shown as a tie."""
        records = [make_record(name, auc_pr=0.5) for name in ("knn", "pca")]
        tracks, tables = map(columns, read_tables(make_boards(records)[INDEX]))
        assert tables[0]["best"] == "knn, pca 0.500"
        assert tracks[0]["best average rank"] == "knn, pca: 1.50"

    def test_without_records_says_how_to_get_some(self):
        """And there is no other file."""
        files = make_boards([])
        assert list(files) == [INDEX]
        assert "There are no records yet: `benchkit run` makes some." in files[INDEX]

    def test_every_page_says_that_it_is_generated(self):
        """So that nobody edits one, and that an orphan can be told from a page of somebody's."""
        files = make_boards([make_record(), make_record(dataset="smd")])
        pages = [text for name, text in files.items() if name.endswith(".md")]
        assert len(pages) == 4
        assert all(text.startswith(MARK) for text in pages)


class TestManyMetrics:
    def test_vus_decides_where_there_is_one(self):
        """It sees events, which AUC-PR does not."""
        records = [
            make_record(name, auc_pr=auc, metrics={"auc_pr": auc, "vus_pr": vus})
            for name, auc, vus in (("a", 0.9, 0.1), ("b", 0.1, 0.9))
        ]
        found = rows(records)
        assert [row["detector"] for row in found] == ["b", "a"]
        assert list(found[0])[2:4] == ["VUS-PR", "AUC-PR"]

    def test_the_first_table_has_few_columns_and_those_below_have_the_rest(self):
        """A line a metric, a column a detector, a table a threshold policy."""
        metrics = {"auc_pr": 0.5, "f1@pot": 0.4, "event_f1@pot": 0.3, "range_auc_pr": 0.2}
        text = page([make_record(metrics=metrics)])
        first, over_all, at_pot = read_tables(text)
        assert [t for t in first[0] if t in ("AUC-PR", "F1@pot")] == ["AUC-PR", "F1@pot"]
        assert "event F1@pot" not in first[0]
        assert over_all == [["metric", "pca"], ["range AUC-PR", "0.200"]]
        assert at_pot == [["metric", "pca"], ["event F1", "0.300"]]

    def test_what_less_is_better_of_is_not_held_against_a_detector(self):
        """A row that never alarms has no false alarm either."""
        fields = {"metrics": {"delay@pot": 3.0, "f1@pot": 0.1}, "lower_is_better": ("delay",)}
        better = {"metrics": {"delay@pot": 9.0, "f1@pot": 0.2}, "lower_is_better": ("delay",)}
        found = make_boards([make_record("random", sanity=True, **better), make_record(**fields)])
        (row,) = columns(read_tables(found["kdd99.real.md"])[0])
        assert row["F1@pot"] == "0.100 †"
        assert "| delay    | 3.000 |" in found["kdd99.real.md"]

    def test_a_mean_over_fewer_series_says_over_how_many(self):
        """One of two trials had no value: the mean is of the other."""
        records = [
            make_record(metrics={"auc_pr": 0.5}),
            make_record(seed=1, metrics={"auc_pr": None}, undefined={"auc_pr": "no event"}),
        ]
        (row,) = rows(records)
        assert row["AUC-PR"] == "0.500 (1 of 2)"

    def test_one_reason_for_all_is_given_once(self):
        records = [
            make_record(name, metrics={"auc_pr": 0.5, "x": None}, undefined={"x": "no clock"})
            for name in ("a", "b")
        ]
        assert page(records).count("no clock") == 1
        assert "- Undefined for all, no clock: x" in page(records)

    def test_what_a_name_leaves_open_stands_below(self):
        """Metrics of one definition together."""
        text = "as in the paper"
        records = [make_record(definitions={"vus_pr": text, "vus_roc": text})]
        assert "- VUS-PR, VUS-ROC: as in the paper" in page(records)

    def test_what_thresholds_promise_stands_beside_what_became_of_it(self):
        records = [make_record(promised={"pot": 0.001}, metrics={"false_alarm_rate@pot": 0.02})]
        assert rows(records)[0]["false alarm rate@pot"] == "0.020"
        assert "thresholds promise: pot 0.100%" in page(records)

    def test_a_promise_that_calibration_scores_do_not_bear_out_is_called_uncertain(self):
        """With the highest interval of the seeds; sanity rows and certain ones are not named."""
        high, low = [0.016, 9e-7, 0.11], [0.012, 9e-7, 0.08]
        promise = {"promised": {"pot": 0.001}}
        records = [
            make_record("gan", seed=0, expected={"pot": low}, uncertain=("pot",), **promise),
            make_record("gan", seed=1, expected={"pot": high}, uncertain=("pot",), **promise),
            make_record("pca", expected={"pot": [0.001, 0.0009, 0.0011]}, **promise),
            make_record(
                "random", sanity=True, expected={"pot": high}, uncertain=("pot",), **promise
            ),
        ]
        text = page(records)
        assert (
            "what pot promises is uncertain; expected are, with 95 % intervals: "
            "gan 1.6% (below 0.001% to 11%)." in text
        )


def test_the_legend_says_that_failed_trials_keep_a_higher_value_from_being_the_best():
    """Otherwise the table has a value above the bold one, and no word of why."""
    failed = [make_record("b", auc_pr=0.9), make_record("b", seed=1, status="error")]
    text = page([make_record("a", auc_pr=0.5), *failed], "series.real.md")
    assert "**0.500**" in text
    assert "| 0.900 (1 error, 1 ok) |" in text
    assert "In bold the best of those without a failed trial;" in text
