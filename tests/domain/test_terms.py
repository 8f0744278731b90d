"""Every word of ours that an event may use is published."""

import re
from pathlib import Path

from trace.domain.terms import TERMS
from trace.domain.vocabulary import BusinessStep

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_term_that_events_use_is_explained() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "trace").glob("**/*.py"))
    used = {*re.findall(r"\"trace:([a-z_]+)\"", sources), *(step.value for step in BusinessStep if step.is_own)}
    assert used - {term.name for term in TERMS} == set()


def test_each_term_is_explained_once() -> None:
    assert len({term.name for term in TERMS}) == len(TERMS)
    assert all(re.fullmatch("[a-z][a-z_]*", term.name) for term in TERMS)
