"""``python -m trace`` is ``flask --app trace``."""

from flask.cli import FlaskGroup

from . import create_app

if __name__ == "__main__":
    FlaskGroup(create_app=create_app).main(prog_name="python -m trace")
