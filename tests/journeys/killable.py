"""``python -m tests.journeys.killable PORT``: serves as long as it is told to, with a new process after each that dies.

The service is loaded once and forked, so that a server that was killed is back in a moment. Prints the id of each
process when it is about to answer.
"""

import os
import socket
import sys

from werkzeug.serving import WSGIRequestHandler, make_server

from wsgi import app


class _Quiet(WSGIRequestHandler):
    def log(self, kind: str, message: str, *args: object) -> None:
        pass


def main(port: int) -> None:
    ids = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the service logs is not an id
    with socket.create_server(("127.0.0.1", port), backlog=64) as door:
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet, fd=os.dup(door.fileno()))
        while True:
            child = os.fork()
            if child == 0:
                server.serve_forever()
            ids.write(f"{child}\n")
            ids.flush()
            os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
