"""What train, save and load share: their arguments, and the run of a step in which an error is a result."""

import argparse
import gc
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback

from roundtrip import denial, diagnostics, faults, members, runtime
from roundtrip.context import Context
from roundtrip.position import Position
from roundtrip.record import Record, known_keys, read_record

SEED_OFFSET = 1000  # a model that is built to be loaded into must not start where the reference started


def parser(doc):
    """The arguments that every stage takes which has a model."""
    p = plain_parser(doc, Parser)
    p.add_argument("--model", required=True, metavar="MODEL", help="a member, or the id of --subject")
    p.add_argument("--modifier", default="none", choices=members.names("modifiers"), metavar="MODIFIER")
    given = p.add_mutually_exclusive_group(required=True)
    given.add_argument("--data", metavar="NPZ", help="the dataset, in the layout of mnist.npz")
    given.add_argument("--subject", metavar="JSON", help="a model of the user's instead of a member, with its data")
    p.add_argument("--seed", type=int, default=20)
    p.add_argument("--before", type=int, default=10, metavar="EPOCHS", help="epochs before the artifact is written")
    p.add_argument("--after", type=int, default=2, metavar="EPOCHS", help="epochs of resumed training")
    return p


def plain_parser(doc, parser_class=argparse.ArgumentParser):
    """The arguments that every stage takes."""
    p = parser_class(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument(
        "--runtime",
        required=True,
        metavar="ENVIRONMENT-API",
        help="e.g. tf2.21-keras3: what runs, and through which api",
    )
    p.add_argument("--module", required=True, help="the module that is Keras in this api, e.g. tf_keras")
    p.add_argument("--out", required=True, metavar="DIR", help="made anew; what lay there is removed")
    return p


class Parser(argparse.ArgumentParser):
    """Also checks that a model without --subject is a member."""

    def parse_args(self, argv):
        args, known = super().parse_args(argv), members.names("models")
        if not args.subject and args.model not in known:
            self.error("argument --model: there is no model %r (choose from %s)" % (args.model, ", ".join(known)))
        return args


def fresh_folder(path):
    """Remove what an earlier try left in the folder, but not the folder: a sandbox's rights are to this very one."""
    os.makedirs(path, exist_ok=True)
    for entry in list(os.scandir(path)):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.remove(entry.path)


def earlier(args, path, read=read_record):
    """What ``read(path)`` gives of an earlier step. Ends the step as not run where it is not as it was written."""
    try:
        return read(path)
    except faults.NotRun as error:
        sys.stderr.write("not run: %s\n" % error)
        faults.leave(args.out, None, str(error))
        faults.discard(path)
        raise SystemExit(faults.EXIT_CODE) from error


def cell_after(args, earlier, **axes):
    """The path's axes so far: those of an earlier step's record, and what this step adds.

    Parameters
    ----------
    args : the step's arguments
    earlier : dict
        The facts of that record.
    axes : {axis: id}

    Raises SystemExit where the record is of another model or modifier than the arguments say.
    """
    own = {"model": args.model, "modifier": args.modifier}
    cell = earlier["cell"] or own
    if any(cell[axis] != own[axis] for axis in own):
        raise SystemExit(
            "error: the record is of %(model)s, %(modifier)s; " % cell + "give the same --model and --modifier"
        )
    return dict(cell, **axes)


def cut_short(args, kind, cell, earlier):
    """Write the record of a step that an earlier step's failure leaves nothing to do; True if so.

    ``earlier`` are the facts of that step. Saves opening TensorFlow for nothing.
    """
    if earlier["outcome"] == "done":
        return False
    record = Record(kind, cell)
    record.facts.update(outcome="not_reached", diagnostics=[], seconds={}, earlier=earlier["outcome"])
    record.write(args.out, kind)
    return True


def run(args, kind, cell, body, context=Context):
    """Run ``body(context(args), record, at)`` and write the record, ``<out>/<kind>.json`` (.npz), whatever happens.

    ``at`` is a dict; the body keeps ``at["stage"]`` up to date, so that an exception's stage is known. The facts get
    ``outcome`` (roundtrip.records.OUTCOMES), ``error``, ``diagnostics``, ``seconds`` and ``usage``. Returns the exit
    code: 0, for a failed path is a result.
    """
    record, at, begin = Record(kind, cell), Position(args.out, cell), time.time()
    at["stage"] = "open"
    known = known_of(args)
    runtime.try_import("tensorflow", args.module)
    with diagnostics.captured(os.path.join(args.out, "stderr.txt")) as said:
        try:
            ctx = context(args)
            at.user = getattr(ctx, "module", None)
            body(ctx, record, at)
            record.facts.setdefault("outcome", "done")
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            reason = why_not_run(error, at["stage"], args.out)
            if reason:
                return give_up(at, args.out, cell, reason)
            record.facts["outcome"] = outcome_of(error)
            record.facts["error"] = diagnostics.error_facts(error, at["stage"])
            line = at.line(error)
            if line:
                record.facts["error"]["line"] = line
        gc.collect()  # a tf.train.Checkpoint warns of what was not restored when it is deleted
    record.facts["diagnostics"] = said.messages
    record.facts.setdefault("seconds", {})["total"] = round(time.time() - begin, 3)
    record.facts["usage"] = usage()
    record.write(args.out, kind, known)
    at.forget()
    return 0


def outcome_of(error):
    """The outcome of a step that an exception ended."""
    if diagnostics.is_out_of_memory(error):
        return "out_of_memory"
    return "denied" if denial.by_sandbox(error) else "refused"


#: stages that are none of the path's: TensorFlow, the data, the copy of the artifact; inputs, what is made of results
OURS = ("open", "copy", "inputs", "parse")
#: those of them in which a model runs, or a file is read: there the sandbox may deny what the artifact tries
OF_THE_ARTIFACT = ("inputs", "parse")


def why_not_run(error, stage, folder):
    """Why a failure is the machine's or ours and not the path's; None where it is the path's."""
    machine = faults.of_exception(error) or faults.of_folders(folder, tempfile.gettempdir())
    if machine or isinstance(error, KeyboardInterrupt):
        return machine or "interrupted"
    if stage in OF_THE_ARTIFACT and denial.by_sandbox(error):
        return None
    if stage in OURS:
        return "in stage %s: %s: %s" % (stage, type(error).__name__, error)
    return None


def give_up(at, folder, cell, reason):
    """End a step that could not be run: no record, the reason beside it, and the exit code that says so."""
    traceback.print_exc()
    sys.stderr.write("not run: %s\n" % reason)
    faults.leave(folder, cell, reason)
    at.forget()
    return faults.EXIT_CODE


def usage():
    """What this process used so far: seconds of processor time, MB (10^6 bytes) of resident memory at most.

    A step in a warm interpreter has not imported TensorFlow itself: its seconds are without that.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "user_seconds": round(used.ru_utime, 3),
        "system_seconds": round(used.ru_stime, 3),
        "peak_mb": round(used.ru_maxrss * 1024 / 1e6, 1),
    }


def known_of(args):
    """The array keys that the reference holds already (none in the train stage)."""
    reference = getattr(args, "reference", None)
    return known_keys(read_record(reference)) if reference else ()
