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
#: what a route gives of an artifact that the user brings, and its verdict
ROUTE = f"results/pretrained/{{model}}/{CONSUMER}/{{loader}}"
ROUTE_VERIFIED = f"results/verified/pretrained/{{model}}/none/{{format}}/{CONSUMER}/{{loader}}/inference"
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


def chain(cell):
    """The records of a cell's jobs, the verdict last."""
    axes = tuple(cell)
    return [
        "/".join(("results", stage) + axes[:reached] + (name,))
        for stage, reached, name in (
            ("trained", 3, "reference.json"),
            ("saved", 4, "manifest.json"),
            ("loaded", 7, "observed.json"),
            ("verified", 7, "verdict.json"),
        )
    ]


def brought_chain(cell):
    """The records of a cell of an artifact that the user brings, the verdict last."""
    return [
        f"results/environments/{cell.consumer.rpartition('-')[0]}/environment.json",
        f"results/pretrained/{cell.model}/item.json",
        f"results/pretrained/{cell.model}/{cell.consumer}/{cell.loader}/observed.json",
        verdict(cell),
    ]


def beside(cell):
    """What lies beside a cell's records: arrays, and the artifact's folder."""
    reference, manifest, observed, _ = chain(cell)
    return [
        reference.replace("reference.json", "reference.npz"),
        manifest.replace("manifest.json", "artifact"),
        observed.replace("observed.json", "observed.npz"),
    ]


def cell(path):
    """The axes of a verdict.json's path, joined by slashes."""
    return "/".join(path.split("/")[2:-1])


def member(kind, name):
    """A member's source file, relative to ``scripts/``; of the kind ``engines`` that of the api's engine."""
    return f"roundtrip/{kind}/{ENGINES[name] if kind == 'engines' else name}.py"
