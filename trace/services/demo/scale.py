"""As many batches as wanted, each with what a real one leaves behind: versions, events with their true hashes, looks.

Rows are written as text, thousands at a time.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from time import monotonic

from sqlalchemy import Connection, Engine, Table, bindparam, update
from sqlalchemy.orm import Session

from ...domain import crockford, public_code
from ...domain.balance import MovementKind
from ...domain.batches import BatchStatus
from ...domain.completeness import BatchFacts, StageFacts, completeness
from ...domain.evidence import Evidence
from ...domain.products import Commodity
from ...domain.reach import BatchState
from ...domain.scans import Visitor
from ...domain.stages import Chain, chain_of
from ...domain.vocabulary import BusinessStep
from ...storage.balance import Holding, Link, Movement
from ...storage.batches import Batch, BatchVersion
from ...storage.bulk import Value, continue_after, lift_indexes, next_id, write_rows
from ...storage.businesses import Business
from ...storage.chain import Event
from ...storage.handovers import Handover
from ...storage.scans import Scan, ScanCount
from ...storage.stages import ChainTemplate, template_at
from .. import settling
from ..clock import today
from ..scans import count_months
from . import trade
from .crowd import YEARS, Grower, Trader, settle
from .families import Member, member_at
from .forms import forms

AT_A_TIME = 10_000
BATCHES_EACH, FEWEST_GROWERS = 200, 20
NOT_PACKED, LOOKED_AT, WITHDRAWN = 0.2, 0.05, 0.002
"""Parts of the batches."""

Row = tuple[Value, ...]
COLUMNS = {
    Batch: "id business_id product_id site_id lot amount production_date best_before status public_code complete "
    "reach unbroken published_at withdrawn_at withdrawn_reason created_at version",
    BatchVersion: "batch_id number facts reason by_name at",
    **trade.COLUMNS,
    Event: "id batch_id business_id site_id handover_id type business_step event_time offset record_time evidence "
    "actor_name hash declares_error body",
    Holding: "batch_id business_id amount packed",
    Link: "parent_id child_id amount event_id",
    Movement: "batch_id business_id kind amount event_id at",
    Scan: "batch_id code visitor device place at",
    ScanCount: "batch_id people last_at",
}


def load_batches(
    engine: Engine,
    count: int,
    *,
    photos: Sequence[int],
    public_url: str,
    say: Callable[[str], None],
    largest_family: int = 0,
    growers: int | None = None,
    traders: int = 0,
    seed: int = 96,
) -> None:
    """Add ``count`` published batches of ``growers`` made for them, committing group by group.

    Some are made of others (``families``). ``photos`` are the ids of stored photos, which the growers' products share.
    With ``traders`` batches are labelled and delivered too (``trade``), and have about ten events each.
    """
    random = Random(seed)  # noqa: S311 - nothing here is secret
    day = today()
    with Session(engine) as session:
        number = growers or max(FEWEST_GROWERS, count // BATCHES_EACH)
        growing, trading = settle(session, number, photos=photos, today=day, random=random, traders=traders)
        session.commit()
        say(f"{len(growing)} growers, {len(trading)} traders")
    harvests = _harvests(growing, count, largest_family, day, random)
    complete: Counter[int] = Counter()
    latest: dict[int, datetime] = {}
    last_event_on: dict[int, date] = {}
    broken: set[int] = set()
    started = monotonic()
    tables = [_table(model) for model in COLUMNS]
    with engine.begin() as connection:
        lifted = lift_indexes(connection, tables) if next_id(connection, tables[0]) == 1 else []
    for done in range(0, count, AT_A_TIME):
        with engine.begin() as connection:
            group = _Group(connection, public_url, random, broken, trading)
            for _ in range(min(AT_A_TIME, count - done)):
                harvest = next(harvests)
                if group.add(harvest):
                    complete[harvest.grower.business_id] += 1
                    latest[harvest.grower.business_id] = harvest.published_at
            last_event_on |= group.last_event_on
            group.write()
        written = min(done + AT_A_TIME, count)
        say(f"{written} of {count} batches, {written / (monotonic() - started):.0f} a second")
    with engine.begin() as connection:
        for statement in lifted:
            connection.exec_driver_sql(statement)
        connection.execute(
            update(Business)
            .where(Business.id == bindparam("grower"))
            .values(
                complete_batches=bindparam("number"),
                last_complete_at=bindparam("latest"),
                last_event_on=bindparam("on"),
            ),
            [
                {"grower": one, "number": complete[one], "latest": latest.get(one), "on": on}
                for one, on in sorted(last_event_on.items())
            ],
        )
    with Session(engine) as session:
        settling.settle(session)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")


@dataclass(frozen=True, slots=True)
class Harvest:
    grower: Grower
    site_id: int
    product_id: int
    lot: str
    amount: int
    on: date
    best_before: date
    has_photo: bool
    made: Member | None

    @property
    def published_at(self) -> datetime:
        return datetime(self.on.year, self.on.month, self.on.day, 9, 30, tzinfo=UTC)


def _harvests(growers: list[Grower], count: int, largest_family: int, today: date, random: Random) -> Iterator[Harvest]:
    """In the order of their days, ending yesterday. A family has one grower, one place and one product."""
    homes: dict[int, tuple[Grower, tuple[int, str], tuple[int, int, bool]]] = {}
    span = YEARS * 365
    numbers: Counter[tuple[int, str]] = Counter()
    day = None
    for place in range(count):
        on = today - timedelta(days=span - place * span // count)
        if on != day:
            day = on
            numbers.clear()
        grower = random.choice(growers)
        home = grower, random.choice(grower.sites), random.choice(grower.products)
        if made := member_at(place, count, largest_family):
            home = homes.setdefault(made.family, home)
        grower, (site_id, code), (product_id, shelf_life, has_photo) = home
        numbers[grower.business_id, code] += 1
        lot = f"{code}-{on:%y%m%d}-{numbers[grower.business_id, code]}"
        amount = made.amount if made else random.randrange(20, 600) * 500
        yield Harvest(grower, site_id, product_id, lot, amount, on, on + timedelta(days=shelf_life), has_photo, made)


@dataclass
class _Group:
    """The rows of batches that are written together."""

    connection: Connection
    public_url: str
    random: Random
    broken: set[int]
    """Ids of batches that are incomplete, withdrawn or made of such."""
    traders: Sequence[Trader]
    rows: dict[type, list[Row]] = field(default_factory=lambda: defaultdict(list))
    last_event_on: dict[int, date] = field(default_factory=dict)
    looks: Counter[date] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.first = next_id(self.connection, _table(Batch))
        self.first_event = next_id(self.connection, _table(Event))
        self.first_handover = next_id(self.connection, _table(Handover))
        in_force = template_at(Commodity.VEGETABLES, date(2026, 1, 1)).with_only_columns(ChainTemplate.stages)
        self.chain = chain_of(self.connection.execute(in_force).scalar_one())

    def add(self, harvest: Harvest) -> bool:
        """Returns whether the batch is complete and shown."""
        random, grower = self.random, harvest.grower
        batch_id = self.first + len(self.rows[Batch])
        code = _code(batch_id)
        packed, withdrawn = random.random() >= NOT_PACKED, random.random() < WITHDRAWN
        standard = grower.names_standard or grower.certified[0] <= harvest.on <= grower.certified[1]
        complete = _is_complete(self.chain, harvest.has_photo, standard, packed)
        day, at = harvest.on.isoformat(), f"{harvest.on.isoformat()} 09:30:00.000000"
        until = harvest.best_before.isoformat()
        status = BatchStatus.WITHDRAWN if withdrawn else BatchStatus.PUBLISHED
        parents = [(batch_id - before, amount) for before, amount in harvest.made.parents] if harvest.made else []
        left = harvest.amount - (harvest.made.used if harvest.made else 0)
        fate = trade.fate(self.traders, packed=packed, left=left, random=random) if self.traders else trade.Fate()
        state = BatchState(
            published=not withdrawn,
            complete=complete,
            labelled=fate.labelled,
            handed_over=fate.received,
            parents_unbroken=all(parent not in self.broken for parent, _ in parents),
        )
        if not state.unbroken:
            self.broken.add(batch_id)
        facts = (
            f'{{"product_id": {harvest.product_id}, "site_id": {harvest.site_id}, "lot": "{harvest.lot}", '
            f'"amount": {harvest.amount}, "production_date": "{day}", "best_before": "{until}"}}'
        )
        self.rows[Batch].append(
            (batch_id, grower.business_id, harvest.product_id, harvest.site_id, harvest.lot, harvest.amount, day, until,
             status.value, code, complete, state.reach.value, state.unbroken, at, at if withdrawn else None, "Ví dụ về rút lô" if withdrawn else "", at, 1)
        )  # fmt: skip
        self.rows[BatchVersion].append((batch_id, 1, facts, "", trade.PERSON, at))
        marks = {
            "code": code,
            "lot": harvest.lot,
            "site": harvest.site_id,
            "amount": f"{harvest.amount / 1000:g}",
            "day": day,
            "eve": (harvest.on - timedelta(days=1)).isoformat(),
            "best_before": until,
            "packs": harvest.amount // 500,
        }
        event_id = self.first_event + len(self.rows[Event])
        for parent_id, amount in parents:
            self.rows[Link].append((parent_id, batch_id, amount, event_id))
            self.rows[Movement].append(
                (parent_id, grower.business_id, MovementKind.USED.value, amount, event_id, f"{day} 07:00:00.000000")
            )
        for number, (from_code, amount) in enumerate(sorted((_code(parent), amount) for parent, amount in parents)):
            marks |= {f"parent_{number}": from_code, f"part_{number}": f"{amount / 1000:g}"}
        for form in forms(self.public_url, len(parents))[: 1 + packed]:
            digest, body = form.fill(marks)
            self.rows[Event].append(
                (event_id, batch_id, grower.business_id, harvest.site_id, None, form.type.value, form.step.value,
                 form.time % marks, "+07:00", at, Evidence.DECLARED.value, trade.PERSON, digest, False, body)
            )  # fmt: skip
            event_id += 1
        if self.traders:
            lot = trade.Lot(batch_id, grower.business_id, harvest.site_id, left, day, marks)
            ids = {"event_id": event_id, "handover_id": self.first_handover + len(self.rows[Handover])}
            journey = trade.Journey(self.rows, lot, public_url=self.public_url, number=2 + packed, **ids)
            journey.handled()
            left -= journey.goes(fate)
        self.rows[Holding].append((batch_id, grower.business_id, left, 0))
        parties = [grower.business_id, *(one.business_id for one in fate.hops if fate.received)]
        self.last_event_on |= dict.fromkeys(parties, harvest.on)
        if random.random() < LOOKED_AT:
            looks = random.randrange(1, 4)
            for _ in range(looks):
                self.rows[Scan].append((batch_id, code, Visitor.PERSON.value, f"{random.getrandbits(96):024x}", "", at))
            self.rows[ScanCount].append((batch_id, looks, at))
            self.looks[harvest.on] += looks
        return complete and not withdrawn

    def write(self) -> None:
        for model, columns in COLUMNS.items():
            write_rows(self.connection, _table(model), columns.split(), self.rows[model])
        count_months(self.connection, self.looks, self.looks)
        continue_after(self.connection, [_table(Batch), _table(Event), _table(Handover)])


@cache
def _is_complete(chain: Chain, has_photo: bool, names_standard: bool, packed: bool) -> bool:
    """By the rule itself, for the three things in which these batches differ."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    steps = [BusinessStep.CREATING_CLASS_INSTANCE, BusinessStep.PACKING][: 1 + packed]
    facts = BatchFacts(
        product_name="Cải ngọt",
        has_image=has_photo,
        business_name="Hộ trồng rau",
        business_address="Hà Nội",
        stages=[StageFacts(step, "code", "site", at) for step in steps],
        production_date=at.date(),
        public_code="code",
        best_before=at.date(),
        standards=["TCVN"] if names_standard else [],
    )
    return completeness(facts, chain).complete


def _code(number: int) -> str:
    """A code for each number that no other has: an odd factor turns 2⁴⁵ numbers into each other."""
    bits = number * 0x0F5A_7C3D_96E1 % 2**45
    return crockford.with_check(crockford.encode((bits << 3).to_bytes(6), public_code.LENGTH - 1))


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
