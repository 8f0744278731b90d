"""No page of the service has a serious fault for axe-core, in light or dark, or is wider than a small phone."""

import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from tests import factories
from tests.world import World, address, make_world
from trace.domain.permissions import OF_ADMINISTRATOR, OF_OFFICER

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}
SIGNED_OUT = [f"/account/{page}" for page in ("login", "register", "reset", "confirm")]
SIGNED_IN = [f"/account/{page}" for page in ("change", "verify", "tf-setup", "mf-recovery-codes", "wan-register")]


def paths(app: Flask, world: World, wanted: Callable[[str], bool]) -> list[str]:
    """The addresses of our HTML pages whose endpoint is ``wanted``."""
    return [
        address(rule, world)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and wanted(rule.endpoint) and "template.xlsx" not in rule.rule
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["anonymous", "owner", "officer", "administrator"])
def test_pages_are_accessible(
    role: str, dark: bool, browser: Browser, live_app: Flask, live_server: str, session: Session
) -> None:
    world = make_world(session)
    user = {
        "anonymous": lambda: None,
        "owner": lambda: world.owner,
        "officer": lambda: factories.make_officer(session),
        "administrator": lambda: factories.make_administrator(session),
    }[role]()
    uniquifier = user and user.fs_uniquifier
    permissions = {rule: getattr(view, "permission", None) for rule, view in live_app.view_functions.items()}
    wanted: dict[str, Callable[[str], bool]] = {
        "anonymous": lambda name: (
            name.startswith("public.") and name not in {"public.addresses", "public.printed_batch"}
        ),
        "owner": lambda name: name.startswith("workspace."),
        "officer": lambda name: (
            name.startswith("authority.") and permissions[name] in OF_OFFICER and name != "authority.export_table"
        ),
        "administrator": lambda name: permissions[name] in OF_ADMINISTRATOR,
    }
    pages = paths(live_app, world, wanted[role]) + {"anonymous": SIGNED_OUT, "owner": SIGNED_IN}.get(role, [])
    session.commit()

    context = browser.new_context(
        base_url=live_server,
        viewport={"width": 360, "height": 740},
        bypass_csp=True,  # axe is put into the page
        color_scheme="dark" if dark else "light",
        locale="vi-VN",
    )
    if uniquifier:
        signer = live_app.session_interface.get_signing_serializer(live_app)  # type: ignore[attr-defined]
        cookie = {"_user_id": uniquifier, "_fresh": True, "fs_cc": "set", "fs_paa": time.time()}
        context.add_cookies([{"name": "session", "value": signer.dumps(cookie), "url": live_server}])
    page, axe, faults = context.new_page(), Axe(), []
    for path in pages:
        response = page.goto(path)
        if response is None or "html" not in response.headers.get("content-type", ""):
            continue
        faults += [
            f"{path}: {fault['id']} {[node['html'][:120] for node in fault['nodes']][:3]}"
            for fault in axe.run(page).response["violations"]
            if fault["impact"] in SERIOUS
        ]
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 360:
            faults.append(f"{path}: {width} px wide")
    context.close()
    assert not faults, "\n" + "\n".join(faults)
