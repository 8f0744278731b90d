"""For application servers: ``granian --interface wsgi wsgi:app`` or ``gunicorn wsgi:app``, from this folder."""

import gc

from trace import create_app

app = create_app()

# What exists now stays as long as the process does, so it need not be looked through for garbage again and again.
gc.collect()
gc.freeze()
