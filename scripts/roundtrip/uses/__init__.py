"""Uses: what is done with what was loaded. One file each."""

from roundtrip import kinds
from roundtrip import value_types as t

KIND = kinds.Kind(
    "use",
    [
        kinds.TITLE,
        kinds.apis({"keras3": "", "keras2": "", "keras2_graph": "", "tf1": ""}),
        kinds.Attribute("NEEDS", t.tuples(t.word("need")), kinds.REQUIRED, "what the loader must give (`GIVES`)"),
        kinds.Attribute(
            "COMPARES", t.FACETS, kinds.REQUIRED, "the facets that decide its verdict; others are shown, and do not"
        ),
        kinds.rejects("which models it cannot be done with"),
        kinds.requires("which models alone it can be done with, and why; `twin` is a trait of those that have one"),
        kinds.Attribute(
            "FOLLOWS",
            t.tuples(t.one_of("attribute", ("TWIN",)), "attributes of the model"),
            (),
            "the attributes that name another model, which it builds too: an edit of that model reruns this use",
        ),
        kinds.DEPENDENCIES,
    ],
    [kinds.Function("run", ("ctx", "loaded", "record"), "does it, and records what is seen", True)],
)
