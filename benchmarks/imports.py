"""A step that only imports the modules in its arguments."""

import importlib
import sys

for name in sys.argv[1:]:
    importlib.import_module(name)
