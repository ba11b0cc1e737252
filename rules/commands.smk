"""The parts of the rules' commands: how a step is started, on which data, for how many epochs.

Needs: the configuration.
Makes: no file, but DATASET, HOST, HOST_STEP, MODEL and ``step``.
"""

DATASET = f"results/data/{config['dataset']}.npz"
HOST = f"PYTHONPATH={workflow.basedir}/scripts {sys.executable} -m"
TRAINING = f"--seed {config['seed']} --before {config['epochs']['before']} --after {config['epochs']['after']}"
# No device but the CPU: a second run must equal the first bit for bit. (One thread a step: the supervisor sees to it.)
PINNED = "CUDA_VISIBLE_DEVICES=-1"
# The supervisor: limits, and a result whatever happens. Not a parameter: how a step is run is no reason to rerun it.
STEP = (
    f"{sys.executable} -I -S scripts/step.py --runner {config['runner']}"
    f" --timeout {config['limits']['seconds']:g} --memory {config['limits']['memory_mb']}"
)
# The host's own small steps by the same way: NumPy is imported once.
HOST_STEP = (
    f"PYTHONPATH={workflow.basedir}/scripts {sys.executable} -I -S scripts/step.py --runner {config['runner']}"
    f" --preload numpy,packaging.specifiers,jsonschema -- {sys.executable} -m"
)
#: the options of a step that has a model
MODEL = "--model {wildcards.model} --modifier {wildcards.modifier} --data {input.data} {params.training}"


def step(script, result, options):
    """The command of a step; ``options`` are those that its script does not share with the others."""
    return (
        "{PINNED} {params.step[assignments]} {STEP}"
        f" --out {{params.out}} --result {result} --preload {{params.step[preload]}}"
        f" -- {{params.step[python]}} scripts/{script} {{params.step[arguments]}} {options}"
        " --out {params.out} > {log} 2>&1"
    )
