"""The parts of the rules' commands: the supervisor, the dataset, the seed and the epochs.

Needs: the configuration.
Makes: no file, but DATASET, HOST, HOST_STEP, MODEL, ``step`` and ``sandboxed_host_step``.

What may hold a space, a quote or ``$`` is quoted for the shell: here by shlex.quote, in the rules by ``:q``.
"""

import shlex

DATASET = f"results/data/{config['dataset']}.npz"
PYTHON = shlex.quote(sys.executable)
PYTHONPATH = f"PYTHONPATH={shlex.quote(f'{workflow.basedir}/scripts')}"
HOST = f"{PYTHONPATH} {PYTHON} -m"
TRAINING = f"--seed {config['seed']} --before {config['epochs']['before']} --after {config['epochs']['after']}"
# Only the CPU: a second run must equal the first bit for bit. (The supervisor limits each step to one thread.)
PINNED = "CUDA_VISIBLE_DEVICES=-1"
# The supervisor sets limits and always writes a result. It is not in params: a change of it must not rerun a step.
LIMITS = f"--timeout {config['limits']['seconds']:g} --memory {config['limits']['memory_mb']}"
STEP = f"{PYTHON} -I -S scripts/step.py --runner {config['runner']} {LIMITS}"
# The host's own small steps use the supervisor too, so that a warm interpreter imports NumPy only once.
HOST_STEP = (
    f"{PYTHONPATH} {PYTHON} -I -S scripts/step.py --runner {config['runner']}"
    f" --preload numpy,packaging.specifiers,jsonschema -- {PYTHON} -m"
)
#: the options of a step that has a model
MODEL = "--model {wildcards.model} --modifier {wildcards.modifier} {params.data} {input.data:q} {params.training}"


def step(script, result, options, supervised=""):
    """The command of a step; ``options`` are those that only its script has, ``supervised`` more for the supervisor."""
    return (
        "{PINNED} {params.step[assignments]} {STEP}"
        f" --out {{params.out:q}} --result {result} --environment {{params.step[folder]}}"
        f" --preload {{params.step[preload]}} {supervised}"
        f" -- {{params.step[python]}} scripts/{script} {{params.step[arguments]}} {options}"
        " --out {params.out:q} > {log:q} 2>&1"
    )


def sandboxed_host_step(command):
    """The command of a step of the host that opens a file of the user: it has limits too, and a sandbox."""
    return (
        f"{{PYTHONPATH}} {{STEP}} --preload numpy,h5py {{params.sandbox}} -- {{PYTHON}} -m {command} > {{log:q}} 2>&1"
    )
