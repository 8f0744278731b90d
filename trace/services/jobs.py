"""What is done after the answer: mail, and what recurs. ``flask --app trace jobs`` runs the queue.

The queue is a file in the instance folder, or Redis where several machines share the work. In tests a job runs at
once, in the caller's thread.
"""

from typing import Any

from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ..settings import Settings
from . import (
    certificates,
    green_points,
    handovers,
    idempotency,
    inspection_findings,
    label_files,
    mail,
    notices,
    packaging,
    recall_answers,
    risks,
    sessions,
    settling,
    snapshots,
    stages,
    webhooks,
)
from .mail import Mail


class Jobs:
    """The queue of one application and the tasks on it."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self.engine = engine
        self.queue: Huey = _open_queue(settings)
        self._send_later = self.queue.task(retries=6, retry_delay=300)(self.send)
        self._recount_soon = self.queue.task(name="recount_soon")(self.recount)
        self._write_labels = self.queue.task(name="write_labels")(self.write_labels)
        self.queue.periodic_task(crontab(minute="*"))(self.deliver_notices)
        self.queue.periodic_task(crontab(minute="*"))(self.recount)
        self.queue.periodic_task(crontab(minute="*"))(self.settle)
        self.queue.periodic_task(crontab(minute="5", hour="0"))(self.begin_day)
        self.queue.periodic_task(crontab(minute="50", hour="16"))(self.keep_figures)
        self.queue.periodic_task(crontab(minute="30"))(self.forget_answers)
        self.queue.periodic_task(crontab(minute="*/10"))(self.remind_of_recalls)
        self.queue.periodic_task(crontab(minute="15"))(self.expire_handovers)
        self.queue.periodic_task(crontab(minute="*"))(self.deliver_webhooks)
        self.queue.periodic_task(crontab(minute="*/5"))(self.recount_risks)

    def send(self, message: Mail) -> None:
        mail.deliver(self.settings, message)

    def send_later(self, message: Mail) -> None:
        """Queue a mail; it is tried again for half an hour while the mail server does not answer."""
        self._send_later(message)

    def deliver_notices(self) -> None:
        with self.queue.lock_task("notices"), Session(self.engine) as session:
            notices.deliver(session, self.send, self.settings.public_url)

    def remind_of_recalls(self) -> None:
        with self.queue.lock_task("recalls"), Session(self.engine) as session:
            recall_answers.remind_silent(session)

    def deliver_webhooks(self) -> None:
        with self.queue.lock_task("webhooks"), Session(self.engine) as session:
            webhooks.deliver(session, self.settings)

    def recount(self) -> None:
        """Judge batches by chain templates that changed, where it was left off."""
        with self.queue.lock_task("recount"), Session(self.engine) as session:
            stages.recount_waiting(session)

    def settle(self) -> None:
        """Bring coverage up to date where verbs left something to be looked at, and where days passed."""
        with self.queue.lock_task("settle"), Session(self.engine) as session:
            settling.settle(session)

    def recount_soon(self) -> None:
        self._recount_soon()

    def forget_answers(self) -> None:
        with self.queue.lock_task("answers"), Session(self.engine) as session:
            idempotency.purge(session)
            sessions.purge(session)

    def expire_handovers(self) -> None:
        with self.queue.lock_task("handovers"), Session(self.engine) as session:
            handovers.expire(session)

    def write_labels(self, issue_id: int) -> None:
        label_files.write(self.engine, self.settings, issue_id)

    def write_labels_soon(self, issue_id: int) -> None:
        self._write_labels(issue_id)

    def recount_risks(self) -> None:
        with self.queue.lock_task("risks"), Session(self.engine) as session:
            risks.recount_changed(session)

    def begin_day(self) -> None:
        """At five past seven in the morning in Việt Nam; the queue's clock is UTC."""
        with Session(self.engine) as session:
            certificates.announce_lapsing(session)
            green_points.announce_lapsing(session)
            inspection_findings.remind(session)
            label_files.forget_old(session, self.settings.labels_path)
        with self.queue.lock_task("risks"), Session(self.engine) as session:
            risks.recount_all(session)

    def keep_figures(self) -> None:
        """Ten minutes before midnight in Việt Nam: the figures of the day."""
        with self.queue.lock_task("snapshot"), Session(self.engine) as session:
            snapshots.take(session)
            packaging.keep(session)

    def run(self) -> None:
        """Work until told to stop (SIGINT or SIGTERM); two at a time, as a long file must not keep mail waiting."""
        self.queue.create_consumer(workers=2, periodic=True).run()


def _open_queue(settings: Settings) -> Any:
    if settings.testing:
        return MemoryHuey("trace", immediate=True)
    if settings.redis_url:
        return RedisHuey("trace", url=settings.redis_url)
    return SqliteHuey("trace", filename=str(settings.instance_path / "jobs.sqlite"))
