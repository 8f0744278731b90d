"""The directory of businesses that want to trade with each other: what of a business it shows, and to whom."""

import re
from dataclasses import dataclass

from .errors import N_, Conflict, InvalidInput

LONGEST_TEXT = 600
LONGEST_EMAIL = 254
"""RFC 5321, by way of erratum 1690 of RFC 3696."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class DirectoryClosed(Conflict):
    code = "directory-closed"
    message = N_("Danh bạ kết nối mở cho cơ sở đã được duyệt. Cơ sở của bạn chưa được duyệt hoặc đang bị tạm đình chỉ.")


@dataclass(frozen=True)
class Contact:
    """What the other side of an accepted connection sees; empty where the business did not choose to show it."""

    person: str
    phone: str
    email: str

    @property
    def is_enough(self) -> bool:
        """A name alone reaches nobody."""
        return bool(self.phone or self.email)


def check_email(email: str) -> str:
    """Raises InvalidInput, on ``email``; an empty one is none."""
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        raise InvalidInput(N_("Địa chỉ e-mail chưa đúng, ví dụ đúng: ten@gmail.com."), field="email")
    return email
