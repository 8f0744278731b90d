"""Signing up, signing in, the second factor, and one's own account, as a person meets them."""

import dataclasses
import re
from typing import Any

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.conftest import forget
from tests.factories import make_business, make_officer, make_user
from trace import create_app
from trace.settings import Settings
from trace.storage.accounts import User

PASSWORD = "ruong lua vang mua gat"
LINK = re.compile(r"https?://[^/\s]+(/account/\S+)")


def person(app: Flask, session: Session, **facts: Any) -> User:
    with app.app_context():
        return make_user(session, password=hash_password(PASSWORD), **facts)


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.submit("/account/login", {"email": email, "password": password})


def sign_up(client: Client, email: str) -> Any:
    return client.submit("/account/register", {"name": "Nguyễn Thị Lúa", "email": email, "password": PASSWORD})


def test_a_person_signs_up_confirms_and_signs_in(client: Client, mailbox: list[Any], session: Session) -> None:
    answer = sign_up(client, "Lua@Example.com")
    assert answer.status_code == 302
    assert "lua@example.com" in client.get(answer.location).text
    assert "chưa được xác nhận" in sign_in(client, "lua@example.com").text
    [mail] = mailbox
    assert mail.to == "lua@example.com"
    assert client.get(LINK.search(mail.text)[1]).location.endswith("/account/login")  # type: ignore[index]
    assert sign_in(client, "LUA@example.com").location == "/workspace/"
    assert session.scalar(select(User)).name == "Nguyễn Thị Lúa"  # type: ignore[union-attr]


def test_nobody_learns_whether_an_address_has_an_account(
    app: Flask, client: Client, mailbox: list[Any], session: Session
) -> None:
    known = person(app, session).email
    pages = []
    for email in (known, "nobody@example.com"):
        answers = [
            sign_in(client, email, "sai mat khau roi"),
            client.submit("/account/reset", {"email": email}),
            client.submit("/account/confirm", {"email": email}),
            sign_up(client, email),
        ]
        pages.append([(a.status_code, re.sub(r'value="[^"]*"', "", a.text).replace(email, "…")) for a in answers])
        client.get("/account/login")  # takes the flash of the sign-up
    assert pages[0] == pages[1]


def test_who_signs_up_twice_gets_a_mail_that_helps(
    app: Flask, client: Client, mailbox: list[Any], session: Session
) -> None:
    email = person(app, session).email
    sign_up(client, email)
    [mail] = mailbox
    assert "bạn đã có tài khoản" in mail.text


