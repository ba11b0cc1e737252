"""The tables of the columns of summary.csv and matrix.parquet: name, type, meaning."""

import polars as pl

from host.docs.markdown import table
from host.report import columns, tables

TYPES = {
    pl.String: "text",
    pl.Float64: "number",
    pl.Int64: "whole number",
    pl.Boolean: "true or false",
    pl.List(pl.String): "list of texts",
}


def of(schema, meanings):
    """One row for each column. Raises KeyError where a column has no meaning."""
    rows = [(f"`{name}`", TYPES[type_], meanings[name]) for name, type_ in schema.items()]
    return table(["column", "type", "meaning"], rows)


TABLES = {
    "summary": lambda: of(tables.SUMMARY, columns.SUMMARY),
    "matrix": lambda: of(tables.MATRIX, columns.MATRIX),
}
