"""What the records of a brought artifact hold beside those of the matrix."""

from roundtrip.records.parts import DOORS, FILE, NAMED_ARRAYS, STATED
from roundtrip.records.words import NUMBER, TEXT, TEXTS, a_list, a_map, a_text, an_object, or_null

#: what the host finds out before anything is run (host.brought)
BROUGHT = an_object(
    {
        "title": a_text("what kind of artifact it is"),
        "note": a_text("what the copy changes: another name, one of several versions"),
        "api": or_null(a_text("the api that wrote it, as it states")),
        "version": or_null(a_text("the version of Keras that wrote it, as it states")),
        "traits": a_list(TEXT, "traits of its model, as far as its config shows them"),
        "layers": a_list(a_list(or_null(TEXT)), "[class, name] of each layer that its config states"),
        "compiled": or_null(an_object({}, others={}, description="the compile arguments that it states")),
        "custom": a_list(TEXT, "the classes of its config that are none of Keras'"),
        "doors": DOORS,
        "sources": a_map(TEXT, "{path of the copy: the user's file}"),
        "beside": a_list(an_object(FILE, FILE), "the files beside the manifest with which the copy is read"),
    },
    ("title", "note", "api", "version", "traits", "layers", "compiled", "custom", "doors", "sources", "beside"),
    description="what the host finds out of an artifact that the user brings, without running anything of it",
)
OF_A_BROUGHT_ARTIFACT = {
    "layers": a_list(TEXTS, "[class, name] of each loaded layer"),
    "compiled": or_null(
        an_object(
            {"optimizer": TEXT, "losses": TEXTS, "learning_rate": NUMBER},
            description="the loaded model's optimizer and losses; null if none",
        )
    ),
    "stated": a_list(STATED, "every array that the file itself states"),
    "inputs": dict(NAMED_ARRAYS, description="the inputs of the call"),
    "inputs_are": a_text("where the inputs come from", "given", "made up"),
    "inputs_needed": a_text("why there was no call: no inputs that satisfy the model"),
    "not_called": a_text("why there was no call, though there is a model"),
    "tried": a_list(
        an_object({"inputs": TEXTS, "error": TEXT}, ("inputs", "error")), "inputs that the model refused, and its words"
    ),
    "outputs": dict(NAMED_ARRAYS, description="the outputs of the call, by name"),
    "not_repeated": a_list(TEXT, "the outputs of which a second call gave other values"),
}
