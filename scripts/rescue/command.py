"""The command line: show, convert."""

import argparse
import importlib
import importlib.util
import sys

from rescue.convert import ERRORS, convert
from rescue.reading import read_held

USAGE = """Bring back what a saved Keras model holds and its loader leaves there: the optimizer's state, above all.

  python keras_rescue.py show old.h5
      what the file holds
  python keras_rescue.py convert old.h5 new.keras
      load the file with Keras, put back what Keras left, save it for the Keras that is installed
  python keras_rescue.py convert old.h5 new.keras --model train.py:build_model
      the same for a file of which Keras makes no model: your function builds it

In Python: keras_rescue.rescue(model, "old.h5").
"""


def rescue_main(arguments=None):
    """Run the command line. Returns 0; 1 if the file was refused or cannot be read; 2 for a wrong argument."""
    parser = argparse.ArgumentParser(description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command")
    commands.required = True
    shown = commands.add_parser("show", help="what the file holds")
    made = commands.add_parser("convert", help="save it for the Keras that is installed")
    for command in (shown, made):
        command.add_argument("path", help="file, folder, or prefix of a checkpoint")
        command.add_argument("--damaged", action="store_true", help="read what is left of a damaged file")
    made.add_argument("new", help="new.keras, or new.weights.h5")
    made.add_argument("--model", metavar="FILE.py:FUNCTION", help="a function that builds the model, compiled or not")
    made.add_argument("--keras", default="keras", help="the module that is Keras: keras, tf_keras, tensorflow.keras")
    made.add_argument("--dry-run", action="store_true", help="show the mapping and save nothing")
    args = parser.parse_args(arguments)
    try:
        print(_shown(args) if args.command == "show" else _converted(args, parser))
    except ERRORS as error:
        print("%s: %s" % (type(error).__name__, error), file=sys.stderr)
        return 1
    return 0


def _shown(args):
    held = read_held(args.path, args.damaged)
    stated = (held.compiled or {}).get("optimizer_config") or (held.compiled or {}).get("optimizer")
    lines = ["%s: %s%s" % (args.path, held.kind, ", Keras " + held.keras if held.keras else "")]
    lines += ["  %-52s %s" % (w.path, _numbers(w.value)) for w in held.weights]
    lines += ["optimizer: %s" % (stated.get("class_name") if isinstance(stated, dict) else stated or "not stated")]
    lines += ["  %-52s %s" % (v.path, _numbers(v.value)) for v in held.optimizer + held.inner]
    lines += ["damaged: %s: %s" % pair for pair in held.damage]
    return "\n".join(lines)


def _numbers(value):
    if value is None:
        return "no value of its own"
    return "%s %s" % (value.dtype, tuple(value.shape)) if value.ndim else "%s %s" % (value.dtype, value)


def _converted(args, parser):
    model = _built(args.model, parser) if args.model else None
    package, _, inside = args.keras.partition(".")
    try:
        keras = importlib.import_module(package)
    except ImportError:
        parser.error("--keras: %s is not installed for %s" % (package, sys.executable))
    keras = getattr(keras, inside) if inside else keras
    return convert(args.path, args.new, model, keras, dry_run=args.dry_run, damaged=args.damaged)


def _built(named, parser):
    """The model that the user's function builds."""
    file, _, function = named.rpartition(":")
    if not file.endswith(".py") or not function:
        parser.error("--model wants FILE.py:FUNCTION, not %s" % named)
    spec = importlib.util.spec_from_file_location("rescued_model", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["rescued_model"] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError:
        parser.error("--model: there is no file %s" % file)
    if not callable(getattr(module, function, None)):
        parser.error("--model: %s has no function %s" % (file, function))
    return getattr(module, function)()
