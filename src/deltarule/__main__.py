"""`python -m deltarule`, and the installed command."""

from __future__ import annotations

import atexit
import os
import signal
from types import FrameType

INTERRUPTED = 130  # the exit code that shells give for Ctrl-C


def main() -> None:
    """Run the command line.

    While it is imported, and when it has ended, there is nothing to tidy up: a signal ends the process at once.
    """
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    defaults = (signal.SIG_DFL, signal.default_int_handler)  # anything else was asked for, as by `nohup`
    early = {number: before for number in numbers if (before := signal.getsignal(number)) in defaults}
    for number in early:
        signal.signal(number, _end)
    from deltarule.cli import main as run

    try:
        for number, before in early.items():
            signal.signal(number, before)
        run()
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:
            raise
        # Where Ctrl-C met code that Python made of a text (`exec`, as dataclasses do), Python would end by the signal at last.
        atexit.register(os._exit, INTERRUPTED)
        raise SystemExit(INTERRUPTED) from None
    finally:
        for number in early:
            signal.signal(number, _end)
            # Python takes its handlers away before it has ended, but leaves what is ignored.
            atexit.register(signal.signal, number, signal.SIG_IGN)


def _end(_number: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
