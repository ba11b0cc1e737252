"""Build the model from its code, then ``load_weights`` of the file with the highest epoch in its name."""

import os
import re

from roundtrip.loaders import EVERYTHING, FROM_CODE, build_load_weights

TITLE = "code + load_weights of the latest by name"
APIS = build_load_weights.APIS
READS = ("numbered_weights_h5",)
READS_IN = {"keras2": ("numbered_weights_checkpoint",), "keras2_graph": ("numbered_weights_checkpoint",)}
RESTORES = build_load_weights.RESTORES
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
_NAME = re.compile(r"(cp-(\d+)\.(?:ckpt|weights\.h5))(?:\.index)?$")


def load(ctx, artifact):
    found = [m for m in map(_NAME.match, os.listdir(artifact)) if m]
    latest = max(found, key=lambda m: int(m.group(2))).group(1)
    return build_load_weights.load_into(ctx.build(), os.path.join(artifact, latest))
