"""The department's pages."""

from importlib import import_module
from pkgutil import iter_modules

from .blueprint import bp

__all__ = ["bp"]

for _module in iter_modules(__path__):  # every module of this room adds its routes
    import_module(f"{__name__}.{_module.name}")
