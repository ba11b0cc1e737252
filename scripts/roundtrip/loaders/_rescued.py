"""What the loaders that call keras_rescue have in common."""

#: what lies between writer and reader, and is no obstacle to keras_rescue (docs/rescue.md)
ACROSS = ("keras2-keras3", "keras2_graph-keras2", "keras2_graph-keras3", "major", "backend")


def facts(report):
    """The notes of the loader: what a keras_rescue.Report says."""
    return {
        "rescue": {
            "restored": len(report.restored),
            "already": len(report.already),
            "absent": list(report.absent),
            "unused": list(report.unused),
            "changes": list(report.changes),
            "notes": list(report.notes),
        }
    }
