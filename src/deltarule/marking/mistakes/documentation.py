"""The table of all mistakes, as at the end of `docs/answer-file.md`.

`python -m deltarule.marking.mistakes.documentation` prints it.
"""

from __future__ import annotations

import sys

from deltarule.marking.mistakes.registry import BY_NAME


def table() -> str:
    """The table as Markdown, by name.

    Examples
    --------
    >>> print(table().splitlines()[2])
    | `activation-left-out` | Y = f(U). You took U for the outputs: the activation is missing. |
    """
    rows = [f"| `{name}` | {BY_NAME[name].why} |" for name in sorted(BY_NAME)]
    return "\n".join(["| name | what a tutor would say |", "| --- | --- |", *rows]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
