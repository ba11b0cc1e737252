"""summary.csv, with one row per cell, and matrix.parquet, with one row per cell and facet."""

import polars as pl

from host.select.cells import AXES

SUMMARY = {
    **{axis: pl.String for axis in AXES},
    "outcome": pl.String,
    "verdict": pl.String,
    "note": pl.String,
    "facets_lost": pl.String,
    "max_ulp": pl.Float64,
    "warnings": pl.Int64,
    "seconds": pl.Float64,
    "expectation": pl.String,
    "rerun": pl.String,
    "reason": pl.String,
    "doors": pl.String,
    "reproduction": pl.String,
}
MATRIX = {
    **{axis: pl.String for axis in AXES},
    "outcome": pl.String,
    "verdict": pl.String,
    "note": pl.String,
    "facet": pl.String,
    "status": pl.String,
    "promised": pl.Boolean,
    "relevant": pl.Boolean,
    "link": pl.String,
    "compared": pl.Int64,
    "differing": pl.Int64,
    "max_ulp": pl.Float64,
    "max_abs": pl.Float64,
    "tolerance": pl.String,
    "detail": pl.List(pl.String),
    "announced": pl.List(pl.String),
}


def summary(cells):
    """One row per cell. A facet that a failed cell did not come to counts as lost."""
    rows = [
        {
            **cell["cell"],
            "outcome": cell.get("outcome"),
            "verdict": cell["verdict"],
            "note": cell["note"],
            "facets_lost": " ".join(cell["gone"]),
            "max_ulp": cell["max_ulp"],
            "warnings": len(cell.get("warnings") or []),
            "seconds": cell["total_seconds"],
            "expectation": (cell["expectation"] or {}).get("link"),
            "rerun": cell["rerun"],
            "reason": cell.get("reason"),
            "doors": "; ".join(dict.fromkeys(door["what"] for door in cell.get("doors") or [])),
            "reproduction": (cell.get("reproduction") or {}).get("result"),
        }
        for cell in cells
    ]
    return pl.DataFrame([_only(row, SUMMARY) for row in rows], schema=SUMMARY, strict=False)


def matrix(cells):
    """One row per cell and facet."""
    rows = [
        {
            **facet,
            **cell["cell"],
            "outcome": cell.get("outcome"),
            "verdict": cell["verdict"],
            "note": cell["note"],
            "facet": name,
            "max_ulp": number(facet.get("max_ulp")),
            "max_abs": number(facet.get("max_abs")),
            "tolerance": None if facet.get("tolerance") is None else str(facet["tolerance"]),
            "detail": texts(facet.get("detail")),
            "announced": texts(facet.get("announced")),
        }
        for cell in cells
        for name, facet in (cell.get("facets") or {}).items()
    ]
    return pl.DataFrame([_only(row, MATRIX) for row in rows], schema=MATRIX, strict=False)


def _only(row, schema):
    return {column: row.get(column) for column in schema}


def number(value):
    """A float or None; ``cells.clean`` turned infinities and NaN into text."""
    return None if value is None else float(value)


def texts(values):
    """A list of texts; an entry may be a text or a message with source and category."""
    return [v["message"] if isinstance(v, dict) and "message" in v else str(v) for v in values or []]
