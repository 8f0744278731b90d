"""For application servers: ``granian --interface wsgi wsgi:app`` or ``gunicorn wsgi:app``, from this folder."""

from trace import create_app

app = create_app()
