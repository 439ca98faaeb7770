"""How far marks can be trusted: `python -m benchmarks.marking --help`.

A second source of answers, which shares nothing with what marks: students who work an iteration from a list of ingredients of
their own, written from the formulas of the field.

- `exercises`: problems of all kinds and sizes, and each as a student reads it.
- `working`: one iteration, ingredient by ingredient, with figures rounded on the way in any style (`rounding`).
- `slips`, and the modules that it gathers: the wrong neighbours of each ingredient, and the names that describe each truly.
- `makers`: the named mistakes, wherever each may stand, by which a name is found true.
- `answers`: what is written down, of which parts, with how many decimals. `nonsense`: answers that nobody worked.
- `cases`: an answer drawn from a seed. `judging`: what the marks said of it, and whether that is so.
- `telling`: whether a reader could have told what was done.
- `tables`: what was measured, as Markdown.
"""
