"""The names that Keras makes up (``dense_1``): each build begins with the counters of the first one.

Without it the names would depend on how many models a step has built. ``clear_session`` also forgets what the user's
code has set, such as a dtype policy: https://keras.io/api/utils/config_utils/#clear_session-function
"""

import collections
import importlib

KEY = "object_name_uids"


def restart(rt, counters):
    """Set the counters back; returns those to begin with, to be handed in again. ``counters``: None at first."""
    if rt.api != "keras3":
        rt.keras.backend.reset_uids()
        return {}
    tracker = importlib.import_module("keras.src.backend.common.global_state")
    now = tracker.get_global_attribute(KEY) or {}
    counters = dict(now) if counters is None else counters
    tracker.set_global_attribute(KEY, collections.defaultdict(int, counters))
    return counters
