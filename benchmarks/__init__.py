"""How fast deltarule is, beside every peer: `python -m benchmarks --out DIR` (or `make bench`).

- `task`: what all contenders are given; `contenders`: one module a library, each as an expert of it would write it.
- `measuring`: first the proof of the same mathematics, then rounds in which all contenders run in turn.
- `works`: what is measured. `machine`: what the machine can do at best.
- `tables`, `figures`: the records as Markdown and SVG.
- `worker`: one process for each number of threads, since libraries read theirs when they are imported.
"""
