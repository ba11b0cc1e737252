"""Where a step is, in its memory and on disk."""

import os

from roundtrip.record import write_json


class Position(dict):
    """Where a step is. The cell and ``stage`` stand in files too, for the supervisor to read when the process died."""

    def __init__(self, folder, cell):
        dict.__init__(self)
        self.path, self.cell = os.path.join(folder, "stage.txt"), os.path.join(folder, "cell.json")
        write_json(self.cell, cell)
        self.user = None

    def __setitem__(self, key, value):
        dict.__setitem__(self, key, value)
        if key == "stage":
            with open(self.path, "w") as f:
                f.write(value)

    def line(self, error):
        """The line of the user's model in which an exception was raised; None where it was none of theirs."""
        code = getattr(self.user, "code", None)
        return code and code.line(error)

    def forget(self):
        os.remove(self.path)
        os.remove(self.cell)
