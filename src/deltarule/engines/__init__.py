"""The engines: three ways to run the same descent, to rounding. Each is one module, imported when asked for."""

from __future__ import annotations

from importlib import import_module

from deltarule.checks import choice
from deltarule.engines.base import Engine, Report, Stop, Work

ENGINES = ("direct", "autograd", "compiled")

__all__ = ["ENGINES", "Engine", "Report", "Stop", "Work", "start"]


def start(name: str, work: Work) -> Engine:
    """The engine of that name, at the start of its work."""
    module = import_module(f"deltarule.engines.{choice('engine', name, ENGINES)}")
    engine: Engine = module.start(work)
    return engine
