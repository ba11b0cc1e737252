"""The environments that the configuration brings: `environment:`, or several by name in `environments:`.

Each is a list of requirements, an interpreter, or the id of an environment in envs/. The first two are worked out when
the workflow begins, and written below results/environments: <id>.yaml and <id>.lock, or <id>.json.
"""

import collections
import os
from pathlib import Path

from host.environments import completed, taken
from host.schemas import ConfigError, folder_of, place, suggestion
from roundtrip.record import read_json, write_atomic, write_json
from warmstep import installed

FOLDER = Path("results/environments")
#: the id of the one environment of `environment:`
ID = "own"
#: ``ids``: the environments that the user brings; ``files``: those of them that lie in no folder of environments
Own = collections.namedtuple("Own", ("ids", "files"))


class Resolver:
    """Works out the environments of a configuration.

    Parameters
    ----------
    config : dict
        The validated configuration.
    file : str or host.schemas.Files
        What messages call it by; paths are relative to the file that holds the key.
    declared : dict
        {id: environment} of the folders' files.
    """

    def __init__(self, config, file, declared):
        self.config, self.file, self.declared = config, file, declared

    def resolve(self, anew):
        """The Own of the configuration. Raises host.schemas.ConfigError before any job starts.

        Without ``anew``, what an earlier process of the same run has written is taken: all jobs then see the same.
        """
        known, files = [], []
        for id_, keys, entry in self.entries():
            if isinstance(entry, str):
                known.append(self._known(entry, place(self.file, *keys)))
                continue
            known.append(id_)
            files.append(self._worked_out(id_, keys, entry) if anew else _written(id_, entry))
        return Own(known, files)

    def entries(self):
        """(id, keys, entry) of every environment that the configuration names."""
        if isinstance(self.config["environments"], dict):
            yield from ((id_, ("environments", id_), entry) for id_, entry in self.config["environments"].items())
        if "environment" in self.config:
            yield ID, ("environment",), self.config["environment"]

    def _known(self, id_, where):
        if id_ not in self.declared:
            remedy = f"{suggestion(id_, self.declared)} For an interpreter write {{python: {id_}}}."
            raise ConfigError(where, f'there is no environment "{id_}"', remedy)
        return id_

    def _worked_out(self, id_, keys, entry):
        where = place(self.file, *keys)
        if id_ in self.declared:
            problem = f"{self.declared[id_]['file']} is an environment of this name"
            raise ConfigError(where, problem, "Choose another name.")
        if set(entry) not in ({"python"}, {"requirements"}):
            problem = f"it has {' and '.join(sorted(entry)) or 'no key'}"
            raise ConfigError(where, problem, "Write either `python` or `requirements`.")
        if "python" in entry:
            path = os.path.abspath(os.path.join(folder_of(self.file, keys[0]), os.path.expanduser(entry["python"])))
            return take(id_, path, f"{where}.python")
        wanted = completed.read(entry["requirements"], folder_of(self.file, keys[0]), f"{where}.requirements")
        completer = completed.Completer(self.declared, self.config.get("pythons"), f"{where}.requirements")
        return str(completer.write(FOLDER / f"{id_}.yaml", wanted))


def _written(id_, entry):
    file = FOLDER / f"{id_}.{'json' if 'python' in entry else 'yaml'}"
    if not file.exists():
        raise ConfigError(file, "the run that began has not left it", "Start the run again.")
    return str(file)


def take(id_, path, where):
    """Look at an interpreter, and write what a run and its steps must know of it; returns the file."""
    file = FOLDER / f"{id_}.json"
    spec = dict(taken.look(id_, path, where), file=str(file))
    (FOLDER / id_).mkdir(parents=True, exist_ok=True)
    if not file.exists() or read_json(file) != spec:
        write_json(str(file), spec)
    # always: a name that is no distribution may have come or gone, which is no new identity
    write_atomic(str(FOLDER / id_ / installed.LISTING), installed.listing(spec["folders"]).encode())
    return str(file)


def refuse_unused(own, runtimes, cells, where):
    """Raise host.schemas.ConfigError if no cell uses an environment that the user brings."""
    used = {runtime for cell in cells for runtime in (cell.producer, cell.consumer)}
    mine = [id_ for id_, runtime in runtimes.items() if runtime.environment in own.ids]
    if mine and not used & set(mine):
        remedy = f"Name one of its runtimes in `producers` or `consumers`: {', '.join(mine)}."
        raise ConfigError(where, "no selected cell uses it", remedy)
