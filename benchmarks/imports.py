"""A step that does nothing but import the modules that are named."""

import importlib
import sys

for name in sys.argv[1:]:
    importlib.import_module(name)
