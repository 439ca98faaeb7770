"""The options of `deltarule train --data`: what stands in a problem file otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Names = list[str] | None
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FILE", help="Train on a table: .csv, .parquet, .feather or .jsonl."),
]
Target = Annotated[
    _Names, typer.Option("--target", metavar="COLUMN", help="The column of labels, or columns of numbers: a,b.")
]
Inputs = Annotated[_Names, typer.Option("--inputs", metavar="COLUMNS", help="Input columns; else all but the targets.")]
LeaveOut = Annotated[_Names, typer.Option("--leave-out", metavar="COLUMNS", help="Columns that are not used.")]
Categories = Annotated[
    _Names, typer.Option("--categories", metavar="COLUMNS", help="Columns of numbers that stand for categories.")
]
Missing = Annotated[
    str | None,
    typer.Option(
        "--missing", metavar="refuse|mean|median", help="What becomes of cells without a value; refused if left out."
    ),
]
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="softmax (for texts), logistic, linear or perceptron.")
]
Activation = Annotated[
    str | None, typer.Option("--activation", metavar="NAME", help="Of a perceptron: sigmoid, tanh, step or sign.")
]
NoBiases = Annotated[bool, typer.Option("--no-biases", help="A layer without biases.")]
ScaleInputs = Annotated[
    str | None,
    typer.Option("--scale", metavar="standardise|centre|none", help="The inputs; standardised if left out."),
]
ScaleTargets = Annotated[
    bool | None,
    typer.Option(
        "--scale-targets/--no-scale-targets", help="Numbers to [0, 1]; perceptrons need it.", show_default=False
    ),
]
Test = Annotated[
    str | None, typer.Option("--test", metavar="SHARE", help="Keep this share (0.2) or number (30) of rows for a test.")
]
Stratified = Annotated[bool, typer.Option("--stratified", help="Both sets with the same share of each class.")]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="Of split, initial layer and batches; 0.", show_default=False)
]
SolverName = Annotated[
    str | None,
    typer.Option("--solver", metavar="descent|exact", help="Descend, or go to the least cost at once; descent."),
]
LearningRate = Annotated[
    float | None,
    typer.Option(
        "--learning-rate", metavar="A", help="From the curvature of the cost if left out.", show_default=False
    ),
]
Epochs = Annotated[int | None, typer.Option("--epochs", metavar="N", help="1000 if left out.", show_default=False)]
BatchSize = Annotated[
    int | None, typer.Option("--batch-size", metavar="N", help="Rows an update; else all.", show_default=False)
]
Reduction = Annotated[
    str | None, typer.Option("--reduction", metavar="sum|mean|half-mean", help="Of the cost; mean if no rate is given.")
]
WeightDecay = Annotated[
    float | None, typer.Option("--weight-decay", metavar="L", help="Adds L/2 times the squares.", show_default=False)
]
DecayBiases = Annotated[bool, typer.Option("--decay-biases", help="The biases are decayed too.")]
Momentum = Annotated[
    float | None, typer.Option("--momentum", metavar="M", help="At least 0, below 1.", show_default=False)
]
Nesterov = Annotated[bool, typer.Option("--nesterov", help="Nesterov's momentum.")]
ScheduleText = Annotated[
    str | None, typer.Option("--schedule", metavar="KIND", help="Of the rate: cosine, step:every=10,factor=0.5, ...")
]
Tolerance = Annotated[
    float | None,
    typer.Option("--tolerance", metavar="T", help="Stop when the cost changes by less.", show_default=False),
]
Patience = Annotated[
    int | None,
    typer.Option("--patience", metavar="N", help="Stop N epochs after the best on the test set.", show_default=False),
]
Monitor = Annotated[str | None, typer.Option("--monitor", metavar="cost|accuracy", help="What is best then.")]
MinChange = Annotated[
    float | None, typer.Option("--min-change", metavar="D", help="Better by more than this.", show_default=False)
]
Order = Annotated[str | None, typer.Option("--order", metavar="shuffled|given", help="Of the rows in mini-batches.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="DIR", help="Write a page about the training into a new folder.")
]
Streamed = Annotated[
    bool, typer.Option("--stream", help="Read the rows some at a time: Parquet and Arrow files of any size.")
]
Memory = Annotated[
    str | None, typer.Option("--memory", metavar="SIZE", help="That rows of a stream may take; 1GB if left out.")
]
CheckpointFile = Annotated[
    Path | None,
    typer.Option("--checkpoint", metavar="FILE", help="Keep the run over a stream in this file on the way."),
]
Every = Annotated[
    str | None,
    typer.Option("--every", metavar="TIME", help="Between two checkpoints: 30s, 5min, 2h; 5min if left out."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint, as if never stopped.")]
