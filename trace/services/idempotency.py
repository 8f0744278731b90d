"""Doing once what was asked twice: see docs/decisions/0006-idempotent-requests.md."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b, sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.errors import N_, Conflict, TraceError
from ..storage.accounts import IdempotentRequest
from .clock import now

KEPT_FOR = timedelta(hours=48)
"""Our own promise (docs/api.md), not a legal period: longer than a machine that lost its line goes on repeating."""


class KeyReused(TraceError):
    code = "idempotency-key-reused"
    message = N_("Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới cho mỗi việc mới.")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def answer_once(
    session: Session, *, secret: str, key: str, fingerprint: str, respond: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """The answer of ``respond``, or the one kept for this key and whether it was that.

    ``secret`` is the caller's API key (empty: anyone): it tells callers apart, and without it the answer cannot be
    read. What ``respond`` changes through ``session`` and the answer are committed together, so neither exists without
    the other. Whatever ``respond`` raises is raised here, and then nothing is kept: a repetition tries again.
    Raises KeyReused where the key belongs to another request.
    """
    caller = f"key:{sha256(secret.encode()).hexdigest()}" if secret else "anyone"
    seal = AESGCM(blake2b(secret.encode(), digest_size=32, person=b"kept answer").digest())
    if kept := _kept(session, seal, caller, key, fingerprint):
        return kept, True
    session.rollback()  # the connection below needs SQLite's write lock for itself
    engine = session.bind
    with session.get_bind().engine.connect() as connection, connection.begin() as transaction:
        claim = insert(IdempotentRequest).returning(IdempotentRequest.id)
        values = {"caller": caller, "key": key, "fingerprint": fingerprint, "created_at": now()}
        try:
            row = connection.execute(claim, values).scalar_one()  # waits here for the same request sent at once
        except IntegrityError:
            transaction.rollback()
        else:
            session.bind, session.join_transaction_mode = connection, "create_savepoint"  # commits become savepoints
            try:
                answer = respond()
            finally:
                session.close()
                session.bind, session.join_transaction_mode = engine, "conditional_savepoint"
            connection.execute(
                update(IdempotentRequest)
                .where(IdempotentRequest.id == row)
                .values(status=answer.status, headers=dict(answer.headers), body=_sealed(seal, answer.body))
            )
            return answer, False
    if kept := _kept(session, seal, caller, key, fingerprint):
        return kept, True
    raise Conflict


def purge(session: Session) -> int:
    """Forget answers older than KEPT_FOR; return how many."""
    forgotten = session.execute(
        delete(IdempotentRequest).where(IdempotentRequest.created_at < now() - KEPT_FOR).returning(IdempotentRequest.id)
    ).all()
    session.commit()
    return len(forgotten)


def _sealed(seal: AESGCM, body: bytes) -> bytes:
    """An answer may hold what is kept nowhere else, such as a new key or the link of an invitation."""
    nonce = secrets.token_bytes(12)
    return nonce + seal.encrypt(nonce, body, None)


def _kept(session: Session, seal: AESGCM, caller: str, key: str, fingerprint: str) -> Answer | None:
    kept = session.scalar(
        select(IdempotentRequest).where(IdempotentRequest.caller == caller, IdempotentRequest.key == key)
    )
    if kept is None:
        return None
    if kept.fingerprint != fingerprint:
        raise KeyReused
    body = kept.body or b""
    return Answer(kept.status or 0, kept.headers or {}, seal.decrypt(body[:12], body[12:], None))
