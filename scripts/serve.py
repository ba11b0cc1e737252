"""Serve a frozen graph over HTTP: the answer to POST /api/predict with {"x": rows} is {"y": results}.

    python scripts/serve.py --frozen frozen_model.pb
    curl -X POST -H "Content-Type: application/json" http://localhost:5000/api/predict \\
        -d '{"x": [[0,1,2,3,4,5,6,7,8,9]]}'

After SIGTERM or SIGINT the server answers the requests that have begun, and then ends. Start it with the Python of an
environment that has TensorFlow and Flask. The first line that it prints is its address.
"""

import argparse
import os
import sys

from roundtrip import serving
from roundtrip.frozen_model import FrozenModel


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--frozen", required=True, metavar="PB", help="a GraphDef whose variables are constants")
    p.add_argument("--input", default="Placeholder/inputs_placeholder:0", metavar="TENSOR", help="default %(default)s")
    p.add_argument("--output", default="Accuracy/predictions:0", metavar="TENSOR", help="default %(default)s")
    p.add_argument("--host", default="127.0.0.1", help="default %(default)s: this machine alone")
    p.add_argument("--port", type=int, default=5000, help="default %(default)s; 0 for any that is free")
    p.add_argument("--limit", type=int, default=1000000, metavar="BYTES", help="of a request, default %(default)s")
    args = p.parse_args(argv)
    if not os.path.isfile(args.frozen):
        p.error("--frozen: there is no file %s" % args.frozen)
    try:
        model = FrozenModel(args.frozen, args.input, args.output)
        return serving.serve(serving.application(model, args.limit), args.host, args.port)
    except (KeyError, ValueError, OSError) as error:
        print("error: %s" % error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
