"""What was loaded, held against what the file itself states: weights, optimizer, compile arguments, layers."""

from host.judge.numbers import close
from host.judge.result import missing, not_compared, of_places

#: short names of losses that Keras spells out
ALIASES = {"mse": "meansquarederror", "mae": "meanabsoluteerror", "mape": "meanabsolutepercentageerror",
           "msle": "meansquaredlogarithmicerror", "bce": "binarycrossentropy", "kld": "kullbackleiblerdivergence",
           "kldivergence": "kullbackleiblerdivergence", "klddivergence": "kullbackleiblerdivergence",
           "logcosh": "logcosh", "cosinesimilarity": "cosinesimilarity"}  # fmt: skip
#: the facets of which an artifact has something that a reading is held against: nothing else of it can be lost
HELD = ("architecture", "weights", "compile_config", "optimizer_config", "optimizer_state", "resume_trajectory")
HELD += ("predictions",)
AGAINST = "against what the file itself states"


def weights(reading):
    """Every weight that the file states must be there, bit for bit; and no loaded weight may be of elsewhere."""
    stated = [e for e in reading.facts.get("stated") or [] if e["role"] == "weight"]
    state = reading.facts.get("state")
    loaded = None if state is None else [e for e in state if e["role"] in ("trainable", "non_trainable")]
    if not stated or loaded is None:
        return not_compared("no reader beside the judged ones reads it" if state else "this route lists no weights")
    by_name = {e["name"]: e for e in loaded}
    named = [(e, by_name[e["variable"]]) for e in stated if e.get("variable") in by_name]
    detail = [f"{e['name']} is not what {v['name']} holds" for e, v in named if e["sha256"] != v["sha256"]]
    taken = [v["sha256"] for _, v in named]
    rest = [e["sha256"] for e in loaded if e["name"] not in {v["name"] for _, v in named}]
    unnamed = [e for e in stated if e.get("variable") not in by_name]
    for entry in unnamed:
        if entry["sha256"] in rest:
            rest.remove(entry["sha256"])
            taken.append(entry["sha256"])
        elif reading.facts.get("layers") is not None:  # a graph need not hold every variable of its checkpoint
            detail.append(f"{entry['name']} {tuple(entry['shape'])} is in no loaded weight")
    detail += [f"{len(rest)} loaded weights are not those of the file"] if rest else []
    if not taken:
        return of_places(detail, len(stated)) if detail else not_compared("it lists none of the file's weights")
    result = of_places(detail, len(stated))
    result.detail.insert(0, AGAINST)
    result.tolerance = "identical bits"
    return result


def optimizer_state(reading):
    """Every array of the optimizer that the file states must be in the loaded optimizer."""
    stated = [e for e in reading.facts.get("stated") or [] if e["role"] == "optimizer"]
    state = reading.facts.get("state")
    if not stated or state is None:
        return not_compared("the file states no optimizer" if not stated else "this route lists no variables")
    loaded = [e for e in state if e["role"] == "optimizer"]
    if not loaded:
        return missing("the file states an optimizer's state, and the loaded model has none")
    held, gone, found = [value_of(e, reading) for e in loaded], [], 0
    for entry in stated:
        value = value_of(entry, reading)
        if value in held:
            held.remove(value)
            found += 1
        elif reading.arrays[entry].any():  # a new optimizer begins with zeros too
            gone.append(f"{entry['name']} {tuple(entry['shape'])} is in no variable of the loaded optimizer")
    if not found and not gone:
        return not_compared("the file's optimizer holds zeros alone, and none is in the loaded one")
    result = of_places(gone, found + len(gone))
    result.detail.insert(0, AGAINST)
    return result


def value_of(entry, reading):
    """What is compared: the digest; of a step counter the number, whose width differs between versions of Keras."""
    if "int" in entry["dtype"] and not entry["shape"]:
        return int(reading.arrays[entry])
    return entry["sha256"]


def compile_config(reading, about):
    """Compiled or not, and the losses."""
    if "compiled" not in reading.facts:
        return not_compared("this route makes no Keras model")
    if not about["compiled"]:
        return not_compared("the file states no compile arguments")
    if reading.facts["compiled"] is None:
        return missing("the file states compile arguments, and the model came back without them")
    wanted, found = sorted(losses(about["compiled"].get("loss"))), reading.facts["compiled"]["losses"]
    found = sorted(spelt(name) for name in found if name)
    known = wanted and found and len(wanted) == len(found)
    places = [f"losses {found}, was {wanted}"] if known and wanted != found else []
    return of_places(places, 1 + (len(wanted) if known else 0))


def losses(value):
    """The normalised names of the losses of a serialized compile config."""
    if isinstance(value, dict) and "class_name" in value:
        config = value.get("config")
        name = config.get("name") if isinstance(config, dict) else config if isinstance(config, str) else None
        return [spelt(name or value["class_name"])]
    if isinstance(value, (dict, list)):
        return [name for inner in (value.values() if isinstance(value, dict) else value) for name in losses(inner)]
    return [spelt(value)] if isinstance(value, str) else []


def spelt(name):
    plain = str(name).split(">")[-1].replace("_", "").lower()
    return ALIASES.get(plain, plain)


def optimizer_config(reading, about):
    """The optimizer's class, and its learning rate where it is a number."""
    stated = (about["compiled"] or {}).get("optimizer_config") or (about["compiled"] or {}).get("optimizer")
    compiled = reading.facts.get("compiled")
    if not isinstance(stated, dict) or not compiled:
        return not_compared("the file states no optimizer" if compiled else "the loaded model has no optimizer")
    wanted = str(stated.get("class_name")).split(">")[-1]
    places = [] if wanted == compiled["optimizer"] else [f"{compiled['optimizer']}, was {wanted}"]
    config = stated.get("config") or {}
    rate, own = config.get("learning_rate", config.get("lr")), compiled.get("learning_rate")
    both = isinstance(rate, (int, float)) and own is not None
    if both and not close(rate, own):
        places.append(f"learning_rate {own:g}, was {rate:g}")
    return of_places(places, 1 + both)


def architecture(reading, about):
    """The layers' classes and names, in the order of the file's config."""
    layers = reading.facts.get("layers")
    if layers is None or not about["layers"]:
        return not_compared("this route lists no layers" if layers is None else "the file states no layers")
    wanted, found = known(about["layers"]), known(layers)
    if not wanted:
        return not_compared("the file states no layers but those that feed inputs")
    gone = [f"{name} ({class_}) is missing" for class_, name in wanted if [class_, name] not in found]
    return of_places(gone, len(wanted))


def known(layers):
    """The layers by class and name, without package and without those that only feed inputs."""
    return [[str(class_).split(">")[-1], name] for class_, name in layers if class_ not in ("InputLayer", None)]


def one_step(reading):
    """Resumed training: one step of fit ran, and it went on from the step that the file states."""
    final = reading.facts.get("final_state")
    if final is None:
        return None
    counters = [e for e in reading.facts.get("stated") or [] if e["role"] == "optimizer" and is_counter(e)]
    after = [int(reading.arrays[e]) for e in final if e["role"] == "optimizer" and is_counter(e)]
    if not counters or not after:
        return not_compared("one step of fit ran, and there is no step counter in the file or in the optimizer")
    before = int(reading.arrays[counters[0]])
    wrong = [] if before + 1 in after else [f"the step after is {after[0]}, the file states {before}"]
    result = of_places(wrong, 1)
    result.detail.insert(0, f"one step of fit went on from step {before} of the file")
    return result


def is_counter(entry):
    return "int" in entry["dtype"] and not entry["shape"]
