"""A frozen graph behind a small Flask application; scripts/serve.py starts it.

What a client gets wrong is answered with a status of 4xx and {"error": what is wrong}, never with a traceback.
"""

import json
import signal
import threading
from http.server import HTTPServer

from roundtrip.frozen_model import BadRequest

IDLE_SECONDS = 20  # a client that says nothing for so long is hung up on, also when the server has been told to stop


def no_constant(word):
    raise BadRequest("%s is no JSON number" % word)


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
    """The Flask application that answers with ``model``; a larger body than ``limit`` bytes is refused."""
    import flask
    from werkzeug.exceptions import HTTPException

    app = flask.Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = limit

    def answer(content, status=200):
        return flask.Response(json.dumps(content) + "\n", status, mimetype="application/json")

    @app.route("/api/predict", methods=["POST"])
    def predict():
        body = flask.request.stream.read(limit + 1)
        if len(body) > limit:  # older versions of Werkzeug limit forms alone
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
        return answer({"error": "the server failed to answer; its log says why"}, 500)

    return app


def serve(app, host, port):
    """Answer until SIGTERM or SIGINT, then the requests that have begun, then return 0."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.0"  # one request a connection: none that stays open can hold up the end
        timeout = IDLE_SECONDS

        def log_request(self, code="-", size="-"):
            pass

    server = make_server(host, port, app, threaded=True, request_handler=Handler)
    server.daemon_threads = False  # server_close then waits for them
    stopping = threading.Event()

    def stop(number, frame):
        if not stopping.is_set():
            stopping.set()
            threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print("serving on http://%s:%d/api/predict" % (host, server.server_port), flush=True)
    HTTPServer.serve_forever(server, 0.1)  # werkzeug's own closes the socket at once: who waits there is cut off
    drain(server)
    for number in (signal.SIGTERM, signal.SIGINT):  # told twice: leaving already, and with a clean exit code
        signal.signal(number, signal.SIG_IGN)
    return 0


def drain(server):
    """Answer those who are connected and not yet accepted, and wait for every answer to be sent."""
    waiting = threading.Event()
    server.handle_timeout = waiting.set
    server.timeout = 0.1
    while not waiting.is_set():
        server.handle_request()
    server.server_close()
