"""What there is to know of a layer and its data besides training.

- `boundaries`: the exact lines on which the predicted class changes, and the part of each that separates.
- `separability`: whether some layer tells all classes apart, with a certificate of either answer.
- `optimum`: where descent is heading: the minimum of the cost, or the direction at infinity.

What these know of a kind of layer stands in tables with one row a kind: `kinds.KINDS` and `boundaries.SCORES`.
"""
