"""Texts that name files or code: the state of a checkpoint's folder, YAML with tags of Python."""

import re

from host.inspection import configs
from host.inspection.files import Door, leaves

STATE = re.compile(rb'^(?:all_)?model_checkpoint_paths?: "([^"\n]*)"$', re.MULTILINE)
#: bytes; the reader of YAML needs a second and a hundred times the memory for each million
LARGEST = 10_000_000
TAG = re.compile(rb"!!?python/[\w/:.]+|tag:yaml\.org,2002:python/[\w/:.]+")


def recognizes(file):
    return file.ends(".yaml", ".yml") or bool(STATE.match(file.head))


def look(file):
    content = file.read(LARGEST)
    for name in dict.fromkeys(m[1].decode("utf-8", "replace") for m in STATE.finditer(content)):
        if leaves(name):
            yield Door("path that leaves the folder", file.name, f"tf.train.latest_checkpoint leads to {name}")
    for tag in dict.fromkeys(m[0].decode() for m in TAG.finditer(content)):
        yield Door("object in YAML", file.name, f"the tag {tag} makes an unsafe loader call Python")
    if file.ends(".yaml", ".yml"):
        import yaml

        without = TAG.sub(b"", content)
        yield from configs.doors(yaml.safe_load(without), file.name, file.limit)
