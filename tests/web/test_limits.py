"""Counting how often an address asks, while many threads do."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.storage import storage_from_string

from trace.request import limits

THREADS = 8


def test_threads_that_count_at_once_do_not_fail_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = storage_from_string("threaded-memory://")
    assert isinstance(storage, limits.ThreadedMemory)
    storage.timer.join()
    start = threading.Timer.start
    monkeypatch.setattr(threading.Timer, "start", lambda timer: (time.sleep(0.005), start(timer)))
    together = threading.Barrier(THREADS)

    def count(_: int) -> None:
        together.wait()
        storage.incr("address", 60)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(count, range(THREADS)))
    assert storage.get("address") == THREADS
