"""For application servers: ``granian --interface wsgi wsgi:app`` or ``gunicorn wsgi:app``, from this folder."""

import gc
import sys

from trace import create_app
from trace.settings import SettingsError
from trace.storage.addresses import gazetteer
from trace.web.health import warn_of_missing_keys

try:
    app = create_app()
except SettingsError as error:
    sys.exit(str(error))
warn_of_missing_keys(app)
gazetteer()  # half a second that the first shopper need not wait for

# What exists now stays as long as the process does, so it need not be looked through for garbage again and again.
gc.collect()
gc.freeze()
