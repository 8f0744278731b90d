"""People are counted, machines are told apart, and the same phone counts once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.scans import REPEAT_WINDOW, Visitor, is_repeat, visitor

ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "user_agent",
    [
        f"{ANDROID} Chrome/122.0.0.0 Mobile Safari/537.36",
        f"{IPHONE} Version/17.4 Mobile/15E148 Safari/604.1",
        f"{ANDROID} Version/4.0 Chrome/122.0 Mobile Safari/537.36 Zalo android/24020100 ZaloTheme/light ZaloLanguage/vi",
        f"{IPHONE} Mobile/15E148 Zalo iOS/550 ZaloTheme/light ZaloLanguage/vn",
        f"{ANDROID} Version/4.0 Chrome/122.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/450.0.0.45.109;]",
        f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.38.108;FBBV/564431005;FBDV/iPhone14,5]",
        f"{IPHONE} Mobile/15E148 Instagram 320.0.2.29.98",
        f"{ANDROID} Chrome/122.0 Mobile Safari/537.36 Line/14.2.0/IAB",
        "Mozilla/5.0 (Linux; Android 11; CUBOT X50) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; U; Android 10; vi; CPH1909) UCBrowser/13.4 Mobile Safari/537.36",
    ],
)
def test_people_and_the_browsers_inside_their_apps(user_agent: str) -> None:
    assert visitor(user_agent) is Visitor.PERSON


@pytest.mark.parametrize(
    "user_agent",
    [
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "TelegramBot (like TwitterBot)",
        "WhatsApp/2.23.20.0 A",
        "Mozilla/5.0 (compatible; ZaloBot/1.0)",
        "ZaloPreview/2.1",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Viber/13.3.0.8",
    ],
)
def test_messengers_that_look_at_a_link_for_someone(user_agent: str) -> None:
    assert visitor(user_agent) is Visitor.PREVIEW


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "   ",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        f"{ANDROID} Chrome/122.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1; +https://openai.com/gptbot)",
        "curl/8.5.0",
        "Wget/1.21",
        "python-requests/2.31.0",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/122.0 Safari/537.36",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    ],
)
def test_machines(user_agent: str) -> None:
    assert visitor(user_agent) is Visitor.ROBOT


def test_a_page_fetched_ahead_of_a_tap_is_not_yet_a_scan() -> None:
    assert visitor(f"{ANDROID} Chrome/122.0 Mobile Safari/537.36", purpose="prefetch;prerender") is Visitor.PREVIEW


@given(st.timedeltas(timedelta(0), timedelta(days=1)), st.timedeltas(timedelta(seconds=1), timedelta(hours=2)))
def test_the_same_device_counts_once_within_the_window(since: timedelta, window: timedelta) -> None:
    assert is_repeat(NOW - since, NOW, window=window) == (since < window)


def test_ten_minutes_unless_told_and_a_first_look_always_counts() -> None:
    assert timedelta(minutes=10) == REPEAT_WINDOW
    assert not is_repeat(None, NOW)
    assert is_repeat(NOW - timedelta(minutes=9, seconds=59), NOW)
    assert not is_repeat(NOW - timedelta(minutes=10), NOW)
