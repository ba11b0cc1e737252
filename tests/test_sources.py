"""Which files a job depends on: its script, what that imports, and the members that it names."""

from host.sources import closure


def test_a_stage_depends_on_what_it_imports_and_on_no_member_that_it_does_not_name():
    files = closure("save.py", "roundtrip/formats/h5.py")
    assert {"save.py", "roundtrip/state.py", "roundtrip/stage.py", "roundtrip/formats/__init__.py"} <= files
    assert not {f for f in files if f.startswith(("host/", "roundtrip/models/", "roundtrip/loaders/"))}
    assert {f for f in files if f.startswith("roundtrip/formats/")} == {
        "roundtrip/formats/__init__.py",
        "roundtrip/formats/h5.py",
    }


def test_a_member_made_of_others_depends_on_them():
    assert "roundtrip/formats/h5.py" in closure("roundtrip/formats/keras_after_h5.py")


def test_judging_does_not_depend_on_the_steps_nor_the_steps_on_judging():
    assert not closure("host/judge/verify.py") & {"train.py", "save.py", "load.py", "roundtrip/stage.py"}
    assert not {f for f in closure("train.py", "save.py", "load.py") if f.startswith("host/")}


def test_the_report_does_not_decide_verdicts():
    assert not {f for f in closure("host/judge/verify.py") if "report" in f or "expectations" in f}
