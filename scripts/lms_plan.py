"""Print the tensors that large model support would swap in a model's training graph, without a rewrite or training.

    python scripts/lms_plan.py --runtime tf2.21-keras2_graph --module tf_keras --model lms_convnet \
        --data results/data/digits.npz --out plan --swapout-threshold 3
"""

import os
import sys

from roundtrip import context, stage, training
from roundtrip.lms import LMSError, plan, trace


def main(argv):
    p = stage.parser(__doc__)
    p.add_argument("--batch", type=int, default=training.BATCH_SIZE, help="samples in a step, for the bytes")
    p.add_argument("--swapout-threshold", type=int, default=1, metavar="LEVELS")
    p.add_argument("--swapin-ahead", type=int, default=1, metavar="LEVELS")
    p.add_argument("--swapin-groupby", type=int, default=None, metavar="LEVELS")
    for name in ("include-scopes", "exclude-scopes", "include-types", "exclude-types"):
        p.add_argument("--" + name, nargs="+", default=())
    args = p.parse_args(argv)
    names = ("swapout_threshold", "swapin_ahead", "swapin_groupby")
    names += ("include_scopes", "exclude_scopes", "include_types", "exclude_types")
    ctx = context.Context(args)
    model = ctx.build_plain()
    trace.make_train_function(model)
    try:
        swaps = plan.make(model.outputs[0].graph, plan.Parameters(**{name: getattr(args, name) for name in names}))
    except LMSError as error:
        sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
        return 1
    stage.fresh_folder(args.out)
    text = "\n".join(plan.lines(swaps, args.batch)) + "\n"
    with open(os.path.join(args.out, "plan.txt"), "w") as f:
        f.write(text)
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
