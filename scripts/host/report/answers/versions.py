"""Since which version, and until which: the fields of one api's runtimes in order of version, merged into ranges."""

from host.report.answers import effects
from host.select import pairs


def ranges(fields, runtimes):
    """One entry for each api, format and use that several versions were asked about, each reading its own artifacts.

    The verdict on one model is compared, because other versions ran other models: the one that most versions ran.

    Parameters
    ----------
    fields : dict
        As returned by ``host.report.answers.fields.fields``.
    runtimes : dict
        {id: host.select.runtimes.Runtime}.

    Returns
    -------
    list of dict
        ``api``, ``format``, ``use``, ``model`` and ``statements``; each statement has ``words``, ``kind``, the
        ``versions`` of Keras that were run, ``version_added`` (the first of them; with ``≤`` where no older one was
        run) and ``version_removed`` (the first one after them, None if there is none).
    """
    own = {}
    for (producer, consumer, format_, use), field in fields.items():
        runtime = runtimes.get(producer)
        if producer == consumer and runtime is not None and runtime.backend == "tensorflow":
            own.setdefault((runtime.api, format_, use), []).append((pairs.rank(runtime), runtime.version, field))
    entries = []
    for (api, format_, use), found in sorted(own.items()):
        series = sorted(found, key=lambda item: item[0])
        model = most_run([field for _, _, field in series])
        seen = [(version, of_model(field, model)) for _, version, field in series]
        statements = merged([(version, effect) for version, effect in seen if effect])
        if len({version for s in statements for version in s["versions"]}) > 1:
            entries.append({"api": api, "format": format_, "use": use, "model": model, "statements": statements})
    return entries


def most_run(fields):
    """The id of the model that most of the fields ran; of equals the first by name."""
    models = [model for field in fields for group in field.groups for model in group.models]
    return min(models, key=lambda model: (-models.count(model), model))


def of_model(field, model):
    """The Effect on one model; None if the field did not run it."""
    return next((group.effect for group in field.groups if model in group.models), None)


def merged(series):
    """Statements of a list of (version, Effect), in order of version; neighbours to which the same happens are one."""
    statements = []
    for version, effect in series:
        last = statements[-1] if statements else None
        if last and last["words"] == effect.words:
            last["versions"] += [version] if version not in last["versions"] else []
            continue
        if last:
            last["version_removed"] = version
        added = version if last else f"≤{version}"
        statements.append(
            {
                "words": effect.words,
                "kind": effect.kind,
                "works": effect.kind == effects.WORKS,
                "version_added": added,
                "version_removed": None,
                "versions": [version],
            }
        )
    return statements
