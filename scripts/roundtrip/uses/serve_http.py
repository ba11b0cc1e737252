"""Serve over HTTP: right answers, alone and in parallel; clear errors; no request lost when the server is stopped."""

import json
import threading

import numpy as np

from roundtrip import training

TITLE = "serve over HTTP"
NEEDS = ("http",)
COMPARES = ("http_answers", "predictions")

#: a client's mistake -> (the body, the expected status)
_MISTAKES = {
    "malformed JSON": (b'{"x": [[1, 2', 400),
    "no JSON at all": (b"\xff\xfe", 400),
    "missing key": (b'{"inputs": [[1]]}', 400),
    "not an object": (b"[[1]]", 400),
    "empty list": (b'{"x": []}', 400),
    "wrong shape": (b'{"x": [[1, 2, 3]]}', 400),
    "rows of two lengths": (b'{"x": [[1, 2, 3], [1]]}', 400),
    "wrong dtype": (b'{"x": [["one"]]}', 400),
    "NaN": (b'{"x": [[NaN]]}', 400),
    "infinity": (b'{"x": [[1e999]]}', 400),
    "too large": (b" " * 1000001, 413),
}


def run(ctx, loaded, record):
    server, inputs = loaded.server, ctx.data.test[0]
    try:
        structure, leaves = loaded.predict(ctx)
        record.facts["predictions"] = {"structure": structure, "leaves": [record.array(x) for x in leaves]}
        examples = getattr(ctx.module, "EXAMPLES", ())
        found = {
            "examples": [server.ask(json.dumps({"x": x}).encode("utf-8")) for x, _ in examples],
            "refusals": {what: refusal(*server.ask(body)) for what, (body, _) in _MISTAKES.items()},
            "at once as one by one": at_once(server, inputs, leaves[0]),
            "in flight at SIGTERM": interrupted(server, inputs[:1], leaves[0][:1]),
        }
    except BaseException:
        server.terminate()
        raise
    finally:
        code = server.leave()
    expected = {
        "examples": [(200, {"y": y}) for _, y in examples],
        "refusals": {what: refusal(status, {"error": "what is wrong"}) for what, (_, status) in _MISTAKES.items()},
        "at once as one by one": True,
        "in flight at SIGTERM": True,
        "exit code": 0,
    }
    found["exit code"] = code
    record.facts["http"] = {"expected": expected, "found": found}


def refusal(status, answer):
    """``400, says what is wrong``, or the status and the answer if it is not JSON or contains a traceback."""
    said = answer.get("error") if isinstance(answer, dict) else None
    says = isinstance(said, str) and said and "Traceback" not in said
    return "%d, %s" % (status, "says what is wrong" if says else answer)


def at_once(server, inputs, expected):
    """Whether each row gets its own answer when one thread for each row sends all rows at the same time."""
    answers = [None] * len(inputs)

    def ask(i):
        answers[i] = server.predict(inputs[i : i + 1])

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return all(a is not None and np.allclose(a, expected[i : i + 1], 1e-5, 1e-6) for i, a in enumerate(answers))


def interrupted(server, inputs, expected):
    """Whether a request whose last byte arrives after SIGTERM still gets the right answer."""
    body = json.dumps({"x": training.flatten(inputs)[1][0].tolist()}).encode("utf-8")
    connection, last = server.send(body)
    server.terminate()
    status, answer = server.finish(connection, last)
    return status == 200 and np.allclose(answer["y"], expected, 1e-5, 1e-6)
