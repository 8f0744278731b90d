"""How often one address may do what costs us or others something. The address is counted, never stored."""

from threading import Lock
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import MemoryStorage

limiter = Limiter(key_func=get_remote_address, strategy="moving-window", headers_enabled=True)

SIGN_IN = "10/minute;60/hour"
SIGN_UP = "10/hour"
COMPLAIN = "6/minute;30/hour"
CONNECT = "10/minute;30/hour"
LOOK_UP = "120/minute"
READ_PHOTO = "12/minute"
MACHINE = "1200/minute"


class ThreadedMemory(MemoryStorage):
    """Counts of one process. The library's own lets two threads start one timer, which ends a request in an error."""

    STORAGE_SCHEME = ["threaded-memory"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._starting = Lock()
        super().__init__(*args, **kwargs)

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - the name that the library's private method has
        with self._starting:
            super()._MemoryStorage__schedule_expiry()  # type: ignore[misc] # hidden from type checkers
