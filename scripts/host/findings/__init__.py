"""Findings: the bad cells of a run, grouped by what makes them fail alike.

Each function here takes judged cells (host.report.cells.judge), and reads no file.

``ties``       which findings a bad cell belongs to: those that its expectation names, else one for its way to fail
``find``       the findings of judged cells: what is lost, where it was seen, its report, a way around, its reproduction
``versions``   since and until which version
``around``     the ways around: cells of the same model, runtimes and use that kept everything
``wording``    the sentences

host.docs.findings makes docs/findings/ of them.
"""
