"""The story of the demonstration, acted out through the same verbs that people use, day by day until today."""

from collections.abc import Callable

from sqlalchemy import update

from ...domain.permissions import SYSTEM
from ...storage.businesses import Business
from ...storage.notices import Notice
from .. import audit, certificates, packaging, snapshots
from . import cast, script
from .caring import care
from .casing import send_case
from .cast import Person
from .connecting import connect
from .delivering import DELIVERIES, deliver
from .diaries import keep_diary
from .enrolling import Credentials, certify, enrol, import_official_list, invite_staff, open_account, suspend
from .greening import become_green
from .inspecting import inspect
from .pickling import pickle
from .planning import plan
from .recalling import recall
from .stage import Stage
from .stamping import stamp
from .trading import complain, harvest, look
from .working import work_off

LOADED = "demo:load"


def tell(stage: Stage, credentials: Callable[[Person], Credentials]) -> None:
    """Once, into a database without businesses; each verb commits, and the last entry of the audit trail says it is done."""
    for person in cast.PEOPLE:
        open_account(stage, person, credentials(person))
    *early, second_farm, applicant = cast.HOUSES
    *checked, waiting = script.PAPERS
    for house in early:
        enrol(stage, house)
    import_official_list(stage)  # before the second farm: then a person has to say that its entry is that farm
    enrol(stage, second_farm)
    invite_staff(stage)
    for paper in checked:
        certify(stage, paper)
    for each in sorted(script.HARVESTS, key=lambda each: -each.days_ago):
        harvest(stage, each, season_id=keep_diary(stage, each.part))
    for delivery in DELIVERIES:
        deliver(stage, delivery)
    pickle(stage)
    stamp(stage)
    send_case(stage)
    care(stage)
    suspend(stage)
    certify(stage, waiting)
    enrol(stage, applicant)
    for report in script.REPORTS:
        complain(stage, report)
    connect(stage)
    become_green(stage)
    recall(stage)
    inspect(stage)
    look(stage)
    plan(stage)
    work_off(stage)
    _finish(stage)


def _finish(stage: Stage) -> None:
    """Nobody reads mail at these addresses, so none is left to be sent."""
    snapshots.take(stage.session)
    packaging.keep(stage.session)
    certificates.announce_lapsing(stage.session)
    stage.session.execute(update(Notice).values(mailed_at=stage.start))
    farm = stage.session.get_one(Business, stage.businesses["farm"])
    audit.record(stage.session, SYSTEM, LOADED, farm)
    stage.session.commit()
