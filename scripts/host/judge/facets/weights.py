"""The trainable weights."""

ORDER = 20
NAME = "weights"
MEANING = "The trainable weights: kernels, biases, embeddings. Matched by name, else by order and shape."
MUST_BE = "identical bits"
ANNOUNCED_BY = r"weight|variable|checkpoint|layer|skipp"


def compare(pair):
    return pair.compare_role("trainable")