def test_a_link_in_a_mail_names_our_own_address(
    app: Flask, client: Client, mailbox: list[Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = person(app, session).email
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    client.post("/account/reset", data={"email": email}, base_url="http://evil.example")
    assert "http://trace.test/account/reset/" in mailbox[0].text
    assert "evil.example" not in mailbox[0].text


def test_a_forgotten_password_is_replaced_by_mail(
    app: Flask, client: Client, mailbox: list[Any], session: Session
) -> None:
    user = person(app, session)
    email, before = user.email, user.fs_uniquifier
    client.submit("/account/reset", {"email": email})
    path = LINK.search(mailbox.pop().text)[1]  # type: ignore[index]
    client.submit(path, {"password": "mua thu la bay nhieu", "password_confirm": "mua thu la bay nhieu"})
    assert sign_in(client, email).status_code == 200
    assert sign_in(client, email, "mua thu la bay nhieu").status_code == 302
    session.expire_all()
    assert session.get_one(User, user.id).fs_uniquifier != before, "other devices stay signed in"
    assert "vừa được đặt lại" in mailbox.pop().text


def test_a_short_password_is_refused_in_the_readers_language(client: Client) -> None:
    data = {"name": "Lúa", "email": "lua@example.com", "password": "ngan"}
    assert "Mật khẩu cần ít nhất 10 ký tự." in client.submit("/account/register", data).text
    assert "Password must be at least 10 characters" in client.submit("/account/register?lang=en", data).text


def test_sign_in_leads_each_person_to_their_place(app: Flask, client: Client, session: Session) -> None:
    owner, newcomer = person(app, session), person(app, session)
    business = make_business(session, owner=owner)
    officer = make_officer(session)
    for user, place in ((owner, f"/workspace/{business.id}"), (officer, "/authority/")):
        client.sign_in(user)
        assert client.get("/workspace/").location == place
    client.sign_in(newcomer)
    assert "Đăng ký cơ sở của bạn" in client.get("/workspace/").text


def test_a_sign_in_does_not_lead_off_the_site(app: Flask, client: Client, session: Session) -> None:
    data = {"email": person(app, session).email, "password": PASSWORD, "next": "https://evil.example"}
    assert "evil.example" not in (client.submit("/account/login", data).location or "")


def test_too_many_attempts_have_to_wait(client: Client, settings: Settings, session: Session, own_limits: None) -> None:
    guarded = create_app(dataclasses.replace(settings, testing=False))
    visitor = Client(guarded, use_cookies=True)
    visitor.before_request = session.commit
    statuses = [sign_in(visitor, "someone@example.com", f"khong phai {n}").status_code for n in range(11)]
    forget(guarded)
    assert statuses == [200] * 10 + [429]


def test_a_second_factor_is_set_up_then_asked_for(app: Flask, client: Client, session: Session) -> None:
    user = person(app, session)
    client.sign_in(user)
    page = client.submit("/account/tf-setup", {"setup": "authenticator"}).text
    form = re.search(r'action="(/account/tf-setup/[^"]+)"', page)
    key = re.search(r'<code class="code">([A-Z2-7-]+)</code>', page)
    assert form
    assert key
    code = one_time_code(app, key[1])
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[-1]
    assert client.post(form[1], data={"csrf_token": token, "code": code}).location == "/workspace/account"
    page = client.submit("/account/mf-recovery-codes", {"generate_new_codes": "yes"}).text
    spare = re.findall(r"<code[^>]*>([0-9a-f-]{14})</code>", page)
    assert len(spare) == 8

    client.delete_cookie("session")
    question = sign_in(client, user.email).location
    assert question == "/account/tf-validate?next=/workspace/"
    assert client.get("/workspace/").status_code == 302, "the password alone opened the door"
    assert "Mã không đúng" in client.submit(question, {"code": "000000"}).text
    assert client.submit(question, {"code": one_time_code(app, key[1])}).location == "/workspace/"

    client.delete_cookie("session")
    sign_in(client, user.email)
    assert client.submit("/account/mf-recovery", {"code": spare[0]}).location == "/workspace/"
    client.delete_cookie("session")
    sign_in(client, user.email)
    assert "không đúng hoặc đã dùng" in client.submit("/account/mf-recovery", {"code": spare[0]}).text


def test_an_officer_sets_up_the_second_factor_before_anything_else(
    app: Flask, client: Client, session: Session
) -> None:
    with app.app_context():
        password = hash_password(PASSWORD)
    officer = make_officer(session, password=password, tf_primary_method=None, tf_totp_secret=None)
    assert sign_in(client, officer.email).location == "/account/tf-setup"
    client.sign_in(officer)
    assert client.get("/authority/").location == "/account/tf-setup"


def test_signing_out_everywhere_ends_every_session(app: Flask, client: Client, session: Session) -> None:
    user = person(app, session)
    elsewhere = Client(app, use_cookies=True)
    elsewhere.before_request = session.commit
    elsewhere.sign_in(user)
    assert elsewhere.get("/workspace/account").status_code == 200
    client.sign_in(user)
    client.submit("/workspace/account/sign-out-everywhere", form="/workspace/account")
    assert client.get("/workspace/account").status_code == 302
    assert elsewhere.get("/workspace/account").status_code == 302


def test_a_person_chooses_name_and_language(app: Flask, client: Client, session: Session) -> None:
    user = person(app, session)
    client.sign_in(user)
    client.submit("/workspace/account", {"name": "  Trần   Văn  Ngô ", "locale": "en"})
    page = client.get("/workspace/account").text
    assert '<html lang="en">' in page
    assert 'value="Trần Văn Ngô"' in page
    assert client.submit("/workspace/account", {"name": "", "locale": "en"}).status_code == 422


def test_a_language_chosen_by_a_link_stays(client: Client) -> None:
    assert 'lang="vi"' in client.get("/account/login", headers={"Accept-Language": "vi"}).text
    client.get("/account/login?lang=en")
    assert 'lang="en"' in client.get("/account/login", headers={"Accept-Language": "vi"}).text


def test_account_pages_answer_in_html_only(app: Flask, client: Client, session: Session) -> None:
    client.sign_in(person(app, session))
    answer = client.get("/account/mf-recovery-codes", headers={"Accept": "application/json"})
    assert answer.mimetype == "text/html"


def one_time_code(app: Flask, key: str) -> str:
    factory = app.extensions["security"].totp_factory
    code: str = factory._totp(key=key.replace("-", ""), format="base32").generate().token
    return code
