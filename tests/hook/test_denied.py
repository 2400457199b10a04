"""What the sandbox denies is never a failing test, whatever the test makes of it."""

from tests.hook.test_hook import hook, staged

GOES_ON = """
import socket
def reach():
    try:
        socket.create_connection(("192.0.2.1", 9), timeout=1)
    except OSError:
        return False
    return True
def test_reach(): assert reach()
"""


def test_a_new_test_that_goes_on_after_a_denial_and_fails_is_not_counted(tmp_path):
    staged(tmp_path, **{"tests/test_reach.py": GOES_ON})
    told = hook(code=0)
    assert "tests/test_reach.py::test_reach  it was denied looking up the name of a host" in told
    assert "nothing ran: all tests need what the sandbox denies, 1 not counted" in told


POSSIBLE = """
import asyncio, multiprocessing, os, pathlib, pwd, signal, socket, threading
async def nothing(): return 5
def test_asyncio(): assert asyncio.run(nothing()) == 5
def test_queue():
    queue = multiprocessing.Queue()
    queue.put(1)
    assert queue.get(timeout=5) == 1
def test_pair():
    one, two = socket.socketpair()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    one.send(b"x")
    assert two.recv(1) == b"x"
def test_written(): (pathlib.Path(__file__).parent / "new.txt").write_text("x")
def test_user(): assert pwd.getpwuid(os.getuid()).pw_dir and pwd.getpwnam("root")
def test_threads():
    event = threading.Event()
    threads = [threading.Thread(target=event.wait) for _ in range(150)]
    for thread in threads: thread.start()
    event.set()
    for thread in threads: thread.join()
"""


def test_what_is_safe_is_possible(tmp_path):
    staged(tmp_path, **{"tests/test_possible.py": POSSIBLE})
    assert "6 tests passed in" in hook(code=0)
