"""The messages of a path's steps: which of them count, and which announce the loss of a facet."""

import re

from host.judge import facets

#: Messages that TensorFlow prints at its start for every model. They announce nothing.
NOISE = re.compile(
    r"oneDNN custom operations|cpu_feature_guard|To enable the following instructions|computation_placer"
    r"|before absl::InitializeLog|node_def_util|TF-TRT Warning|cuda|CUDA|cuInit|Unable to register cu"
    r"|__array__ implementation doesn't accept|DeprecationWarning|FutureWarning|warnings\.warn|NUMA|MLIR"
    r"|`np\.|rebuild TensorFlow|Created device|tensorflow/core/platform|XLA service|StreamExecutor"
    r"|Instructions for updating|Colocations handled automatically|OMP_NUM_THREADS is no longer|Model\.state_updates"
    r"|was changed by setting attribute|profiler_session|GPU trace was not collected|_colocate_with"
    r"|INFO:tensorflow:Assets written|xla::|Compiled cluster using XLA|OUT_OF_RANGE|End of sequence"
    r"|mark_for_compilation_pass|xla_cpu_device|The name tf\.\S+ is deprecated|TF_XLA_FLAGS|XLA is active",
)

#: Messages that appear whether or not anything is lost. They are shown as warnings, but announce no loss.
ROUTINE = re.compile(r"the compiled metrics have yet to be built|is deprecated|considered legacy|HDF5 file via")


def relevant_messages(diagnostics):
    """The diagnostics without NOISE and plain deprecations, each message once.

    A Python warning is also printed to standard error: a message that another source already has is dropped.
    """
    kept, texts, noise = [], [], []
    for entry in sorted(diagnostics, key=lambda e: e["source"] == "stderr"):
        text = " ".join(entry["message"].split()).removeprefix("WARNING:tensorflow:")
        if not text or NOISE.search(text) or entry["category"] in ("DeprecationWarning", "FutureWarning"):
            noise.append(text)  # on standard error each line of it is an entry of its own
            continue
        if any(text in other for other in noise):
            continue
        if entry["category"] in ("ResourceWarning", "PendingDeprecationWarning", "INFO"):
            continue
        if any(text in other or other in text for other in texts):
            continue
        texts.append(text)
        kept.append(entry)
    return kept


def announcing(facet, messages):
    """The messages that announce the loss of a facet, or of a facet that it rests on."""
    patterns = [facets.every()[root].ANNOUNCED_BY for root in facets.roots(facet)]
    pattern = re.compile("|".join(filter(None, patterns)) or "(?!)", re.IGNORECASE)
    texts = [m["message"] for m in messages if not ROUTINE.search(m["message"])]
    return [text for text in texts if pattern.search(text)]
