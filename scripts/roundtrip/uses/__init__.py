"""Uses: each file does one thing with a loaded model."""

from roundtrip import kinds
from roundtrip import value_types as t

KIND = kinds.Kind(
    "use",
    [
        kinds.TITLE,
        kinds.apis({"keras3": "", "keras2": "", "keras2_graph": "", "tf1": ""}),
        kinds.Attribute(
            "NEEDS", t.tuples(t.word("need")), kinds.REQUIRED, "what the loader's result must support (`GIVES`)"
        ),
        kinds.Attribute(
            "COMPARES", t.FACETS, kinds.REQUIRED, "the facets that decide the verdict; the report shows the others too"
        ),
        kinds.rejects("the models with which it cannot be done, with the reason"),
        kinds.requires(
            "the traits that a model must have, with the reason; a model with a `TWIN` has the trait `twin`"
        ),
        kinds.Attribute(
            "FOLLOWS",
            t.tuples(t.one_of("attribute", ("TWIN",)), "attributes of the model"),
            (),
            "the model's attributes that name another model, which the use builds; an edit of it reruns this use",
        ),
        kinds.DEPENDENCIES,
    ],
    [kinds.Function("run", ("ctx", "loaded", "record"), "does it, and records the observations", True)],
)
