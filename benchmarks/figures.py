"""The figures of the speed benchmark: medians and ratios, what the steps recorded, and the tables."""

import collections
import json
import statistics

import workplace as wp
from sequence import RULES

FACTS = {"train": "trained/**/reference.json", "save": "saved/**/manifest.json", "load": "loaded/**/observed.json"}
PAIRS = (("cold", "warm"), ("warm", "floor"))


def of_rounds(rounds, ways):
    """Seconds of each repeat, medians, and the spread of the ratios, repeat by repeat."""
    ratios = {f"{a}/{b}{kind}": [r[a + kind] / r[b + kind] for r in rounds] for kind in ("", "_processor")
              for a, b in PAIRS}  # fmt: skip
    names = (*ways, *(f"{way}_processor" for way in ways))
    return {
        "repeats": [{name: round(seconds, 2) for name, seconds in r.items()} for r in rounds],
        **{f"{name}_s": round(statistics.median(r[name] for r in rounds), 2) for name in names},
        "ratios": {
            name: {"min": round(min(v), 2), "median": round(statistics.median(v), 2), "max": round(max(v), 2)}
            for name, v in ratios.items()
        },
    }


def inside(folder):
    """What the steps recorded: {stage: {"steps", "seconds", "cpu_s", "parts"}}."""
    found = {}
    for stage, pattern in FACTS.items():
        facts = [json.loads(f.read_text()) for f in (folder / "results").glob(pattern)]
        parts = collections.Counter()
        for f in facts:
            parts.update({k: v for k, v in f.get("seconds", {}).items() if k != "total"})
        used = [f.get("usage", {}) for f in facts]
        found[stage] = {
            "steps": len(facts),
            "seconds": sum(f.get("seconds", {}).get("total", 0) for f in facts),
            "cpu_s": sum(u.get("user_seconds", 0) + u.get("system_seconds", 0) for u in used),
            "parts": dict(parts),
        }
    return found


def spans(jobs, rule):
    own = [j["end"] - j["begin"] for j in jobs if j["rule"] == rule]
    return {"jobs": len(own), "seconds": sum(own)}


def outcomes(folder):
    """{file: digests of states and arrays, outcomes, verdicts}: what must be the same for every way to run it."""
    found = {}
    for pattern in (*FACTS.values(), "verified/**/verdict.json"):
        for path in (folder / "results").glob(pattern):
            found[str(path.relative_to(folder))] = sorted(map(repr, hashes(json.loads(path.read_text()))))
    return found


def hashes(value):
    """All digests, outcomes and verdicts in a value, except the hashes of files, which may contain times."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, (dict, list)):
            yield from hashes(inner) if key != "files" else ()
        elif key in ("sha256", "state_digest", "outcome", "verdict", "status", "reproducible"):
            yield key, inner


def differing(one, other):
    one, other = one["outcomes"], other["outcomes"]
    names = sorted(set(one) | set(other))
    return {"files": len(names), "differ": [name for name in names if one.get(name) != other.get(name)]}


def breakdown(found, cores):
    """The core seconds of the last repeat, for each way: inside the steps and around them."""
    parts = {}
    for way, run in found.items():
        jobs = sum(j["seconds"] for j in run["jobs"].values())
        own = sum(s["seconds"] for s in run["steps"].values())
        parts[way] = {k: v for k, v in run.items() if k != "outcomes"}
        parts[way].update({"core_seconds": cores * run["seconds"], "steps_own": own, "else_in_jobs": jobs - own,
                           "outside_jobs": cores * run["seconds"] - jobs})  # fmt: skip
    return json.loads(json.dumps(parts), parse_float=lambda x: round(float(x), 3))


def text(facts, ways):
    """The figures as tables."""
    machine, parts, small = facts["machine"], facts["breakdown"], facts["small_steps"]
    columns = (*ways, *(f"{way}_processor" for way in ways))
    rows = [(f"repeat {i + 1}", *(r[c] for c in columns), r["load"]) for i, r in enumerate(facts["repeats"])]
    rows.append(("median", *(facts[f"{c}_s"] for c in columns), None))
    sections = [
        f"{facts['cells']} cells, {facts['steps']} steps, {len(facts['runtimes'])} runtimes, {machine['cores']} cores"
        f" of {machine['processor']}; load before: {machine['load_before']}",
        wp.table(("seconds", *(c.replace("_", " ") for c in columns), "load"), rows),
        wp.table(("ratio", "min", "median", "max"),
                 [(name.replace("_", " "), *v.values()) for name, v in facts["ratios"].items()]),
        "Seconds a job, from Snakemake's start of it to its result (floor: a call of main); in brackets, what the\n"
        "step says of itself.\n" + wp.table(("rule", "jobs", *ways), list(rules(parts, ways))),
        f"Core seconds ({machine['cores']} cores x wall) of the last repeat.\n" + wp.table(("", *ways), [
            (title, *(parts[way].get(key) for way in ways)) for title, key in (
                ("steps, as they say", "steps_own"), ("else in their jobs", "else_in_jobs"),
                ("outside jobs", "outside_jobs"), ("all", "core_seconds"),
                ("processor of all", "processor_s"), ("Snakemake's own processor", "snakemake_cpu_s"),
                ("wall before the first job", "before_first_job_s"), ("wall after the last job", "after_last_job_s"))]),
        f"A step that only imports: warm {1000 * small['warm_s']:.0f} ms, cold {1000 * small['cold_s']:.0f} ms;"
        f" the first warm one, which starts the interpreter, {small['first_warm_s']:.1f} s.",
        "\n".join(f"{way} against warm: {len(a['differ'])} of {a['files']} differ in a hash, outcome or verdict."
                  for way, a in facts["agreement"].items()),
        f"Temporary files left behind: {facts['leftover_files']}.",
    ]  # fmt: skip
    return "\n\n".join(sections)


def rules(parts, ways):
    """The rows of the table of rules."""
    for stage, rule in RULES.items():
        jobs = {way: parts[way]["jobs"].get(rule, {"jobs": 0, "seconds": 0}) for way in ways}
        own = {way: parts[way]["steps"].get(stage) for way in ways}
        yield (
            rule,
            jobs[ways[0]]["jobs"],
            *(
                f"{jobs[way]['seconds'] / max(1, jobs[way]['jobs']):.2f}"
                + (f" ({own[way]['seconds'] / max(1, own[way]['steps']):.2f})" if own[way] else "")
                for way in ways
            ),
        )
