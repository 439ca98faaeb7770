"""Tables on disk (CSV, Parquet) as inputs and targets of patterns."""

from deltarule.tables.table import Table, read_table

__all__ = ["Table", "read_table"]
