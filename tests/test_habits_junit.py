"""junit.xml has the elements and attributes that CI servers read, in the order that they require.

What is allowed is written down from the schema of Jenkins' xUnit plugin, which GitLab and the actions of GitHub follow:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

import datetime
import re

import pytest
from helpers import verdicts as fake

from host.report import cells as cells_
from host.report import junit

#: element -> (required attributes, other attributes, children)
SCHEMA = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"time", "skipped", "timestamp"}, {"testcase"}),
    "testcase": ({"name", "classname"}, {"time"}, {"skipped", "failure", "system-out"}),
    "skipped": (set(), {"type", "message"}, set()),
    "failure": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}
COUNT, SECONDS = re.compile(r"\d+"), re.compile(r"\d+\.\d{3}")


@pytest.fixture(scope="module")
def root():
    cells = cells_.judge(fake.verdicts(200), [], {})
    return junit.tree(cells, fake.EXCLUDED, datetime.datetime(2026, 11, 22, 1, 2, 3)).getroot()


def test_elements_and_attributes(root):
    for element in root.iter():
        required, optional, children = SCHEMA[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.tag
        assert {child.tag for child in element} <= children
        for name in ("tests", "failures", "errors", "skipped"):
            assert element.get(name) is None or COUNT.fullmatch(element.get(name))
        assert element.get("time") is None or SECONDS.fullmatch(element.get("time"))
    assert {e.tag for e in root.iter()} == set(SCHEMA)
    assert all(suite.get("timestamp") == "2026-11-22T01:02:03" for suite in root)


def test_no_two_cases_are_one_to_gitlab(root):
    """It tells cases apart by class and name: https://gitlab.com/gitlab-org/gitlab-ce/issues/50964"""
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names)) >= 200


def test_a_name_reads_as_a_person_would_say_it():
    axes = ("tf2.21-keras3", "digit_mlp", "none", "h5", "tf2.21-keras2", "load_model", "resume")
    (cell,) = cells_.judge([fake.verdict(*axes[:2], *axes[3:], fake.random.Random(1))], [], {})
    assert junit.case(cell).get("name") == "digit_mlp: resume by load_model in tf2.21-keras2"
    assert junit.case(cell).get("classname") == "tf2.21-keras3.h5"
    modified = {**cell, "cell": {**cell["cell"], "modifier": "lora"}}
    assert junit.case(modified).get("name") == "digit_mlp with lora: resume by load_model in tf2.21-keras2"


def test_a_case_has_one_result_and_the_bad_ones_say_why(root):
    for case in root.iter("testcase"):
        (result,) = list(case)
        assert result.tag == "system-out" or result.get("message")
        assert len(result.text or "") <= junit.CHARACTERS + 100
