"""Every screen of the department, opened by an officer of the city in this process."""

import time
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from trace import create_app
from trace.domain.permissions import OfficeRole
from trace.request.database import db
from trace.services.clock import now
from trace.settings import Settings
from trace.storage.accounts import Role, User

from .databases import PUBLIC_URL, Filled
from .looks import counted
from .servers import environment_of_service

ROOM = "authority."
LEFT_OUT = {"worker.js"}
"""Ends of addresses that are no page; other files are told by their ``<…:extension>``."""
FILTERED = {
    "audit": ("person=Cán", "topic=businesses", "business={business_id}", "since=01/11/2026&until=02/11/2026", "after=50000"),
    "batches": ("business={business_id}", "q={code}", "after=5000"),
    "businesses": (
        "q=rau", "q=khong co ai", "kind=shop", "status=applied", "commune=Phường Hồng Hà", "certificates=valid",
        "certificates=lapsed", "certificates=lapsing", "certificates=none", "kind=shop&q=cua&certificates=none", "after=90",
    ),
    "certificates": ("status=verified", "status=verified&after=900", "business={business_id}"),
    "complaints": ("status=resolved", "business={business_id}"),
    "coverage_figures": ("by=commune", "by=kind", "by=commodity", "by=chain"),
    "directory": ("q=rau", "commodity=vegetables", "packaging=biodegradable", "scheme=vietgap"),
    "handovers": ("disputed=yes", "after=900"),
    "home_progress": (
        "stage=handed_over", "progress=traceable", "progress=no_handover&kind=household", "commodity=vegetables",
        "commune=Phường Hồng Hà", "chain=CHUOI-10", "q=rau", "q=khong co ai", "after=90",
    ),
    "inspection_findings": ("business={business_id}", "status=closed"),
    "plan_activities": ("kind=class", "q=hoat", "after=50"),
    "risks": ("kind=shop", "commodity=vegetables", "q=rau", "commune=Phường Hồng Hà"),
    "register_list": ("match=none", "match=proposed", "q=khong co ai", "q=rau&match=tax_code"),
}  # fmt: skip
"""Lists as somebody narrows them down, beside the page as it opens."""
ABOUT_A_BUSINESS = {"new_inspection", "new_inspection_round"}
"""Asks in its query which one it is about."""


@dataclass
class Screen:
    """Seconds in each database, by its name, and the most queries that it asked."""

    address: str
    times: dict[str, list[float]] = field(default_factory=dict)
    queries: int = 0

    def p95(self, database: str) -> float:
        """Milliseconds."""
        times = sorted(self.times[database])
        return times[ceil(len(times) * 0.95) - 1] * 1000

    def middle(self, database: str) -> float:
        return median(self.times[database]) * 1000


class Room:
    """The application on one database, with an officer signed in."""

    def __init__(self, filled: Filled, folder: Path) -> None:
        self.filled = filled
        self.app: Flask = create_app(Settings.load(environment_of_service(filled.url, folder)))
        with self.app.app_context():
            self.engine: Engine = db.engine
        self.client = self.app.test_client()
        _sign_in(self.client, self.engine)

    def addresses(self) -> dict[str, str]:
        """What a screen is called → its address with what this database has."""
        found: dict[str, str] = {}
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            is_file = "extension" in rule.arguments or rule.rule.rpartition(".")[2] in ("js", "xlsx")
            if rule.endpoint.startswith(ROOM) and "GET" in (rule.methods or ()) and not is_file:
                values = {}
                for name in rule.arguments:
                    choices = getattr(rule._converters[name], "items", None)
                    values[name] = min(choices) if choices else self.filled.values[name]
                built = rule.build(values)
                assert built
                name = rule.endpoint.removeprefix(ROOM)
                about = f"?business={self.filled.values['business_id']}" if name in ABOUT_A_BUSINESS else ""
                found[rule.rule] = built[1] + about
                for asked in FILTERED.get(name, ()):
                    found[f"{rule.rule}?{asked}"] = f"{built[1]}?{asked.format(**self.filled.values)}"
        return found

    def open(self, address: str) -> float:
        """Seconds."""
        begun = perf_counter()
        response = self.client.get(address, base_url=PUBLIC_URL, headers={"Accept-Language": "vi"})
        body = response.data
        seconds = perf_counter() - begun
        if response.status_code != 200 or not body:
            raise RuntimeError(f"{response.status} of {address}")
        return seconds

    def count(self, address: str) -> int:
        with counted(self.engine) as asked:
            self.open(address)
        return len(asked)


def open_in_turn(rooms: list[Room], rounds: int) -> list[Screen]:
    """Each screen in each database, one after the other, so that whatever else the machine does disturbs all alike."""
    addresses = {room.filled.name: room.addresses() for room in rooms}
    screens = [Screen(name) for name in addresses[rooms[0].filled.name]]
    for turn in range(rounds + 1):
        print(f"  round {turn} of {rounds}", flush=True)
        for screen in screens:
            for room in rooms:
                address = addresses[room.filled.name][screen.address]
                if turn == 0:  # what a process reads once is read now
                    room.open(address)
                    screen.queries = max(screen.queries, room.count(address))
                else:
                    screen.times.setdefault(room.filled.name, []).append(room.open(address))
    return screens


def _sign_in(client: FlaskClient, engine: Engine) -> None:
    """As the sign-in page would; an officer of the city who appoints others too, made for this."""
    with Session(engine) as session:
        officer = User(
            email=f"bench-{time.time_ns()}@example.com",
            name="Cán bộ (ví dụ)",
            office=OfficeRole.CITY,
            locale="vi",
            active=True,
            fs_uniquifier=f"{time.time_ns():x}",
            tf_primary_method="authenticator",
            tf_totp_secret="{}",  # noqa: S106 - nobody signs in with it
            confirmed_at=now(),
            create_datetime=now(),
            update_datetime=now(),
        )
        administrator = session.scalars(select(Role).where(Role.name == "administrator")).first()
        officer.roles = [administrator or Role(name="administrator")]
        session.add(officer)
        session.flush()
        user_id = officer.new_session()
        session.commit()
    with client.session_transaction(base_url=PUBLIC_URL) as cookie:
        cookie.update(_user_id=user_id, _fresh=True, fs_cc="set", fs_paa=time.time())
