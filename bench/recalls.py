"""Topic ``recalls``: confirming one that reaches ten thousand batches, and the next look at each of their pages."""

from time import perf_counter

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from trace import create_app
from trace.domain.approvals import ApprovalKind, ApprovalStatus
from trace.domain.balance import Direction
from trace.domain.permissions import SYSTEM, Actor, Office, OfficeRole
from trace.domain.recalls import RecallClass, Scope, ScopeKind
from trace.domain.verdicts import Verdict
from trace.services import approvals, recalls
from trace.services.recalls import RecallFacts
from trace.services.trace import follow
from trace.settings import Settings
from trace.storage.approvals import open_approval

from .databases import FAMILY, PUBLIC_URL, WITH_FAMILY, Databases, Filled, open_engine
from .report import Bar, Section, table
from .servers import environment_of_service
from .trace import roots_of

OFFICER = Actor(user_id=None, name="bench", office=Office(role=OfficeRole.CITY))
TEXT = f"""An officer recalls one batch of which {FAMILY - 1:,} others were made. *Confirmed* is the order and a second person's approval, each in one transaction: the locks, the
closure, every batch blocked, every holder noted and told. Then the page of each of those batches is asked for once, in this
process, and must say first that it is recalled."""


def measure_recalls(databases: Databases, *, quick: bool) -> Section:  # noqa: ARG001 - all topics are asked alike
    rows, bars = [], []
    for filled in databases.to_write_in(WITH_FAMILY):
        engine = open_engine(filled.url)
        root = roots_of(engine, filled).large
        with Session(engine) as session:
            family = [batch.code for batch in follow(session, SYSTEM, root, Direction.FORWARD).batches.values()]
        seconds = _confirm(engine, root)
        engine.dispose()
        red = _red(_application(databases, filled), family)
        rows.append([filled.engine, f"{len(family):,}", f"{seconds:.2f}", f"{red:,}"])
        bars.append(Bar(f"a recall of {len(family):,} batches confirmed, s ({filled.engine})", seconds, 3))
        bars.append(Bar(f"pages not red at the next request ({filled.engine})", len(family) - red, 0))
    return Section("Recalling", TEXT, table(["database", "batches", "confirmed, s", "pages red"], rows), bars)


def _confirm(engine: Engine, code: str) -> float:
    facts = RecallFacts(
        recall_class=next(iter(RecallClass)),
        reason="bench",
        scope=Scope(kind=ScopeKind.BATCHES, codes=(code,)),
        phone="024 3825 1234",
    )
    with Session(engine) as session:
        recall = recalls.propose(session, OFFICER, facts, business_id=None)
        begun = perf_counter()
        recalls.confirm(session, OFFICER, recall.id, business_id=None, word="THU HỒI", public_url=PUBLIC_URL)
        asked = session.scalars(open_approval(ApprovalKind.RECALL, recall.id)).one()
        approvals.decide(session, OFFICER, asked.id, ApprovalStatus.APPROVED, public_url=PUBLIC_URL)
        return perf_counter() - begun


def _application(databases: Databases, filled: Filled) -> Flask:
    environment = environment_of_service(filled.url, databases.folder / f"{filled.engine}-recalled")
    return create_app(Settings.load(environment))


def _red(app: Flask, codes: list[str]) -> int:
    """How many of the pages say first that the batch is recalled."""
    client = app.test_client()
    headers = {"Accept": "application/json", "User-Agent": "bench"}
    first = (client.get(f"/q/{code}", headers=headers).get_json()["verdicts"][0] for code in codes)
    red = [verdict for verdict in first if verdict == Verdict.RECALLED]
    app.extensions["trace.scans"].flush()
    return len(red)
