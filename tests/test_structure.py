"""The rules on structure: imports, lengths of modules and parameter lists, and words that must not appear.

The lists of exceptions below may only shrink: an entry that is no longer needed, or larger than needed, fails too.
"""

import ast
import graphlib
import re
import sys
from pathlib import Path

import pytest
from helpers.places import ROOT, SCRIPTS
from helpers.project import tracked

from warmstep import address

LINES, PARAMETERS = 200, 5
#: modules that are longer than LINES, with their length
LONGER = {}
#: not written by hand: it is joined from scripts/rescue/ (tests/test_rescue_joined.py)
GENERATED = ("keras_rescue.py",)
#: functions with more than PARAMETERS, with their number
WIDER = {
    "host/questions/bisect.py:Prober.__init__": 7,
    "roundtrip/diagnostics.py:captured.showwarning": 6,  # Python's own signature: this one has to stay
    "roundtrip/lms/plan.py:Parameters.__init__": 9,
    "roundtrip/lms/rewrite.py:apply": 6,
    "roundtrip/training.py:fit": 6,
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
TENSORFLOW = {"tensorflow", "keras", "tf_keras"}
#: what the repository must not lean on. In brackets, for this file is searched as well.
ELSEWHERE = [
    r"\.\./[s]hared\b",
    r"\b[D]ESIGN\b",
    r"\b(first|second|third|fourth|fifth|sixth)\s+[s]eed('s)?\b",
    r"\b[s]eed\s+documents?\b",
]


class Module:
    """A Python file below ``scripts``: its name, its lines, its functions, and what it imports."""

    def __init__(self, path, scripts):
        parts = path.relative_to(scripts).with_suffix("").parts
        self.package = parts[:-1]
        self.name = ".".join(self.package if parts[-1] == "__init__" else parts)
        self.source = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.source)

    def imports(self, outside_functions=False):
        """(module, name or None) of every import statement: those inside functions too, or not."""
        pending = [self.tree]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Import):
                yield from ((alias.name, None) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                up = self.package[: len(self.package) + 1 - node.level] if node.level else ()
                module = ".".join((*up, *([node.module] if node.module else [])))
                yield from ((module, alias.name) for alias in node.names)
            skipped = FUNCTIONS if outside_functions else ()
            pending += [child for child in ast.iter_child_nodes(node) if not isinstance(child, skipped)]

    def packages(self, **options):
        """What it imports, by the first part of the name: ``numpy``, ``host``."""
        return {module.split(".")[0] for module, _ in self.imports(**options)}

    def ours(self, known):
        """The modules among ``known`` that run when it is imported: with ``a.b.c`` also ``a`` and ``a.b``."""
        found = set()
        for module, name in self.imports():
            beside = f"warmstep.{module}" if self.package == ("warmstep",) else None  # server.py is run as a program
            found |= set([m for m in (f"{module}.{name}", module, beside) if m in known][:1])
        around = {".".join(name.split(".")[:n]) for name in found for n in range(1, name.count(".") + 1)}
        mine = {".".join(self.package[:n]) for n in range(1, len(self.package) + 1)}
        return (found | around & known - mine) - {self.name}

    def functions(self, node=None, inside=()):
        """(qualified name, number of parameters without ``self``) of every function."""
        for child in ast.iter_child_nodes(node or self.tree):
            named = isinstance(child, (*FUNCTIONS[:2], ast.ClassDef))
            here = (*inside, child.name) if named else inside
            if isinstance(child, FUNCTIONS[:2]):
                arguments = child.args.posonlyargs + child.args.args + child.args.kwonlyargs
                yield ".".join(here), sum(a.arg not in ("self", "cls") for a in arguments)
            yield from self.functions(child, here)


def modules(scripts=SCRIPTS):
    """{path below ``scripts``: Module}."""
    written = [p for p in sorted(scripts.rglob("*.py")) if p.name not in GENERATED]
    return {str(p.relative_to(scripts)): Module(p, scripts) for p in written}


def graph(found):
    """{module: modules that it imports}."""
    known = {m.name for m in found.values()}
    return {m.name: m.ours(known) for m in found.values()}


def room(name):
    """Which room of the host a module is in; "top" for those that lie beside the rooms."""
    parts = name.split(".")
    return parts[1] if (SCRIPTS / "host" / parts[1]).is_dir() else "top"


def rooms(edges):
    """The imports between the rooms of the host."""
    found = {}
    for name, imported in edges.items():
        if name.startswith("host."):
            others = {room(other) for other in imported if other.startswith("host.")}
            found.setdefault(room(name), set()).update(others - {room(name)})
    return found


def cycle(edges):
    """A cycle as a list of names, or None."""
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        return error.args[1]


EVERY = modules()
GRAPH = graph(EVERY)


def test_no_module_imports_itself_by_way_of_others():
    assert cycle(GRAPH) is None


def test_no_room_of_the_host_imports_itself_by_way_of_others():
    between = rooms(GRAPH)
    assert {"select", "environments", "judge", "questions", "report", "top"} <= set(between)
    assert cycle(between) is None


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "import b", "b.py": "def f():\n    import a"},
        {"p/__init__.py": "", "p/a.py": "from p import b", "p/b.py": "from .a import f"},
        {"warmstep/a.py": "import b", "warmstep/b.py": "from warmstep import a"},
        {"p/__init__.py": "from p import a", "p/a.py": "import q", "q.py": "from p.b import x", "p/b.py": ""},
        {"p/__init__.py": "from p import a", "p/a.py": "from p import CONSTANT"},
    ],
)
def test_a_cycle_is_found(tmp_path, files):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cycle(graph(modules(tmp_path)))


