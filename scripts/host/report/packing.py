"""Values as text inside the page: JSON, deflated, in base64. page/unpack.js reads it with the browser's own means."""

import base64
import json
import zlib

#: a column of which more than this share of the values are distinct is a plain list of them
MOSTLY = 0.7


class Pool:
    """Distinct JSON values, each with its number."""

    def __init__(self):
        self.values = []
        self._numbers = {}

    def add(self, value):
        """The number of this value."""
        key = json.dumps(value, sort_keys=True, ensure_ascii=False)
        number = self._numbers.setdefault(key, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class Table:
    """Rows as columns: each field has its distinct ``values``, and for each row the ``numbers`` of its value.

    A row is often like the one before it, so a column compresses to little more than its changes.

    Parameters
    ----------
    fields : iterable of str
        The keys of each row.
    lists : iterable of str
        More keys, whose values are lists: their distinct ``items`` are stored once, and a list has their numbers.
    """

    def __init__(self, fields, lists=()):
        self._items = {field: Pool() for field in lists}
        self._values = {field: Pool() for field in (*fields, *lists)}
        self._numbers = {field: [] for field in self._values}

    def add(self, row):
        """Add a row, a dict with each key."""
        for field, values in self._values.items():
            items = self._items.get(field)
            value = [items.add(item) for item in row[field]] if items is not None else row[field]
            self._numbers[field].append(values.add(value))

    def columns(self):
        """{field: {"values", "numbers", "items"}}; without numbers, ``values`` has one for each row."""
        return {field: self._column(field) for field in self._values}

    def _column(self, field):
        values, numbers = self._values[field].values, self._numbers[field]
        items = {"items": self._items[field].values} if field in self._items else {}
        if len(values) > MOSTLY * len(numbers):
            return {"values": [values[n] for n in numbers], **items}
        return {"values": values, "numbers": numbers, **items}


def packed(value):
    """The value as text: only letters, digits, ``+``, ``/`` and ``=``."""
    return deflated(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def deflated(text):
    """A text, deflated, in base64."""
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")
