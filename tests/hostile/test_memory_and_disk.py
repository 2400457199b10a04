"""Memory is limited, nothing can be written, descriptors are few."""

import pytest

from tests.hostile.containment import PATIENT, TRACE, TRYING, each, guess

CASES = {
    "allocating": ("MLE", "def f(x):\n  a = []\n  while True: a.append(bytearray(1 << 20))"),
    "allocating while loading": ("MLE", "a = []\nwhile True: a.append(bytearray(1 << 20))"),
    "one large allocation": ("MLE", "def f(x): return len(bytearray(1 << 40))"),
    "swallowing MemoryError": ("TLE MLE", "def f(x):\n  a = []\n  while True:\n    try: a.append(bytearray(1 << 20))\n    except MemoryError: pass"),
    "small objects": ("MLE TLE", "def f(x):\n  a = ()\n  while True: a = (a, a)"),
    "a text that doubles": ("MLE", "def f(x):\n  a = 'x'\n  while True: a += a"),
    "a dict that grows": ("MLE TLE", "def f(x):\n  d = {}\n  while True: d[len(d)] = None"),
    "mapping": ("RE", "import mmap\ndef f(x):\n  a = []\n  while True: a.append(mmap.mmap(-1, 1 << 24)); a[-1][0] = 1"),
    "mapping what is shared": ("RE", "import mmap\ndef f(x):\n  a = []\n  while True: a.append(mmap.mmap(-1, 1 << 24, flags=mmap.MAP_SHARED)); a[-1][0] = 1"),
    "the C library's malloc": ("MLE", "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.malloc.restype = ctypes.c_void_p\ndef f(x):\n  while True:\n    p = libc.malloc(1 << 22)\n    if not p: raise MemoryError\n    ctypes.memset(p, 1, 1 << 22)"),
    "stacks of threads": ("RE MLE", "import threading, time\nthreading.stack_size(32 << 20)\ndef f(x):\n  for _ in range(100): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\n  return 1"),
    "a width of a billion": ("MLE", "def f(x): return f'{x:1000000000}'"),
    "a compressed gibibyte": ("MLE", "import zlib\ndef f(x):\n  d, data = zlib.compressobj(9), []\n  block = bytes(1 << 20)\n  packed = d.compress(block) * 1 + d.flush()\n  return len(zlib.decompress(packed) * (1 << 12))"),
    "a range that becomes a list": ("MLE", "def f(x): return len(list(range(10 ** 10)))"),
    "products without end": ("MLE TLE", "def f(x): return len(list(itertools.product(range(100), repeat=10)))"),
    "pipes filled to the brim": ("TLE", "import os\ndef f(x):\n  pipes = [os.pipe() for _ in range(20)]\n  for _, end in pipes:\n    os.set_blocking(end, False)\n    try:\n      while True: os.write(end, b'x' * 65536)\n    except BlockingIOError: os.set_blocking(end, True)\n  os.write(pipes[0][1], b'x')"),
    "descriptors without end": ("RE", "import os\ndef f(x):\n  while True: os.dup(1)"),
    "a recursion that allocates": ("MLE RE TLE", "def f(x): return [f(x), bytearray(1 << 16)] if bytearray(1 << 20) else 0"),
}  # fmt: skip

