"""No way out: no network, no signals to others, no debugging, no kernel interfaces, no privileges."""

from tests.hostile.containment import PATIENT, TRYING, each, guess

DENIED = {
    "TCP": ("EPERM", "socket.create_connection(('127.0.0.1', 22), 1)"),
    "TCP over IPv6": ("EPERM", "socket.create_connection(('::1', 22), 1)"),
    "UDP": ("EPERM", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))"),
    "names from a name server": ("EPERM gaierror ENOENT EAI_AGAIN", "socket.gethostbyname('example.com')"),
    "raw packets": ("EPERM", "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)"),
    "raw frames": ("EPERM", "socket.socket(17, socket.SOCK_RAW)"),
    "netlink": ("EPERM", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
    "vsock": ("EPERM", "socket.socket(40, socket.SOCK_STREAM)"),
    "a unix socket": ("EPERM", "socket.socket(socket.AF_UNIX)"),
    "a pair of sockets": ("EPERM", "socket.socketpair()"),
    "the Docker engine": ("EPERM", "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')"),
    "an abstract unix socket": ("EPERM", "socket.socket(socket.AF_UNIX).connect('\\0coderefine')"),
    "kernel crypto": ("EPERM", "socket.socket(38, socket.SOCK_SEQPACKET)"),
    "Bluetooth": ("EPERM", "socket.socket(31, socket.SOCK_RAW, 1)"),
    "signalling its parent": ("EPERM", "os.kill(os.getppid(), 0)"),
    "killing its parent": ("EPERM", "os.kill(os.getppid(), 9)"),
    "killing the first process": ("EPERM", "os.kill(1, 9)"),
    "killing everything": ("EPERM", "os.kill(-1, 9)"),
    "killing its group": ("EPERM", "os.killpg(0, 9)"),
    "killing itself": ("EPERM", "os.kill(os.getpid(), 9)"),
    "killing a thread": ("EPERM", "call('tkill', os.getppid(), 9)"),
    "killing a thread of a group": ("EPERM", "call('tgkill', os.getppid(), os.getppid(), 9)"),
    "queueing a signal": ("EPERM", "call('rt_sigqueueinfo', os.getppid(), 9, bytes(128))"),
    "queueing a signal to a thread": ("EPERM", "call('rt_tgsigqueueinfo', os.getppid(), os.getppid(), 9, bytes(128))"),
    "the signal of a child that was not confined": ("EPERM", "signal.raise_signal(signal.SIGUSR2)"),
    "a signal by fcntl": ("EPERM", "fcntl.fcntl(1, 8, os.getppid())"),
    "a lease": ("EPERM", "fcntl.fcntl(0, 1024, 0)"),
    "a signal by a timer": ("EPERM", "call('timer_create', 0, 0, bytes(8))"),
    "a handle of its parent": ("EPERM", "os.pidfd_open(os.getppid())"),
    "a signal by a handle": ("EPERM", "call('pidfd_send_signal', 0, 9, 0, 0)"),
    "writing to another process": ("EPERM", "call('process_vm_writev', os.getppid(), 0, 0, 0, 0, 0)"),
    "advising another process": ("EPERM", "call('process_madvise', 0, 0, 0, 0, 0)"),
    "tracing its parent": ("EPERM", "call('ptrace', 16, os.getppid(), 0, 0)"),
    "the limits of its parent": ("EPERM", "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)"),
    "the limits of the first process": ("EPERM", "resource.prlimit(1, resource.RLIMIT_CPU, (1, 1))"),
    "io_uring": ("EPERM", "call('io_uring_setup', 1, bytes(120))"),
    "asynchronous I/O": ("EPERM", "call('io_setup', 1, bytes(8))"),
    "bpf": ("EPERM", "call('bpf', 0, bytes(128), 128)"),
    "performance counters": ("EPERM", "call('perf_event_open', bytes(128), 0, -1, -1, 0)"),
    "userfaultfd": ("EPERM", "call('userfaultfd', 1)"),
    "a keyring": ("EPERM", "call('keyctl', 0, -3, 0, 0, 0)"),
    "a user namespace": ("EPERM", "call('unshare', 0x10000000)"),
    "a mount namespace": ("EPERM", "call('unshare', 0x20000)"),
    "another namespace": ("EPERM", "call('setns', 0, 0)"),
    "mounting": ("EPERM", "call('mount', b'none', b'/tmp', b'tmpfs', 0, 0)"),
    "the new way of mounting": ("EPERM", "call('fsopen', b'tmpfs', 0)"),
    "a tree of mounts": ("EPERM", "call('open_tree', -100, b'/', 1)"),
    "unmounting": ("EPERM", "call('umount2', b'/proc', 0)"),
    "another root": ("EPERM", "os.chroot('/tmp')"),
    "a pivoted root": ("EPERM", "call('pivot_root', b'/', b'/')"),
    "another folder": ("EPERM", "os.chdir('/tmp')"),
    "becoming root": ("EPERM", "os.setuid(0)"),
    "becoming somebody else": ("EPERM", "os.setresuid(1, 1, 1)"),
    "another group": ("EPERM", "os.setgid(0)"),
    "more groups": ("EPERM", "os.setgroups([0])"),
    "capabilities": ("EPERM", "call('capset', bytes(8), bytes(24))"),
    "another filter": ("EPERM", "call('seccomp', 1, 0, 0)"),
    "another filter by prctl": ("EPERM", "call('prctl', 22, 2, 0, 0, 0)"),
    "another personality": ("EPERM", "call('personality', 0x0040000)"),
    "a kernel module": ("EPERM", "call('init_module', 0, 0, b'')"),
    "a kernel module from a file": ("EPERM", "call('finit_module', 0, b'', 0)"),
    "removing a kernel module": ("EPERM", "call('delete_module', b'x', 0)"),
    "another kernel": ("EPERM", "call('kexec_load', 0, 0, 0, 0)"),
    "a reboot": ("EPERM", "call('reboot', 0xfee1dead, 672274793, 0, 0)"),
    "swap": ("EPERM", "call('swapon', b'/tmp/x', 0)"),
    "accounting": ("EPERM", "call('acct', 0)"),
    "quotas": ("EPERM", "call('quotactl', 0, 0, 0, 0)"),
    "the name of the machine": ("EPERM", "call('sethostname', b'x', 1)"),
    "the domain of the machine": ("EPERM", "call('setdomainname', b'x', 1)"),
    "ports": ("EPERM", "call('ioperm', 0, 1, 1)"),
    "the level of ports": ("EPERM", "call('iopl', 3)"),
    "a priority": ("EPERM", "os.nice(-5)"),
    "a lower priority": ("EPERM", "os.nice(5)"),
    "a scheduler": ("EPERM", "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))"),
    "the scheduler of its parent": ("EPERM", "call('sched_setattr', os.getppid(), bytes(48), 0)"),
    "a processor": ("EPERM", "os.sched_setaffinity(0, [0])"),
    "a priority of I/O": ("EPERM", "call('ioprio_set', 1, 0, 0)"),
    "pages elsewhere": ("EPERM", "call('move_pages', 0, 0, 0, 0, 0, 0)"),
    "typing on a terminal": ("EPERM", "fcntl.ioctl(0, 0x5412, b'x')"),
    "a controlling terminal": ("EPERM", "fcntl.ioctl(0, 0x540e, 0)"),
    "splicing": ("EPERM", "call('splice', 3, 0, 4, 0, 1, 0)"),
    "mapping pages into a pipe": ("EPERM", "call('vmsplice', 4, 0, 0, 0)"),
    "a system call that is none": ("EPERM", "call(4999)"),
}  # fmt: skip


@each(DENIED)
def test_is_denied(contain, case):
    contain.denied(*case)


# mov eax, 20 (getpid of 32-bit programs); int 0x80; ret
COMPAT = """
import ctypes, mmap, platform
def f(x):
    if platform.machine() != 'x86_64': return -1
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(bytes.fromhex('b814000000cd80c3'))
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
"""


def test_a_system_call_of_32_bits_is_denied(contain):
    """Its numbers mean other calls; -1 is EPERM. A kernel without such calls ends the process instead."""
    report = contain("WA RE", COMPAT)
    assert report.cases[0].got in (-1, None)


def test_a_system_call_of_x32_is_denied(contain):
    """In a container Docker's own filter ends the process."""
    report = contain("WA RE", TRYING % "call(0x40000000 + 39)", guess(limits=PATIENT))
    assert report.cases[0].got in ("EPERM", None)
