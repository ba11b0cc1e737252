"""As many cells as wanted, made from the verdicts of a real run: each copy is of other runtimes and another model.

A copy keeps what the verdict says, and varies what would differ in a real run, so that the page's data repeat as much
as real data do, and no more:

- runtimes: each real one is RELEASES runtimes, and each of them reads what it and the older ones wrote;
- models: after all pairs of runtimes, the model gets another name, and so do its layers in details and notes;
- by model and writer: the files' digests and sizes, and the uninterrupted training's batch logs;
- by cell: seconds, memory, largest differences, counts in details, batch logs where they differ;
- by model and reader: numbers of three digits and more in messages, errors and tracebacks (shapes, ids, lines).

What two copies share is seeded by what they share, so the same cells always come out.
"""

import copy
import hashlib
import random
import re

#: releases of each real runtime
RELEASES = 10
PAIRS = [(writer, reader) for reader in range(RELEASES) for writer in range(reader + 1)]
LONG_NUMBER = re.compile(r"\d{3,}|\d+\.\d+")
LAYER = re.compile(r"\b([a-z]\w*)(?=/)")


def multiplied(verdicts, count):
    """So many cells of these verdicts, an iterator: every verdict once in each copy of the run."""
    for number in range(count):
        copy, which = divmod(number, len(verdicts))
        yield varied(verdicts[which], *PAIRS[copy % len(PAIRS)], copy // len(PAIRS))


def varied(verdict, writer, reader, model):
    """One verdict as other runtimes and another model would have given it; the first copy is the real one."""
    if not (writer or reader or model):
        return verdict
    axes = verdict["cell"]
    cell = {
        **axes,
        "producer": release(axes["producer"], writer),
        "consumer": release(axes["consumer"], reader),
        "model": renamed(axes["model"], model),
    }
    here = "/".join(map(str, cell.values()))
    written = "/".join(cell[axis] for axis in ("producer", "model", "modifier"))
    read = f"{cell['consumer']} {cell['model']}"
    return {
        **verdict,
        "cell": cell,
        "titles": {**verdict["titles"], "model": renamed(verdict["titles"].get("model") or axes["model"], model)},
        "error": texts(verdict["error"], read),
        "warnings": texts(verdict["warnings"], read),
        "notes": texts(verdict.get("notes"), read, model),
        "files": [file(f, f"{written} {cell['format']}") for f in verdict["files"]],
        "facets": {name: facet(facts, f"{here} {name}", model) for name, facts in verdict["facets"].items()},
        "seconds": seconds(verdict["seconds"], {"train": written, "save": f"{written} {cell['format']}"}, here),
        "peak_memory_mb": near(verdict["peak_memory_mb"], random.Random(here), 1),
        "trajectory": trajectory(verdict["trajectory"], written, here),
    }


def release(runtime, number):
    environment, _, api = runtime.rpartition("-")
    return f"{environment}.{number}-{api}" if number and environment else runtime


def runtimes(known):
    """{id: host.select.runtimes.Runtime} with all releases of those that are known."""
    found = {}
    for id_, runtime in known.items():
        for number in range(RELEASES):
            found[release(id_, number)] = other = copy.copy(runtime)
            other.id = release(id_, number)
    return found


def renamed(name, number):
    return f"{name}_{number}" if number else name


def near(value, rng, digits=9):
    """Another number of the same size and kind."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not value:
        return value
    other = value * rng.uniform(0.7, 1.4)
    return max(1, round(other)) if isinstance(value, int) or value == round(value) else round(other, digits)


def texts(value, seed, model=0):
    """The value with other long numbers in its texts, and with the layers' names of another model."""
    if isinstance(value, dict):
        return {key: texts(v, seed, model) for key, v in value.items()}
    if isinstance(value, list):
        return [texts(v, seed, model) for v in value]
    if not isinstance(value, str):
        return value
    rng = random.Random(seed + value)
    value = LONG_NUMBER.sub(lambda found: other_digits(found[0], rng), value)
    return LAYER.sub(lambda found: renamed(found[1], model), value) if model else value


def other_digits(number, rng):
    return number[0] + "".join(str(rng.randrange(10)) if c.isdigit() else c for c in number[1:])


def file(facts, seed):
    rng = random.Random(f"{seed} {facts['path']}")
    digest = hashlib.sha256(f"{seed} {facts['sha256']}".encode()).hexdigest()
    return {**facts, "sha256": digest, "size": facts["size"] + rng.randrange(100)}


def facet(facts, seed, model):
    rng = random.Random(seed)
    more = {key: near(facts.get(key), rng) for key in ("max_ulp", "max_abs") if key in facts}
    return {**facts, **more, "detail": [detail(line, seed, model) for line in facts.get("detail") or []]}


def detail(line, seed, model):
    """Another line: other counts and differences, of as many values."""
    before, of, rest = line.partition(" of ")
    count, space, rest = rest.partition(" ")
    return texts(before, seed, model) + of + count + space + texts(rest, seed)


def seconds(stages, seeds, here):
    """Other times; all cells of a training have its time, and all of an artifact have that of its save."""
    return {stage: near(value, random.Random(seeds.get(stage, here) + stage), 3) for stage, value in stages.items()}


def trajectory(facts, written, here):
    """Another training; what the observed one shared with it, it shares again."""
    if not facts:
        return facts
    first, second = random.Random(written), random.Random(here)
    reference = [[near(v, first) for v in batch] for batch in facts["reference"]]
    observed = [
        [
            (reference[at][column] if at < len(reference) and v == facts["reference"][at][column] else near(v, second))
            for column, v in enumerate(batch)
        ]
        for at, batch in enumerate(facts["observed"])
    ]
    return {**facts, "reference": reference, "observed": observed}
