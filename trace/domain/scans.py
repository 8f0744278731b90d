"""Who asked for a shopper's page, and when two requests are one scan."""

import re
from datetime import datetime, timedelta

from .errors import N_
from .labelled import Labelled

REPEAT_WINDOW = timedelta(minutes=10)


class Visitor(Labelled):
    PERSON = "person", N_("Người dùng")
    PREVIEW = "preview", N_("Xem trước liên kết")
    ROBOT = "robot", N_("Máy tự động")


# Messengers and social networks that fetch a link once to show its picture and title. Those whose app also has a
# browser for people are told apart by the word that only their fetcher says.
_PREVIEW = re.compile(
    r"facebookexternalhit|facebot|facebookcatalog|meta-externalfetcher|telegrambot|^whatsapp/|twitterbot|slackbot"
    r"|slack-imgproxy|discordbot|skypeuripreview|linkedinbot|pinterestbot|line-poker|kakaotalk-scrap|redditbot"
    r"|^viber|snap url preview|iframely|embedly|vkshare|google-pagerenderer|mastodon/"
    r"|zalo[^ ]*(bot|share|preview|crawl|scrap|link|fetch)|^zalo[^ ]*/[\d.]+$",
    re.IGNORECASE,
)
# CUBOT is a make of telephone.
_ROBOT = re.compile(
    r"(?<!cu)bot\b|(?<!cu)bot[/;_-]|crawl|spider|slurp|scrap|fetcher|headless|phantomjs|lighthouse|pagespeed|monitor"
    r"|pingdom|uptime|curl/|wget|python|httpx|aiohttp|urllib|okhttp|^java/|apache-httpclient|go-http-client|libwww"
    r"|node-fetch|axios|undici|^got |postman|insomnia|scanner|nikto|sqlmap|zgrab|masscan|externalagent|feed",
    re.IGNORECASE,
)


def visitor(user_agent: str, *, purpose: str = "") -> Visitor:
    """Tell people from machines by the ``User-Agent`` and ``Sec-Purpose`` (or ``Purpose``) headers.

    The browsers inside the Zalo and Facebook apps are people. A machine that says it is a browser passes for one.
    """
    if not user_agent.strip():
        return Visitor.ROBOT
    if _PREVIEW.search(user_agent) or "prefetch" in purpose.casefold() or "preview" in purpose.casefold():
        return Visitor.PREVIEW
    return Visitor.ROBOT if _ROBOT.search(user_agent) else Visitor.PERSON


def is_repeat(previous: datetime | None, now: datetime, *, window: timedelta = REPEAT_WINDOW) -> bool:
    """Whether the same device, last counted for the same code at ``previous``, is not to be counted again at ``now``."""
    return previous is not None and abs(now - previous) < window
