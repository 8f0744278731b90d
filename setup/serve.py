"""``make run``: prepare the instance folder, say where to look and how to sign in, then serve until Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from trace import create_app
from trace.request.database import db
from trace.storage import migrations
from trace.storage.businesses import Business

from . import machine, translations

HOST = "127.0.0.1"
WORKERS = min(os.cpu_count() or 1, 4)
THREADS = 2  # of each worker: more of them fight for the interpreter's lock, and fewer wait behind one upload
SERVER = ("granian", "--interface", "wsgi", "--no-ws", "--workers", str(WORKERS), "--blocking-threads", str(THREADS))


def main(arguments: list[str]) -> int:
    address = f"http://{HOST}:{os.environ.get('PORT') or '8000'}"
    os.environ.setdefault("TRACE_PUBLIC_URL", address)
    os.environ["PYTHONUNBUFFERED"] = "1"
    translations.compile_catalogs()
    prepare()
    if machine.find_library("zbar", package="libzbar0") is None:
        print("zbar is missing: labels are checked by one decoder only. Install libzbar0 (macOS: brew install zbar).")
    story = json.loads(command("demo", "show"))
    print(welcome(address, story), flush=True)
    return 0 if "--only-prepare" in arguments else serve(reload="--reload" in arguments)


def prepare() -> None:
    """Migrate; load the demo story where there is no business yet."""
    app = create_app()
    with app.app_context():
        migrations.upgrade(db.engine)
        empty = db.session.scalar(select(Business.id).limit(1)) is None
    if empty:
        print("Loading the demo story …", flush=True)
        command("demo", "load")


def command(*arguments: str) -> str:
    """What a command of the service printed."""
    return subprocess.run(
        [sys.executable, "-m", "trace", *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def welcome(address: str, story: Mapping[str, Any]) -> str:
    """The three addresses to open and the accounts to open them with."""
    code = next(iter(story["batches"].values()))
    lines = [
        "",
        f"  Người tiêu dùng · shopper      {address}/q/{code}",
        f"  Cơ sở · business               {address}/workspace/",
        f"  Cơ quan quản lý · department   {address}/authority/",
        "",
    ]
    for role, account in story["accounts"].items():
        lines.append(f"  {role:<16} " + "   ".join(str(value) for value in account.values() if value))
    return "\n".join([*lines, "", "  Ctrl-C stops the service.", ""])


def serve(*, reload: bool) -> int:
    """Run the web server and the jobs beside it; when one ends, or on Ctrl-C, end both."""
    port = os.environ.get("PORT") or "8000"
    if reload:
        web = ["flask", "--app", "trace", "run", "--debug", "--host", HOST, "--port", port]
    else:
        web = [*SERVER, "--host", HOST, "--port", port, "wsgi:app"]
    for request_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(request_to_stop, lambda *_: sys.exit(0))
    # In sessions of their own, so that Ctrl-C reaches only us and each is stopped once.
    running = [
        subprocess.Popen([sys.executable, "-m", *command], start_new_session=True)
        for command in (web, ["trace", "jobs"])
    ]
    try:
        os.wait()
        print("The server or its jobs ended by themselves; see above.", file=sys.stderr)
        return 1
    finally:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
