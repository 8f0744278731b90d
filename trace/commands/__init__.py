"""Commands by topic. Every module of this folder lists its own in ``COMMANDS``."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def init_app(app: Flask) -> None:
    for module in iter_modules(__path__):
        for command in import_module(f"{__name__}.{module.name}").COMMANDS:
            app.cli.add_command(command)
