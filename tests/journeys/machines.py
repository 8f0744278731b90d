"""A server that may be killed at any moment, and machines that take batches through their lives on it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from setup.machine import free_port
from tests.databases import TestDatabase
from trace.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent

STEPS = (
    "note",
    "register",
    "publish",
    "lose",
    "make",
    "offer",
    "accept",
    "offer less",
    "accept less",
    "offer back",
    "reject",
    "send",
    "propose",
    "confirm",
    "look",
    "answer",
    "look at shop",
    "answer at shop",
)
"""The farm's, and the shop's where goods arrive. What is recalled is what was made, some of it on its way."""
AT_SHOP = {"accept", "accept less", "reject", "look at shop", "answer at shop"}
DAY, AT = "2026-03-02", "2026-03-02T10:00:00+07:00"
AMOUNT, LOST, USED, OFFERED, MISSING, SENT, DESTROYED = 120, 1, 10, 20, 2, 4, 3
"""Kilograms. ``OFFERED`` three times: received, received but for ``MISSING``, sent back. ``SENT`` is of what was made."""
MADE = "-MADE"


class Server:
    """Dies and comes back on the same port."""

    def __init__(self, settings: Settings, database: TestDatabase) -> None:
        self.port = free_port()
        environ = {
            **os.environ,
            "TRACE_INSTANCE_PATH": str(settings.instance_path),
            "TRACE_DATABASE_URL": database.url,
            "TRACE_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
        }
        command = [sys.executable, "-m", "tests.journeys.killable", str(self.port)]
        self.keeper = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        self.serving = self._next()

    def kill(self) -> None:
        os.kill(self.serving, signal.SIGKILL)
        self.serving = self._next()

    def stop(self) -> None:
        self.keeper.kill()  # first, or it would begin another
        self.keeper.wait()
        os.kill(self.serving, signal.SIGKILL)
        assert self.keeper.stdout
        self.keeper.stdout.close()

    def _next(self) -> int:
        assert self.keeper.stdout
        return int(self.keeper.stdout.readline())


@dataclass(frozen=True)
class Party:
    business_id: int
    key: str


@dataclass
class Machine:
    """Takes one batch after another through its life, and remembers what it was answered; asks again until it is."""

    server: Server
    farm: Party
    shop: Party
    season_id: int
    facts: Mapping[str, Any]
    """Of a batch."""
    name: str
    stopping: threading.Event
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By lot and by step."""
    odd: list[Any] = field(default_factory=list)

    def work(self) -> None:
        while not self.stopping.is_set() and not self.odd:
            lot = f"{self.name}-{len(self.answers)}"
            self.answers[lot] = {}
            while not self.stopping.is_set() and not self.odd and not self.take_up(lot):
                pass

    def take_up(self, lot: str) -> bool:
        """Ask for what was not answered yet, until something is not; safe to repeat."""
        answers = self.answers[lot]
        for step in STEPS:
            if step not in answers and (answer := self._ask(step, lot, *self._request(step, lot, answers))):
                answers[step] = answer
            if step not in answers:
                return False
        return True

    def _request(self, step: str, lot: str, answers: Mapping[str, Any]) -> tuple[str, dict[str, Any] | None]:
        """Where to, below the party's own address, and what; None is only looked at."""

        def handover(offered: str) -> str:
            return f"handovers/{answers[offered]['handover']['id']}"

        def found(seen: str, amount: int) -> dict[str, Any]:
            [item] = answers[seen]["items"]
            return {"item_id": item["id"], "located": _kilograms(amount), "disposal": "destruction"}

        batch = answers.get("register", {}).get("id")
        made = answers.get("make", {})
        case = f"recalls/{answers.get('propose', {}).get('id')}"
        match step:
            case "note":
                return f"seasons/{self.season_id}/entries", {"kind": "note", "happened_on": DAY, "note": lot}
            case "register":
                return "batches", {**self.facts, "lot": lot}
            case "publish":
                return f"batches/{batch}/publication", {}
            case "lose":
                return f"batches/{batch}/removals", {"kind": "lost", "amount": _kilograms(LOST), "at": AT}
            case "make":
                inputs = [{"batch_id": batch, "amount": _kilograms(USED)}]
                facts = {"lot": f"{lot}{MADE}", "amount": _kilograms(USED), "inputs": inputs, "at": AT}
                return "transformations", {**self.facts, **facts}
            case "offer" | "offer less" | "offer back":
                return "handovers", self._offered(batch, OFFERED)
            case "accept":
                return f"{handover('offer')}/acceptance", {}
            case "accept less":
                less = {"received": _kilograms(OFFERED - MISSING), "reason": "Dập hai cân"}
                return f"{handover('offer less')}/acceptance", less
            case "reject":
                return f"{handover('offer back')}/rejection", {"reason": "Không đạt"}
            case "send":
                return "handovers", self._offered(made["id"], SENT)
            case "propose":
                scope = {"kind": "batches", "codes": [made["public_code"]]}
                return "recalls", {"recall_class": "minor", "reason": lot, "phone": "0912345678", "scope": scope}
            case "confirm":
                return f"{case}/confirmation", {"word": "recall", "seen": 1}
            case "answer":
                return f"{case}/answer", {"found": [found("look", DESTROYED)]}
            case "answer at shop":
                return f"{case}/answer", {"found": [found("look at shop", SENT)]}
        return case, None

    def _offered(self, batch_id: int, amount: int) -> dict[str, Any]:
        return {"batch_id": batch_id, "amount": _kilograms(amount), "buyer_id": self.shop.business_id}

    def _ask(self, step: str, lot: str, path: str, facts: Any) -> Any:
        """The answer, or None where there was none."""
        party, once = self.shop if step in AT_SHOP else self.farm, f"{step}-{lot}".replace(" ", "-")
        method, body = ("GET", None) if facts is None else ("POST", json.dumps(facts))
        headers = {"Authorization": f"Bearer {party.key}", "Content-Type": "application/json", "Idempotency-Key": once}
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request(method, f"/api/v1/businesses/{party.business_id}/{path}", body, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()
        if answer.status not in (200, 201):
            self.odd.append((answer.status, once, said))
            return None
        return json.loads(said)


def _kilograms(amount: int) -> dict[str, str]:
    return {"value": str(amount), "unit": "KGM"}
