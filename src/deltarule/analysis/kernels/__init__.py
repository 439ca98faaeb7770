"""Newton's method of small layers as machine code, made by Numba; `analysis.compiled_newton` calls it.

A package of its own, since code on disk is made anew when a source of its package changes: see `engines.kernels.disk`.
"""