FLAGS = "os.O_CREAT | os.O_RDWR"
DENIED = {
    "memory that is shared and in no file": ("EPERM", "mmap.mmap(-1, 4096)"),
    "a file in /tmp": ("EACCES EROFS", f"open('/tmp/{TRACE}', 'w')"),
    "a file in /var/tmp": ("EACCES EROFS", f"open('/var/tmp/{TRACE}', 'w')"),
    "a file in /dev/shm": ("EACCES ENOENT EROFS", f"open('/dev/shm/{TRACE}', 'w')"),
    "a file in /run": ("EACCES EROFS", f"open('/run/{TRACE}', 'w')"),
    "a file in /": ("EACCES EROFS", f"open('/{TRACE}', 'w')"),
    "a file in the working folder": ("EACCES EROFS", f"open('{TRACE}', 'w')"),
    "a file in the home folder": ("EACCES EROFS ENOENT", f"open('/root/{TRACE}', 'w')"),
    "a file in the library": ("EACCES EROFS", f"open(os.path.join(os.path.dirname(os.__file__), '{TRACE}'), 'w')"),
    "a file without a name": ("EACCES EROFS EOPNOTSUPP", "os.open('/tmp', os.O_TMPFILE | os.O_RDWR)"),
    "a temporary file": ("ENOENT EACCES", "__import__('tempfile').TemporaryFile()"),
    "appending to the library": ("EACCES EROFS", "open(os.__file__, 'a')"),
    "changing the library": ("EACCES EROFS", "open(os.__file__, 'r+')"),
    "truncating the library": ("EPERM", "os.truncate(os.__file__, 0)"),
    "writing to the program": ("EACCES EROFS ETXTBSY", "open('/proc/self/exe', 'r+')"),
    "opening a device": ("EACCES", "open('/dev/full', 'w')"),
    "opening the console": ("EACCES ENXIO ENOENT", "open('/dev/tty', 'w')"),
    "an anonymous file": ("EPERM", "os.memfd_create('x')"),
    "a secret anonymous file": ("EPERM ENOSYS", "call('memfd_secret', 0)"),
    "a folder": ("EPERM", f"os.mkdir('/tmp/{TRACE}')"),
    "a symbolic link": ("EPERM", f"os.symlink('/etc/passwd', '/tmp/{TRACE}')"),
    "a hard link": ("EPERM", f"os.link('/etc/passwd', '/tmp/{TRACE}')"),
    "a fifo": ("EPERM", f"os.mkfifo('/tmp/{TRACE}')"),
    "a device node": ("EPERM", f"os.mknod('/tmp/{TRACE}', 0o20666, os.makedev(1, 3))"),
    "renaming": ("EPERM", f"os.rename('/etc/hostname', '/etc/{TRACE}')"),
    "removing a file": ("EPERM", "os.unlink('/etc/hostname')"),
    "removing a folder": ("EPERM", "os.rmdir('/tmp')"),
    "changing a mode": ("EPERM", "os.chmod('/tmp', 0o777)"),
    "changing an owner": ("EPERM", "os.chown('/tmp', 0, 0)"),
    "changing times": ("EPERM", "os.utime('/tmp')"),
    "changing an attribute": ("EPERM", f"os.setxattr('/tmp', 'user.{TRACE}', b'1')"),
    "reserving space": ("EPERM", "call('fallocate', 1, 0, 0, 1 << 30)"),
    "more memory": ("EPERM ValueError", "resource.prlimit(0, resource.RLIMIT_AS, (-1, -1))"),
    "more descriptors": ("EPERM ValueError", "resource.prlimit(0, resource.RLIMIT_NOFILE, (4096, 4096))"),
    "a core dump": ("EPERM ValueError", "resource.prlimit(0, resource.RLIMIT_CORE, (-1, -1))"),
    "more CPU time": ("EPERM ValueError", "resource.prlimit(0, resource.RLIMIT_CPU, (-1, -1))"),
    "locked memory": ("EPERM", "call('mlock', 0, 4096)"),
    "hundreds of open files": ("EMFILE", "[os.open(os.__file__, os.O_RDONLY) for _ in range(500)]"),
    "larger pipes": ("EPERM", "fcntl.fcntl(1, 1031, 1 << 20)"),
}  # fmt: skip


@each(CASES)
def test_is_contained(contain, case):
    contain(*case)


@each(DENIED)
def test_is_denied(contain, case):
    contain.denied(*case)


@pytest.mark.parametrize("name", ["CORE", "FSIZE", "MEMLOCK", "MSGQUEUE"])
def test_is_limited_to_nothing(contain, name):
    report = contain("WA", TRYING % f"resource.getrlimit(resource.RLIMIT_{name})", guess(limits=PATIENT))
    assert report.cases[0].got == ["not denied", "(0, 0)"]
