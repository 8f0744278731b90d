"""Every page that a person can open, in a real browser: nothing for axe to find, nothing wider than the screen.

The URL map names the pages, so a new one is looked at without a word here. One that cannot be opened by its address
alone is named in ``ELSEWHERE`` with where it is looked at.
"""

from collections.abc import Callable, Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Page
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests import factories
from tests.client import Client
from tests.world import World, address, make_world
from trace.storage.accounts import User

pytestmark = [pytest.mark.browser, pytest.mark.appearance]

FETCHED = {
    "api_docs.openapi",
    "authority.inspections_worker",
    "files.document",
    "files.photo",
    "fonts.font",
    "public.addresses",
    "public.recall_feed",
    "static",
    "workspace.diary_worker",
    "workspace.handover_buyers",
    "workspace.printer_calibration",
}
"""What a browser fetches and nobody reads."""
FILES = (".atom", ".jsonld", ".pdf", ".xlsx", ":extension>")
MACHINES = ("/api/v1", "/healthz", "/readyz", "/metrics", "/authority/exports", "/authority/register/template")
ELSEWHERE = {
    "security.confirm_email": "leads to the sign-in page",
    "security.mf_recovery": "test_signing_in_in_two_steps",
    "security.reset_password": "test_choosing_a_new_password",
    "security.tf_select": "with two ways to be asked for, of which there is one",
    "security.two_factor_rescue": "test_signing_in_in_two_steps",
    "security.two_factor_token_validation": "test_signing_in_in_two_steps",
    "security.wan_delete": "takes forms only",
    "security.wan_signin": "part of the sign-in page",
    "security.wan_verify": "part of the page that asks for the password again",
}
GUESTS = {"security.forgot_password", "security.login", "security.register", "security.send_confirmation"}
FINDINGS = """async () => (await axe.run({resultTypes: ["violations"]})).violations.flatMap(({id, impact, nodes}) =>
    nodes.map(({target, html}) => `${id} (${impact}) at ${target}: ${html.slice(0, 120)}`))"""
TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] :
    [...document.body.querySelectorAll("*")].filter(each => each.getBoundingClientRect().right > width + 1)
        .slice(0, 3).map(each => `wider than ${width} px: ${each.outerHTML.slice(0, 120)}`)"""
SMALL = (320, 360)

Open = Callable[..., Page]


@pytest.fixture
def world(session: Session) -> World:
    world = make_world(session)
    session.commit()
    return world


def test_every_page_is_looked_at(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert (FETCHED | set(ELSEWHERE)) <= known, "no longer there"
    assert {rule.rule.split("/")[1] for rule in pages(app)} <= {
        "",
        "01",
        "Q",
        "account",
        "api",
        "complaints",
        "deliveries",
        "green-points",
        "q",
        "recalls",
        "voc",
    } | {
        "authority",
        "workspace",
    }, "say in `look` who opens these"


def test_public_pages(visitor: Open, app: Flask, world: World) -> None:
    paths = [
        address(rule, world)
        for rule in pages(app, "", "01", "Q", "q", "complaints", "api", "voc", "deliveries", "recalls", "green-points")
    ]
    wrong = ["/q/YQ8A03SC8M", "/q?code=%3F", "/complaints?number=PA-1", "/nothing-here"]
    assert not look(visitor(SMALL[-1], 740), [*paths, *wrong])


def test_pages_of_the_account(visitor: Open, app: Flask, client: Client, world: World) -> None:
    guest, person = visitor(SMALL[-1], 740), visitor(SMALL[-1], 740)
    sign_in(person, client, world.owner)
    found = []
    for rule in pages(app, "account"):
        found += look(guest if rule.endpoint in GUESTS else person, [address(rule, world)])
    assert not found


def test_pages_of_the_business(visitor: Open, app: Flask, client: Client, world: World) -> None:
    page = visitor(SMALL[-1], 740)
    sign_in(page, client, world.owner)
    paths = [address(rule, world) for rule in pages(app, "workspace")]
    again = f"/workspace/{world.business_id}/batches/new?repeat={world.values['batch_id']}"
    assert not look(page, [*paths, again, "/workspace/999999"])


def test_pages_of_a_business_with_nothing_yet(
    visitor: Open, app: Flask, client: Client, session: Session, world: World
) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    page = visitor(SMALL[-1], 740)
    sign_in(page, client, owner)
    lists = [rule for rule in pages(app, "workspace") if rule.arguments <= {"business_id"}]
    assert not look(page, [rule.build({"business_id": business.id})[1] for rule in lists])


def test_pages_of_the_department(visitor: Open, app: Flask, client: Client, session: Session, world: World) -> None:
    officer, administrator = visitor(SMALL[-1], 740), visitor(SMALL[-1], 740)
    sign_in(officer, client, factories.make_officer(session))
    sign_in(administrator, client, factories.make_administrator(session))
    found = []
    for rule in pages(app, "authority"):
        person = administrator if rule.endpoint == "authority.officers" else officer
        found += look(person, [address(rule, world)])
    assert not found


def test_forms_that_are_shown_again(visitor: Open, client: Client, session: Session, world: World) -> None:
    """Each form sent with nothing in it: the errors are part of the page too."""
    owner, officer = visitor(SMALL[-1], 740), visitor(SMALL[-1], 740)
    sign_in(owner, client, world.owner)
    sign_in(officer, client, factories.make_officer(session))
    business = f"/workspace/{world.business_id}"
    forms = ["batches/new", "certificates/new", "products/new", "sites/new", "documents"]
    forms += [f"batches/{world.values['batch_id']}/edit", "stock/make"]
    forms += [f"stock/{world.values['batch_id']}/{form}" for form in ("split", "remove")]
    found = []
    for page, path in [
        (visitor(SMALL[-1], 740), "/account/login"),
        (visitor(SMALL[-1], 740), "/account/register"),
        (owner, "/account/change"),
        (owner, "/workspace/apply"),
        *((owner, f"{business}/{form}") for form in forms),
        (officer, "/authority/register/import"),
    ]:
        page.goto(path)
        page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator("main form[method=post] button.primary").last.click()
        page.wait_for_load_state()
        assert page.locator("[aria-invalid=true], .error, .problems, [role=alert]").count(), f"{path} shows no error"
        found += faults(page, f"{path} (shown again)")
    assert not found


@pytest.mark.parametrize(("dark", "locale"), [(True, "vi-VN"), (False, "en-GB")])
def test_the_dark_scheme_and_english(
    dark: bool, locale: str, visitor: Open, client: Client, session: Session, world: World
) -> None:
    facts = {"dark": dark, "locale": locale}
    guest, owner, officer = (visitor(1280, 800, **facts) for _ in range(3))
    sign_in(owner, client, world.owner)
    sign_in(officer, client, factories.make_officer(session))
    business = f"/workspace/{world.business_id}"
    batch = f"{business}/batches/{world.values['batch_id']}"
    language = "en" if locale == "en-GB" else "vi"
    for page in (owner, officer):
        page.goto(f"/?lang={language}")
    found = look(guest, ["/", f"/q/{world.values['code']}", "/q/YQ8A03SC8M", "/account/login"], widths=())
    found += look(owner, [business, f"{business}/batches", batch, f"{batch}/labels", f"{batch}/edit"], widths=())
    dossier = f"/authority/businesses/{world.business_id}"
    found += look(officer, ["/authority/", "/authority/businesses", dossier, "/authority/audit"], widths=())
    assert owner.locator("html").get_attribute("lang") == language
    assert not found


def test_signing_in_in_two_steps(visitor: Open, live_app: Flask, session: Session) -> None:
    page = visitor(SMALL[-1], 740)
    with live_app.app_context():
        secret = live_app.extensions["security"].totp_factory.generate_totp_secret()
        officer = factories.make_officer(session, password=hash_password("rau xanh 2026"), tf_totp_secret=secret)
    session.commit()
    page.goto("/account/login")
    page.locator("[name=email]").first.fill(officer.email)
    page.locator("[name=password]").fill("rau xanh 2026")
    page.locator("main form button.primary").first.click()
    page.locator("[name=code]").wait_for()
    found = faults(page, "the second step")
    page.locator("[name=code]").fill("000000")
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    found += faults(page, "the second step with a wrong code")
    assert not found + look(page, ["/account/mf-recovery"])


def test_choosing_a_new_password(visitor: Open, live_app: Flask, session: Session) -> None:
    user = factories.make_user(session, password="-")
    session.commit()
    with live_app.app_context():
        from flask_security.recoverable import generate_reset_password_token

        token = generate_reset_password_token(user)
    page = visitor(SMALL[-1], 740)
    found = look(page, [f"/account/reset/{token}"])
    assert page.locator("[name=password]").count() == 1
    assert not found


def pages(app: Flask, *rooms: str) -> list[Rule]:
    """The rules that answer with a page for people, of all rooms or of those named by the start of their address."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint not in FETCHED | set(ELSEWHERE)
        and not rule.rule.startswith(MACHINES)
        and not rule.rule.endswith(FILES)
        and (not rooms or rule.rule.split("/")[1] in rooms)
    ]


def sign_in(page: Page, client: Client, user: User) -> None:
    """As ``client`` does it; its cookie is good for the running server too."""
    client.sign_in(user)
    cookie = client.get_cookie("session")
    assert cookie
    page.goto("/healthz")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": page.url}])


def look(page: Page, paths: Iterable[str], *, widths: Iterable[int] = SMALL) -> list[str]:
    """What is wrong with these pages, one line each; a page that led elsewhere or failed is wrong."""
    found = []
    for path in paths:
        answer = page.goto(path)
        assert answer
        if answer.status >= 500 or ("/account/" in page.url and "/account/" not in path):
            found.append(f"{path}: {answer.status}, led to {page.url}")
        found += faults(page, path, widths=widths)
    return found


def faults(page: Page, path: str, *, widths: Iterable[int] = SMALL) -> list[str]:
    page.evaluate(Axe().axe_script)
    found = list(page.evaluate(FINDINGS))
    height = (page.viewport_size or {"height": 740})["height"]
    for width in widths:
        if width != (page.viewport_size or {}).get("width"):
            page.set_viewport_size({"width": width, "height": height})
        found += page.evaluate(TOO_WIDE, width)
    return [f"{path}: {fault}" for fault in found]
