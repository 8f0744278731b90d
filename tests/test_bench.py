"""The benchmark's own code, on few rows: what it fills is counted right, every screen opens, and none asks too much."""

from pathlib import Path

import pytest

from bench.databases import Filled, fill_department, open_engine
from bench.headline import compare
from bench.report import Section, rewrite
from bench.screens import Room
from bench.snapshots import take_two


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("department")
    url, done = f"sqlite:///{folder / 'department.sqlite'}", folder / "filled"
    values = fill_department("test", url, 1500, done)
    return Filled("SQLite", 1500, url, [], values)


def test_every_screen_of_the_department_opens_and_asks_twelve_questions_at_the_most(
    filled: Filled, tmp_path: Path, own_limits: None
) -> None:
    room = Room(filled, tmp_path)
    asked = {}
    for name, address in room.addresses().items():
        room.open(address)  # what is read once, and the look that is noted
        asked[name] = room.count(address)
    room.engine.dispose()
    assert len(asked) > 100
    assert {name: count for name, count in asked.items() if count > 12} == {}


def test_a_topic_measured_by_itself_takes_its_place_in_the_report(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("# Performance\n\n## One\n\nold\n\n## Two\n\nother\n", encoding="utf-8")
    for title in ("One", "Three"):
        rewrite(Section(title, "new", "", []), document)
    written = document.read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if line.startswith("## ")] == ["## One", "## Two", "## Three"]
    assert "old" not in written
    assert "other" in written


def test_the_headline_is_what_counting_anew_comes_to_and_two_days_are_kept(filled: Filled) -> None:
    engine = open_engine(filled.url)
    ours, anew = compare(engine)
    assert ours > 0 < anew
    engine.dispose()
    taken = take_two(filled, 50)
    assert taken.first > 0 < taken.second
