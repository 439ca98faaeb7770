"""Machine code for sparse inputs. It has a package of its own, so that other kernels are not compiled again where it changes."""
