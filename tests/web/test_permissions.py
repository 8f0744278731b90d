"""Every route names its permission, and keeps it for every role, with its own and with other people's objects."""

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import factories
from tests.client import Client
from tests.world import World, address, make_world
from trace.domain.errors import TraceError
from trace.domain.permissions import OF_BUSINESS, OF_OFFICE, Actor, OfficeRole, Permission, require
from trace.services import keys
from trace.storage.accounts import User

PUBLIC = {
    "Accounts.me",  # answers only about the key that asks
    "Addresses.find_address",
    "Complaints.follow",
    "Complaints.report",
    "Events.show_events",  # decides by the caller how much of each
    "Files.show_document",  # decide by file who may see it
    "Files.show_photo",
    "Green points.list_criteria",
    "Green points.list_standing_points",
    "Recalls.list_recalls",
    "Recalls.show_recall",
    "Shoppers.read_label",
    "Shoppers.show_public_batch",
    "Stages.list_stages",
    "Stamps.check_stamp",
    "Yields.list_yields",
    "Trace.show_trace",  # decides by the caller how far it goes
    "api_docs.docs",
    "api_docs.openapi",
    "deliveries.delivery",
    "files.document",
    "files.photo",
    "fonts.font",
    "health.alive",
    "health.metrics",
    "health.ready",
    "invitations.invitation",
    "public.addresses",
    "public.batch",
    "public.complaint",
    "public.detail_complaint",
    "public.digital_link",
    "public.find_complaint",
    "public.green_points",
    "public.home",
    "public.look_up",
    "public.photo",
    "public.printed_batch",
    "public.printed_stamp",
    "public.recall",
    "public.recall_feed",
    "public.recalls",
    "public.report_problem",
    "public.say_stamp_place",
    "public.send_report",
    "public.stamp",
    "public.stamp_place",
    "public.vocabulary",
    "public.vocabulary_document",
}
"""What anyone may open. Flask-Security's pages and static files are open by rule: they guard themselves."""

HERE, ELSEWHERE = "00070", "00004"
OF_A_BUSINESS = {
    "approval_id",
    "certificate_id",
    "complaint_id",
    "excess_id",
    "flag_id",
    "handover_id",
    "point_id",
    "test_id",
}
"""What of one business the department's addresses name."""

LAST = {"invitations.accept", "invitations.accept_addressed", "workspace.sign_out_everywhere"}
"""These change who the person is."""


def routes(app: Flask) -> Iterator[tuple[Rule, str, Permission | None]]:
    """Rule, method and permission of every route of ours."""
    for rule in app.url_map.iter_rules():
        if not _guards_itself(rule.endpoint):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                view = app.view_functions[rule.endpoint]
                yield rule, method, view.permission if method == "GET" else getattr(view, "change", None)  # type: ignore[attr-defined]


def test_every_route_names_its_permission_or_is_public(app: Flask) -> None:
    nameless = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not _guards_itself(rule.endpoint) and not hasattr(app.view_functions[rule.endpoint], "permission")
    }
    assert not nameless, "decorate these with @requires(Permission.…) or @public"
    public = {rule.endpoint for rule, _, permission in routes(app) if permission is None}
    assert public == PUBLIC, "the list of what anyone may open has changed: was that meant?"


def test_a_page_of_one_business_says_whose_it_is(app: Flask) -> None:
    """The guard takes its subject from the address, so a permission over a business needs one there."""
    for rule, _, permission in routes(app):
        if rule.rule.startswith("/workspace/") and permission in OF_BUSINESS:
            assert "business_id" in rule.arguments, rule.rule


OFFICERS = [role.value for role in OfficeRole]


