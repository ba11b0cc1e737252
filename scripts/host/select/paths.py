"""The paths of results: each stage's path is that of the stage before it, plus its own axes."""

from roundtrip.engines import ENGINES

RUNTIME = "{environment}-{api}"
CONSUMER = "{consumer_environment}-{consumer_api}"
TRAINED = f"results/trained/{RUNTIME}/{{model}}/{{modifier}}"
SAVED = f"results/saved/{RUNTIME}/{{model}}/{{modifier}}/{{format}}"
LOADED = f"results/loaded/{RUNTIME}/{{model}}/{{modifier}}/{{format}}/{CONSUMER}/{{loader}}/{{use}}"
CELL = LOADED.removeprefix("results/loaded/")
VERIFIED = f"results/verified/{CELL}"
REPRODUCED = f"results/reproduced/{CELL}"
#: an artifact that the user brings: its copy, what a route gives of it, and the verdict
TAKEN = "results/saved/brought/{model}/none/{format}"
READ = f"results/loaded/brought/{{model}}/none/{{format}}/{CONSUMER}/{{loader}}/{{use}}"
JUDGED = f"results/verified/{READ.removeprefix('results/loaded/')}"
REPRODUCED_BROUGHT = f"results/reproduced/{READ.removeprefix('results/loaded/')}"
#: an artifact that another runtime loaded and saved again, on its way to the consumer
VIA = "{via_environment}-{via_api}"
BRIDGE = f"{RUNTIME}/{{model}}/{{modifier}}/{{format}}/{VIA}/{{via_loader}}/{{via_format}}"
BRIDGED = f"results/bridged/{BRIDGE}"
BRIDGED_CELL = f"{BRIDGE}/{CONSUMER}/{{loader}}/{{use}}"
BRIDGED_LOADED = f"results/bridged_loaded/{BRIDGED_CELL}"
BRIDGED_VERIFIED = f"results/bridged_verified/{BRIDGED_CELL}"
VIA_ENVIRONMENT = "results/environments/{via_environment}"
ENVIRONMENT = "results/environments/{environment}"
CONSUMER_ENVIRONMENT = "results/environments/{consumer_environment}"


def verdict(cell):
    """The verdict.json of a host.select.Cell."""
    return "/".join(("results/verified",) + tuple(cell) + ("verdict.json",))


def reproduced(cell):
    """The result.json of the reproduction of a host.select.Cell."""
    return "/".join(("results/reproduced",) + tuple(cell) + ("result.json",))


def bridged_verdict(bridge):
    """The verdict.json of a host.select.cells.Bridge."""
    return "/".join(("results/bridged_verified",) + tuple(bridge) + ("verdict.json",))


#: the stages of a cell: folder, how many axes its path has, record
STAGES = (
    ("trained", 3, "reference.json"),
    ("saved", 4, "manifest.json"),
    ("loaded", 7, "observed.json"),
    ("verified", 7, "verdict.json"),
)


def is_brought(cell):
    """Whether the cell is one of an artifact that the user brings: nothing was trained for it."""
    return tuple(cell)[0] == "brought"


def chain(cell):
    """The records of a cell's jobs, the verdict last."""
    axes = tuple(cell)
    stages = STAGES[1:] if is_brought(cell) else STAGES
    return ["/".join(("results", stage) + axes[:reached] + (name,)) for stage, reached, name in stages]


def beside(cell):
    """What lies beside a cell's records: arrays, and the artifact's folder."""
    others = {"reference.json": "reference.npz", "manifest.json": "artifact", "observed.json": "observed.npz"}
    folders = (path.rsplit("/", 1) for path in chain(cell)[:-1])
    return [f"{folder}/{others[name]}" for folder, name in folders]


def cell(path):
    """The axes of a verdict.json's path, joined by slashes."""
    return "/".join(path.split("/")[2:-1])


def member(kind, name):
    """A member's source file, relative to ``scripts/``; of the kind ``engines`` that of the api's engine."""
    return f"roundtrip/{kind}/{ENGINES[name] if kind == 'engines' else name}.py"
