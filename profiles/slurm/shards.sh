#!/usr/bin/env bash
# One allocation for each shard, with the local executor inside: the cheapest way to run a matrix (docs/cluster.md).
#
#   profiles/slurm/shards.sh [arguments for Snakemake, such as --configfile mine.yaml]
#
# DEPTH=1 (a shard per producer) or 2 (per producer and model); SBATCH="--cpus-per-task=8 --mem=20G --time=8:00:00"
# are the options of sbatch for each. This script builds environments and data here and submits the shards. The last
# submission runs what a killed shard left, and makes the report. Prints the job ids; the last one is the report's.
set -euo pipefail
cd "$(dirname "$0")/../.."
SNAKEMAKE=${SNAKEMAKE:-.venv/bin/snakemake}
arguments=${*:+$(printf ' %q' "$@")}

"$SNAKEMAKE" --cores 2 "$@" --until environment_build dataset list_cells >&2
shards=$(python3 - "${DEPTH:-1}" <<END
import json, sys
cells = json.load(open("results/report/cells.json"))["cells"]
print(*sorted({"/".join(cell.split("/")[: int(sys.argv[1])]) for cell in cells}))
END
)

mkdir -p results/shards
submit() { # NAME TARGET [OPTIONS of sbatch]
    # --nolock: no two shards write the same files, and the lock of a killed shard must not stop the report.
    # shellcheck disable=SC2086
    sbatch --parsable --requeue --export=ALL --job-name "$1" --output "results/shards/slurm-%j.log" \
        ${SBATCH:---cpus-per-task=4 --mem=12G --time=8:00:00} "${@:3}" <<JOB
#!/usr/bin/env bash
export KERAS_ROUNDTRIP_WARM_DIR=\${TMPDIR:-/tmp}/keras-roundtrip-\$SLURM_JOB_ID
exec "$SNAKEMAKE" --nolock --cores "\$SLURM_CPUS_PER_TASK" $2 $arguments
JOB
}

ids=
for shard in $shards; do
    id=$(submit "$shard" "results/shards/$shard.txt")
    echo "$id $shard"
    ids=$ids:$id
done
echo "$(submit report "" "--dependency=afterany$ids") report"