def test_the_host_never_imports_tensorflow():
    for path, module in EVERY.items():
        if path.startswith("host/"):
            assert not module.packages() & TENSORFLOW, path


def test_tensorflow_is_imported_inside_functions():
    for path, module in EVERY.items():
        assert not module.packages(outside_functions=True) & TENSORFLOW, path


def test_what_runs_inside_an_environment_imports_nothing_of_the_host():
    inside = {path: module for path, module in EVERY.items() if not path.startswith("host/")}
    assert len(inside) > 200
    for path, module in inside.items():
        assert "host" not in module.packages(), path


def test_the_supervisor_imports_the_standard_library_alone():
    """And, once a step has died, the declaration of the records, which imports nothing else either."""
    allowed = {"warmstep", "roundtrip", *(Path(path).stem for path in address.SOURCES), *sys.stdlib_module_names}
    pending, reached = [name for name in GRAPH if name.startswith("warmstep.")], set()
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += GRAPH[name]
    for path, module in EVERY.items():
        if path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in reached:
            assert module.packages() <= allowed, path


def test_a_server_is_known_by_all_that_it_is_made_of():
    """An edit of any of these files must lead to another server."""
    pending, reached = ["warmstep.server"], set()
    while pending:
        name = pending.pop()
        reached.add(name)
        pending += GRAPH[name] - reached
    sources = {"warmstep." + Path(path).stem for path in address.SOURCES}
    assert sources == reached - {"warmstep"}


def test_modules_are_short():
    longer = {path: m.source.count("\n") for path, m in EVERY.items() if m.source.count("\n") > LINES}
    assert longer == LONGER


def test_functions_have_few_parameters():
    wider = {f"{path}:{name}": n for path, m in EVERY.items() for name, n in m.functions() if n > PARAMETERS}
    assert wider == WIDER


def test_the_repository_stands_by_itself():
    files = tracked()
    assert len(files) > 300
    for name in files:
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        for pattern in ELSEWHERE:
            assert not re.search(pattern, text), f"{name} speaks of {pattern}"


@pytest.mark.parametrize("text", ["see .{}/shared/x", "DESI{}GN says", "the second\nse{}ed", "a se{}ed document"])
def test_what_is_elsewhere_is_found(text):
    text = text.replace(".{}", "..").replace("{}", "")
    assert any(re.search(pattern, text) for pattern in ELSEWHERE)
