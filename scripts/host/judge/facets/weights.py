"""The weights that train."""

ORDER = 20
MEANING = "The weights that training changes: kernels, biases, embeddings. By name, else by order and shape."
MUST_BE = "identical bits"
ANNOUNCED_BY = r"weight|variable|checkpoint|layer|skipp"


def compare(pair):
    return pair.compare_role("trainable")
