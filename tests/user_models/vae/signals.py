import csv
from pathlib import Path

import numpy as np


def load():
    with open(Path(__file__).with_name("signals.csv")) as f:
        return np.array([[float(x) for x in row] for row in csv.reader(f)])