@pytest.mark.parametrize("role", ["anonymous", "stranger", "staff", "owner", *OFFICERS, "administrator"])
def test_pages_keep_their_permission(
    role: str, app: Flask, client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    world, other = make_world(session), make_world(session, commune_code=ELSEWHERE)
    user = {
        "anonymous": lambda: None,
        "stranger": lambda: other.owner,
        "staff": lambda: world.staff,
        "owner": lambda: world.owner,
        **{each.value: partial(make_officer, session, each) for each in OfficeRole},
        "administrator": lambda: factories.make_administrator(session),
    }[role]()
    actor = factories.actor(user) if user else None
    wrong = []
    for rule, method, permission in _reads_first(app, api=False):
        for path, subject, crossed in _addresses(rule, world, other, actor):
            if user:
                client.sign_in(user)
            else:
                client.delete_cookie("session")
            with client.open(path, method=method) as answer:
                problem = _problem(answer, actor, permission, subject, crossed=crossed, signed_out=302)
            if problem:
                wrong.append(f"{method} {path} ({rule.endpoint}): {problem}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("role", ["anonymous", "stranger", "reader", "owner", *OFFICERS])
def test_the_api_keeps_its_permissions(role: str, app: Flask, client: Client, session: Session) -> None:
    world, other = make_world(session), make_world(session, commune_code=ELSEWHERE)
    token = _key(session, role, world, other)
    session.commit()
    actor = keys.authenticate_key(session, token) if token else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    wrong = []
    for rule, method, permission in _reads_first(app, api=True):
        for path, subject, crossed in _addresses(rule, world, other, actor):
            with client.open(path, method=method, headers=headers, json=None if method == "GET" else {}) as answer:
                problem = _problem(answer, actor, permission, subject, crossed=crossed, signed_out=401)
            if problem:
                wrong.append(f"{method} {path} ({rule.endpoint}): {problem}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_cookie_opens_no_api(app: Flask, client: Client, session: Session) -> None:
    world = make_world(session)
    client.sign_in(world.owner)
    assert client.get(f"/api/v1/businesses/{world.business_id}").status_code == 401


def test_no_page_takes_a_forged_form(app: Flask, client: Client, session: Session) -> None:
    world = make_world(session)
    client.sign_in(world.owner)
    taken = [
        path
        for rule, method, _ in routes(app)
        if method == "POST" and not rule.rule.startswith("/api/")
        for path in [address(rule, world)]
        if client.post(path).status_code != 400
    ]
    assert not taken


def _guards_itself(endpoint: str) -> bool:
    return endpoint == "static" or endpoint.startswith("security.")


def make_officer(session: Session, role: OfficeRole) -> User:
    area = HERE if role is OfficeRole.COMMUNE else None
    return factories.make_officer(session, role, office_commune_code=area)


def _reads_first(app: Flask, *, api: bool) -> list[tuple[Rule, str, Permission | None]]:
    """A form sent with nothing in it may still revoke or discard, so all is looked at before anything is sent."""
    chosen = [route for route in routes(app) if route[0].rule.startswith("/api/") is api]
    return sorted(chosen, key=lambda route: (route[1] != "GET", route[0].endpoint in LAST))


def _addresses(rule: Rule, world: World, other: World, actor: Actor | None) -> Iterator[tuple[str, int | None, bool]]:
    """Address, the business it is about, and whether its objects belong to another one than it says, or than the
    officer's commune has."""
    if "business_id" not in rule.arguments:
        of_commune = actor is not None and actor.office is not None and not actor.office.reaches(other.business_id)
        if of_commune and OF_A_BUSINESS & rule.arguments:
            yield address(rule, other), None, True
        yield address(rule, world), None, False
        return
    yield address(rule, other), other.business_id, False
    if any(name.endswith("_id") and name != "business_id" for name in rule.arguments):
        yield address(rule, world, objects=other), world.business_id, True
    yield address(rule, world), world.business_id, False


def _problem(
    answer: TestResponse,
    actor: Actor | None,
    permission: Permission | None,
    subject: int | None,
    *,
    crossed: bool,
    signed_out: int,
) -> str | None:
    """What is wrong with an answer; None where it is as it must be."""
    status = answer.status_code
    if status >= 500:
        return f"{status}"
    if permission is None:
        return None
    if actor is None:
        expected = signed_out
        if status == 302 and not answer.location.startswith("/account/login"):
            return f"led to {answer.location}"
    elif (refusal := _refusal(actor, permission, subject)) is not None:
        expected = refusal
    elif crossed:
        if status == 422 and answer.request.path.startswith("/api/"):
            return None  # the API looks at the shape of a body before it looks for its subject
        expected = 404
    else:
        lost = {401, 403} | ({404} if answer.request.method == "GET" else set())
        return f"{status} for one who may" if status in lost else None
    return f"{status} instead of {expected}" if status != expected else None


def _refusal(actor: Actor, permission: Permission, subject: int | None) -> int | None:
    try:
        require(actor, permission, subject)
    except TraceError as error:
        return error.status
    return None


def _key(session: Session, role: str, world: World, other: World) -> str:
    """An API key with all the scopes there are for it; the reader's has one."""
    if role == "anonymous":
        return ""
    if role in OFFICERS:
        officer, scopes = make_officer(session, OfficeRole(role)), OF_OFFICE[OfficeRole(role)]
        return keys.issue_key(session, factories.actor(officer), name="sở", scopes=scopes, officer_id=officer.id)[1]
    holder = other if role == "stranger" else world
    scopes = {Permission.BUSINESS_READ} if role == "reader" else OF_BUSINESS
    actor = factories.actor(holder.owner)
    return keys.issue_key(session, actor, name=role, scopes=scopes, business_id=holder.business_id)[1]
