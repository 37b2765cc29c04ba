# SPDX-License-Identifier: MIT
#
# A Redis for the tests alone: on a unix socket in a private folder, ended with the tests.
import atexit
import shutil
import subprocess
import tempfile
import time
from functools import lru_cache
from pathlib import Path

import redis

PATIENCE = 10  # seconds, on a machine that is busy


@lru_cache(maxsize=None)
def redis_of_tests():
    """Returns the one for all tests of this process, which starts with the first that asks."""
    server = RedisServer()
    atexit.register(server.stop)
    return server


class RedisServer:
    def __init__(self):
        program = shutil.which("redis-server")
        if program is None:
            raise SystemExit(
                "The tests need redis-server, and it is not in PATH: apt-get install redis-server."
            )
        self._folder = tempfile.TemporaryDirectory(prefix="django-notify-")
        path = Path(self._folder.name) / "redis.sock"
        self.url = f"unix://{path}?db=0"
        # setpriv lets it end even where the tests are killed.
        guard = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        options = ["--port", "0", "--unixsocket", str(path), "--save", ""]
        self._log = open(path.with_name("redis.log"), "w+")
        self._process = subprocess.Popen(
            [*guard, program, *options], cwd=path.parent, stdout=self._log, stderr=self._log
        )
        self._await_answer()

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._folder.cleanup()

    def _await_answer(self):
        client = redis.Redis.from_url(self.url)
        until = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < until:
            try:
                client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.01)
        self._log.seek(0)
        log = self._log.read()
        self.stop()
        raise SystemExit(f"redis-server did not start:\n{log}")
