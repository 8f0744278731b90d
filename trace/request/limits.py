"""How often one address may do what costs us or others something. The address is counted, never stored."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, strategy="moving-window", headers_enabled=True)

SIGN_IN = "10/minute;60/hour"
SIGN_UP = "10/hour"
COMPLAIN = "6/minute;30/hour"
LOOK_UP = "120/minute"
READ_PHOTO = "12/minute"
MACHINE = "1200/minute"
