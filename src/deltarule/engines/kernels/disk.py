"""Compiled code on disk: found again by what it was made of, and checked before it is loaded.

A file holds the code of one function for one signature. It is sealed with all that the code depends on: the kernels' sources, the
versions of what compiles them, the signature, the processor. What is damaged, foreign or out of date is compiled anew, and the file
replaced. To load code is to run it, so a folder that others may write to is not used.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import sys
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps
from numba.misc.appdirs import AppDirs

from deltarule.engines.kernels.sealed_files import forget, is_ours, read, write

KEPT_DAYS = 30  # how long code stays that was compiled from other sources


def folders() -> list[Path]:
    """Where code may be kept: in the folder that NUMBA_CACHE_DIR names, else beside the sources or in the user's cache."""
    if numba.config.CACHE_DIR:
        return [Path(numba.config.CACHE_DIR, "deltarule").absolute()]
    own = Path(AppDirs(appname="deltarule", appauthor=False).user_cache_dir)
    # Without a home the path of the user's cache is a relative one.
    return [Path(__file__).parent / "__pycache__", *([own] if own.is_absolute() else [])]


@cache
def fingerprint(package: str = __package__) -> str:
    """A hash of what all code depends on: the kernels' sources, and the versions of what compiles them.

    Dates of files would say nothing: an installer may give all files the same one.

    Parameters
    ----------
    package : whose modules are the sources.
    """
    found = hashlib.sha256(repr((numba.__version__, llvmlite.__version__, np.__version__, sys.version)).encode())
    # By way of importlib, since the package may be in an archive, or without its sources.
    sources = [file for file in files(package).iterdir() if file.name.endswith((".py", ".pyc"))]
    for file in sorted(sources, key=lambda file: file.name):
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


@cache
def say(message: str) -> None:
    """Tell the user, once in a process: a line on standard error, unless Python's logging is set up otherwise.

    Parameters
    ----------
    message : one sentence or two.
    """
    logging.getLogger("deltarule").warning("deltarule: %s", message)


class KernelCache(_Cache):  # type: ignore[misc]
    """Keeps the code of a function. Numba's dispatcher asks here before it compiles, and gives what it has compiled.

    Parameters
    ----------
    function : the Python function.
    made_of : what all code depends on; see `fingerprint`.
    folders : gives the folders: code is looked for in each, and kept in the first that can be written.
    """

    def __init__(self, function: Callable[..., Any], made_of: str, folders: Callable[[], list[Path]] = folders) -> None:
        self.name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__.replace('<locals>.', '')}"
        self.made_of, self.folders = made_of, folders

    @property
    def cache_path(self) -> str:
        """See Numba."""
        return os.pathsep.join(map(str, self.folders()))

    def enable(self) -> None:
        """See Numba. Nobody turns it off."""

    def disable(self) -> None:
        """See Numba. Nobody turns it off."""

    def flush(self) -> None:
        """See Numba: the code of this function is removed."""
        for folder in self.folders():
            forget(folder, f"{self.name}-*.nbc")

    def holds(self, signature: Any, context: Any) -> bool:
        """Whether there is code for a signature.

        Parameters
        ----------
        signature : Numba's types of the arguments.
        context : Numba's target.
        """
        return self._found(signature, context, lambda code: code) is not None

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function for a signature; None where there is none.

        Parameters
        ----------
        sig : Numba's types of the arguments.
        target_context : Numba's target.
        """
        target_context.refresh()

        def rebuilt(code: bytes) -> Any:
            # What is unpickled is what this user, or who installed the program, has written: see `sealed_files`.
            return CompileResult._rebuild(target_context, *pickle.loads(code))  # noqa: S301, SLF001

        return self._found(sig, target_context, rebuilt)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled function; where that is not possible, say so.

        Parameters
        ----------
        sig : Numba's types of the arguments.
        data : what Numba has compiled.
        """
        name, key = self._file(sig, data.codegen)
        code = dumps(data._reduce())  # noqa: SLF001
        reasons = []
        for folder in self.folders():
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if not is_ours(folder.stat()):
                    raise PermissionError(None, "others may write there")
                write(folder / name, key, code)
            except OSError as error:
                reasons.append(f"{str(folder)!r}: {error.strerror}")
                continue
            forget(folder, "*.nb[ci]*", other_than=f"-{self.made_of[:16]}-*.nbc", days=KEPT_DAYS)
            return
        why = "; ".join(reasons) or "there is no home folder"
        say(
            f"Compiled code cannot be kept on disk ({why}). It is compiled anew by each process. "
            "Set NUMBA_CACHE_DIR to a folder of your own."
        )

    def _file(self, signature: Any, codegen: Any) -> tuple[str, bytes]:
        """The name of the file for a signature, and what it is sealed with."""
        key = repr((self.name, self.made_of, str(signature), codegen.magic_tuple())).encode()
        return f"{self.name}-{self.made_of[:16]}-{hashlib.sha256(key).hexdigest()[:16]}.nbc", key

    def _found(self, signature: Any, context: Any, use: Callable[[bytes], Any]) -> Any:
        """What `use` makes of the code for a signature, from the first folder that has it; None where none has."""
        name, key = self._file(signature, context.codegen())
        for folder in self.folders():
            try:
                ours = is_ours(folder.stat())
            except OSError:
                continue
            if not ours:
                say(f"Compiled code in {str(folder)!r} is not used, since others may write there.")
                continue
            try:
                return use(read(folder / name, key))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except Exception:  # noqa: BLE001 - whatever a damaged file leads to
                say(f"Compiled code in {str(folder)!r} is damaged or cannot be read. It is compiled anew.")
        return None
