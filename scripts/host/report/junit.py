"""junit.xml: one suite per producer and format, one case per cell. Excluded cells are skipped cases.

A bad cell never passes. If it is known, it is an expected failure: a skipped case with a type of its own and the
message, as pytest writes one (https://github.com/pytest-dev/pytest/blob/8.4.0/src/_pytest/junitxml.py). CI servers
list such cases apart from those that passed.
"""

import re
import xml.etree.ElementTree as ET
from collections import defaultdict

from host.report import evidence, words

# XML 1.0 cannot hold these characters, not even escaped; colour codes in messages contain them
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: details of a facet, and messages, in the text of a case, and its characters: an annotation on GitHub holds 64 kB
#: (https://docs.github.com/en/rest/checks/runs). All of them are in the cell's verdict.json.
SHOWN, CHARACTERS = 20, 30_000

#: the type of a skipped case that stands for a bad cell that is known
EXPECTED = "expected_failure"


def tree(cells, excluded, when):
    """The ElementTree of the whole report."""
    suites = defaultdict(list)
    for cell in cells:
        suites[suite_name(cell["cell"])].append(case(cell))
    for entry in excluded:
        suites[suite_name(entry)].append(skipped(entry))
    if not cells:
        empty = ET.Element("testcase", classname="keras-roundtrip", name="cells", time="0")
        ET.SubElement(empty, "failure", type="unproved", message="no cell was judged")
        suites["keras-roundtrip"].append(empty)
    root = ET.Element("testsuites", name="keras-roundtrip")
    for name, cases in sorted(suites.items()):
        suite = ET.SubElement(root, "testsuite", name=name, timestamp=when.strftime("%Y-%m-%dT%H:%M:%S"))
        suite.extend(cases)
        _count(suite, cases)
        suite.set("skipped", str(sum(c.find("skipped") is not None for c in cases)))
    _count(root, root.iter("testcase"))
    ET.indent(root)
    return ET.ElementTree(root)


def suite_name(axes):
    """The name of a suite: producer and format."""
    return writable(f"{axes['producer']}.{axes['format']}")


def case(cell):
    """A cell as a case, with its evidence: a failure if it fails the gate, an expected one if it is known as bad."""
    verdict, note = words.verdict(cell["verdict"]), cell["note"]
    element = _case(cell["cell"], cell["total_seconds"] or 0)
    message = writable(evidence.headline(cell))
    if cell["passes"] and verdict.kind != words.BAD:
        ET.SubElement(element, "system-out").text = message
        return element
    tag, type_ = ("skipped", EXPECTED) if cell["passes"] else ("failure", note if note == "fixed" else verdict.id)
    ET.SubElement(element, tag, type=type_, message=message).text = text(cell)
    return element


def skipped(entry):
    """An excluded cell with its reason; an axis that does not matter is ``*``."""
    element = _case(entry, 0)
    ET.SubElement(element, "skipped", message=writable(entry.get("reason") or "excluded"))
    return element


def _case(axes, seconds):
    """A case; GitLab and Jenkins show ``classname`` and ``name``, and tell cases apart by both together.

    https://gitlab.com/gitlab-org/gitlab/-/issues/299086
    """
    modified = "" if axes["modifier"] == "none" else " with {modifier}".format(**axes)
    name = f"{axes['model']}{modified}: " + "{use} by {loader} in {consumer}".format(**axes)
    return ET.Element("testcase", classname=suite_name(axes), name=writable(name), time=f"{seconds:.3f}")


def text(cell):
    """The evidence as the text of a case; of more than CHARACTERS the beginning and the end, where the command is."""
    whole = writable("\n".join(evidence_lines(cell)))
    half = CHARACTERS // 2
    return whole if len(whole) <= CHARACTERS else f"{whole[:half]}\n... shortened ...\n{whole[-half:]}"


def evidence_lines(cell):
    """The evidence for the verdict, line by line."""
    yield f"outcome: {cell.get('outcome')}" + (f" at {cell['stage']}" if cell.get("stage") else "")
    for name in cell["lost"]:
        yield from evidence.facet(name, cell["facets"][name], SHOWN)
    yield from (f"warning: {line}" for line in evidence.warnings(cell, SHOWN))
    if cell["expectation"]:
        yield f"expectation: {cell['expectation'].get('reason')} {cell['expectation'].get('link') or ''}"
    yield from evidence.error(cell)
    yield f"rerun: {cell['rerun']}"


def writable(text):
    """The text without the characters that XML cannot hold."""
    return UNWRITABLE.sub("�", str(text))


def _count(element, cases):
    """What the suites and all of them together may state; the schema has ``skipped`` for a suite alone.

    https://github.com/jenkinsci/xunit-plugin (types/model/xsd/junit-10.xsd)
    """
    cases = list(cases)
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(c.find("failure") is not None for c in cases)))
    element.set("errors", "0")
    element.set("time", f"{sum(float(c.get('time')) for c in cases):.3f}")
