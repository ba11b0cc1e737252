"""A small Flask application that serves a frozen graph; scripts/serve.py starts it.

The answer to a wrong request has a status of 4xx and the body {"error": message}, never a traceback.
"""

import json
import signal
import threading
from http.server import HTTPServer

from roundtrip.frozen_model import BadRequest

IDLE_SECONDS = 20  # the server closes a connection that is silent for so long, also while it is stopping


def no_constant(word):
    raise BadRequest("%s is not a JSON number" % word)


def parse(body):
    """The ``x`` of a request's body. Raises BadRequest."""
    try:
        request = json.loads(body.decode("utf-8"), parse_constant=no_constant)
    except BadRequest:
        raise
    except (ValueError, RecursionError) as error:
        raise BadRequest("the body is not JSON: %s" % error) from None
    if not isinstance(request, dict) or "x" not in request:
        raise BadRequest('the body must be an object with the key "x"')
    return request["x"]


def application(model, limit):
    """A Flask application that calls ``model`` for each request; it refuses a body of more than ``limit`` bytes."""
    import flask
    from werkzeug.exceptions import HTTPException

    app = flask.Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = limit

    def answer(content, status=200):
        return flask.Response(json.dumps(content) + "\n", status, mimetype="application/json")

    @app.route("/api/predict", methods=["POST"])
    def predict():
        body = flask.request.stream.read(limit + 1)
        if len(body) > limit:  # older versions of Werkzeug limit only forms
            flask.abort(413)
        return answer({"y": model(parse(body))})

    @app.errorhandler(BadRequest)
    def bad_request(error):
        return answer({"error": str(error)}, 400)

    @app.errorhandler(HTTPException)
    def http_error(error):
        return answer({"error": error.description}, error.code)

    @app.errorhandler(Exception)
    def fault(error):
        app.logger.exception("a request failed")
        return answer({"error": "the server failed; its log has the reason"}, 500)

    return app


def serve(app, host, port):
    """Answer requests until SIGTERM or SIGINT, then finish the requests that have begun and return 0."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.0"  # one request per connection: no open connection delays the end
        timeout = IDLE_SECONDS

        def log_request(self, code="-", size="-"):
            pass

    server = make_server(host, port, app, threaded=True, request_handler=Handler)
    server.daemon_threads = False  # so server_close waits for them
    stopping = threading.Event()

    def stop(number, frame):
        if not stopping.is_set():
            stopping.set()
            threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print("serving on http://%s:%d/api/predict" % (host, server.server_port), flush=True)
    HTTPServer.serve_forever(server, 0.1)  # werkzeug's own closes the socket at once and loses waiting clients
    drain(server)
    for number in (signal.SIGTERM, signal.SIGINT):  # a second signal must not change the exit code
        signal.signal(number, signal.SIG_IGN)
    return 0


def drain(server):
    """Accept and answer the waiting connections, and wait until every answer is sent."""
    waiting = threading.Event()
    server.handle_timeout = waiting.set
    server.timeout = 0.1
    while not waiting.is_set():
        server.handle_request()
    server.server_close()
