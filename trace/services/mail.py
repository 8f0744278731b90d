"""Electronic mail, over the operator's SMTP server, or onto the console where none is set."""

import html
import re
import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.message import EmailMessage

from ..settings import Settings

SECONDS = 20
_LINK = re.compile(r"https?://[^\s<]+")


@dataclass(frozen=True)
class Mail:
    """One mail to one person. ``text`` is plain; its HTML twin is made from it, so the two never differ."""

    to: str
    subject: str
    text: str


def deliver(settings: Settings, mail: Mail) -> None:
    """Hand the mail over. Raises OSError or SMTPException when the server cannot take it now."""
    message = compose(settings, mail)
    if not settings.smtp_host:
        sys.stdout.write(f"── mail to {mail.to}: {mail.subject}\n{mail.text}\n──\n")
        sys.stdout.flush()
        return
    context = ssl.create_default_context()
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS) as server:
        if settings.smtp_tls:
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def compose(settings: Settings, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Rõ Nguồn <{settings.mail_from}>"
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split())  # a line break would begin another header
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(as_html(mail.text, settings.public_url), subtype="html")
    return message


def as_html(text: str, public_url: str) -> str:
    """Paragraphs of a plain text, for mail programs that show HTML, and links of ours: names and reasons hold others'."""
    escaped = _LINK.sub(lambda link: _as_link(link[0], html.escape(public_url)), html.escape(text.strip()))
    paragraphs = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in re.split(r"\n{2,}", escaped))
    style = "font:16px/1.5 system-ui,sans-serif;color:#17211a;max-width:36rem"
    return f'<!doctype html><html><body style="{style}"><p><strong>Rõ Nguồn</strong></p>{paragraphs}</body></html>'


def _as_link(address: str, ours: str) -> str:
    return f'<a href="{address}">{address}</a>' if f"{address}/".startswith(f"{ours}/") else address
