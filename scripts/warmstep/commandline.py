"""The options of scripts/step.py. (argparse would cost every step 10 ms of import.)"""

#: option -> default; an option whose default is a number takes a number; one whose default is a tuple can be repeated
OPTIONS = {"--out": None, "--result": None, "--environment": None, "--timeout": 0.0, "--memory": 0.0,
           "--runner": "plain", "--preload": "", "--idle": 600.0, "--sandbox": None, "--readable": ()}  # fmt: skip


class Usage(Exception):
    """The command line is wrong; the message says why."""


def parse(argv):
    """The options as a dict without dashes, and the command. Raises Usage."""
    if "--" not in argv:
        raise Usage("the command goes after --")
    cut = argv.index("--")
    given, command = argv[:cut], argv[cut + 1 :]
    options = dict(OPTIONS)
    while given:
        name, equals, value = given.pop(0).partition("=")
        if name not in options or not (equals or given):
            raise Usage(f"unknown option, or one without its value: {name}")
        value = value if equals else given.pop(0)
        try:
            options[name] = taken(name, value, options[name])
        except ValueError:
            raise Usage(f"{name} wants a number, not {value!r}") from None
    check(options, command)
    return {k[2:]: v for k, v in options.items()}, command


def taken(name, value, earlier):
    """An option's value as its default's type wants it, after those given earlier. Raises ValueError."""
    if isinstance(OPTIONS[name], tuple):
        return (*earlier, value)
    return float(value) if isinstance(OPTIONS[name], float) else value


def check(options, command):
    """Raise Usage if an option, a combination of options or the command is invalid."""
    if options["--runner"] not in ("warm", "plain"):
        raise Usage(f"--runner is warm or plain, not {options['--runner']!r}")
    if bool(options["--out"]) != bool(options["--result"]):
        raise Usage("--out and --result go together")
    if options["--readable"] and not options["--sandbox"]:
        raise Usage("--readable goes with --sandbox")
    if len(command) < 2:
        raise Usage("the command is PYTHON SCRIPT ARGS... or PYTHON -m MODULE ARGS...")
