"""Replaces scripts/step.py when Snakemake and the rules are measured: writes a result at once, and runs nothing."""

import os
import sys

#: what a verdict costs to read depends on its facets: as many as a usual cell has
FACETS = ("architecture", "weights", "non_trainable_state", "optimizer_config", "optimizer_state", "compile_config",
          "predictions", "live_model")  # fmt: skip
FACET = (
    '"%s": {"status": "identical", "promised": true, "relevant": true, "compared": 8, "differing": 0,'
    ' "max_ulp": null, "max_abs": null, "detail": [], "announced": [],'
    ' "link": "https://keras.io/api/models/model_saving_apis/"}'
)
AXES = ("producer", "model", "modifier", "format", "consumer", "loader", "use")


def option(argv, name):
    return argv[argv.index(name) + 1]


def main(argv):
    cut = argv.index("--")
    given, command = argv[:cut], argv[cut + 1 :]
    if "--result" in given:
        out, name = option(given, "--out"), option(given, "--result")
        write(f"{out}/{name}.json", '{"outcome": "done", "seconds": {"total": 0.0}}')
    else:
        cell = command[command.index("host.judge.verify") + 1].split("/")
        axes = ", ".join(f'"{axis}": "{value}"' for axis, value in zip(AXES, cell))  # noqa: B905 - nothing is imported
        facets = ", ".join(FACET % name for name in FACETS)
        write(
            option(command, "--out"),
            f'{{"cell": {{{axes}}}, "verdict": "kept", "outcome": "loaded", "stage": null, "reason": "a stub",'
            f' "facets": {{{facets}}}, "warnings": [], "error": null, "seconds": {{"total": 0.0}}, "files": [],'
            ' "trajectory": null, "peak_memory_mb": null, "titles": {}}',
        )


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
