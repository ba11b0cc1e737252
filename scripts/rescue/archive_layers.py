"""Which layer an entry of Keras' saving library belongs to: the config's layers, by the names of the groups.

The library names a layer by its place and not by its name: ``layers/dense_1`` is the second Dense of the model:
https://github.com/keras-team/keras/blob/v3.8.0/keras/src/saving/saving_lib.py#L640
"""

import collections
import re

#: the attributes that hold a model's layers: today's, and that of Keras 2.12 and 2.13
ARCHIVE_CONTAINERS = ("layers", "_layer_checkpoint_dependencies")


def archive_natural(path):
    """A key that sorts ``vars/2`` before ``vars/10``, and an object's own variables before those of its children."""
    parts = path.split("/")
    return [(part != "vars", re.sub(r"\d+$", "", part), int((re.findall(r"\d+$", part) or ["0"])[0])) for part in parts]


def archive_snake_case(name):
    """As in Keras: https://github.com/keras-team/keras/blob/v3.8.0/keras/src/utils/naming.py#L27"""
    name = re.sub(r"\W+", "", name.split(">")[-1])
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    return "private" + name if name.startswith("_") else name


def archive_numbered(names):
    """The names with a counter behind each repeated one: dense, dense_1, dense_2."""
    count, numbered = {}, []
    for name in names:
        count[name] = count.get(name, -1) + 1
        numbered.append("%s_%d" % (name, count[name]) if count[name] else name)
    return numbered


def archive_is_object(value):
    return isinstance(value, dict) and isinstance(value.get("class_name"), str)


def archive_is_layer(entry):
    """Keras 3 lists operations among a Functional model's layers; the file holds the layers only."""
    return archive_is_object(entry) and "ops" not in str(entry.get("module")).split(".")


class ArchiveLayers(object):
    """The layers of a config, at their places in a file.

    Parameters
    ----------
    groups : set of str, the paths of all objects in the file
    names : dict of str, the name of the object at a path, where the file states it (Keras >= 3.7)
    by_order : bool
        Whether Keras 2 wrote the file. It counts no layer that it has written before, and Keras 2.12 counts a layer
        with weights twice. So the n-th group of a class is its n-th layer if there are as many of both.

    Attributes
    ----------
    places : OrderedDict, path -> names of the layer and of what is around it, in the order of the model's layers
    certain : bool, whether every group in a list of layers has its layer
    """

    def __init__(self, groups, names, by_order):
        self.names, self.by_order = names, by_order
        self.places, self.certain = collections.OrderedDict(), True
        self.children = collections.defaultdict(set)
        for group in groups:
            parts = group.split("/")
            for end in range(1, len(parts)):
                self.children["/".join(parts[:end])].add(parts[end])

    def add_model(self, config, prefix="", above=()):
        """The layers of a Functional or a Sequential model, whose config lists them."""
        places = [prefix + attribute for attribute in ARCHIVE_CONTAINERS]
        place = next((p for p in places if p in self.children), places[0])
        self._add_list([e for e in config["layers"] if archive_is_layer(e)], place, above)

    def _add_list(self, entries, place, above):
        children = self.children.get(place, set())
        kinds = [archive_snake_case(entry["class_name"]) for entry in entries]
        numbered = self._in_order(kinds, children) if self.by_order else archive_numbered(kinds)
        if not children <= set(numbered):
            self.certain = False
            return
        for entry, name in zip(entries, numbered):
            if name in children:
                self._add_layer(entry, place + "/" + name, above)

    def _in_order(self, kinds, children):
        """The group of each layer; None for a layer of a class that has another number of groups."""
        groups = {}
        for kind in set(kinds):
            own = [c for c in children if re.match(r"%s(_\d+)?$" % re.escape(kind), c)]
            groups[kind] = sorted(own, key=archive_natural) if len(own) == kinds.count(kind) else []
        return [groups[kind].pop(0) if groups[kind] else None for kind in kinds]

    def _add_layer(self, entry, place, above):
        config = entry["config"] if isinstance(entry.get("config"), dict) else {}
        name = self.names.get(place) or config.get("name") or entry.get("name")
        self.certain = self.certain and name in (config.get("name"), entry.get("name"))
        above += (name,) if name else ()
        self.places[place] = above
        if isinstance(config.get("layers"), list) and all(map(archive_is_object, config["layers"])):
            self.add_model(config, place + "/", above)
        for key, value in config.items():
            if archive_is_object(value) and key in self.children.get(place, ()):
                self._add_layer(value, place + "/" + key, above)
            elif key != "layers" and isinstance(value, list) and value and all(map(archive_is_object, value)):
                self._add_list(value, place + "/" + key, above)

    def layer_of(self, path):
        """(names, position) of the object at a path; position is None if the config lists no layer there."""
        parts = path.split("/")
        prefixes = ["/".join(parts[:end]) for end in range(len(parts) + 1)]
        listed = [p for p in prefixes if p in self.places]
        names = self.places[listed[-1]] if listed else ()
        deeper = prefixes[prefixes.index(listed[-1]) + 1 :] if listed else prefixes[1:]
        names += tuple(self.names[p] for p in deeper if self.names.get(p))
        return names, list(self.places).index(listed[-1]) if listed else None

    def current_path(self, path):
        """The path that later versions give to a variable in a file of Keras 2.12 or 2.13: without doubled counts."""
        parts = path.split("/")
        renamed = list(parts)
        for at, part in enumerate(parts[:-1]):
            if part == ARCHIVE_CONTAINERS[1]:
                kind = re.sub(r"_\d+$", "", parts[at + 1])
                children = sorted(self.children["/".join(parts[: at + 1])], key=archive_natural)
                number = [c for c in children if re.sub(r"_\d+$", "", c) == kind].index(parts[at + 1])
                renamed[at : at + 2] = ["layers", "%s_%d" % (kind, number) if number else kind]
        return "/".join(renamed)
