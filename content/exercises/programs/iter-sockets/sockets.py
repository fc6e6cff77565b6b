"""TCP sockets of every state and owner, in a network namespace of their own, and what a reader of the iterator gets.

The first line of standard input is the plan (JSON): the path of the iterator, and the listeners. Each answer is a line of JSON: what was
read, and for each socket that listens then the port, the owner, and the kernel's own numbers of its queue. A line on standard
input begins the next step: first nothing listens, then all do, then some have changed, and at last there is no socket at all.
"""
import ctypes
import fcntl
import json
import os
import socket
import struct
import sys
import time

plan = json.loads(sys.stdin.readline())
path = plan["iterator"]
v4, v6 = socket.AF_INET, socket.AF_INET6


def enter_an_empty_network():
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):  # CLONE_NEWNET
        sys.exit("no network namespace")


enter_an_empty_network()
with socket.socket(v4, socket.SOCK_DGRAM) as any_socket:
    up = struct.pack("16sH14x", b"lo", 0x41)  # IFF_UP | IFF_RUNNING
    fcntl.ioctl(any_socket, 0x8914, up)  # SIOCSIFFLAGS
# On a machine that is not ours alone, its own limit stays: it is the namespace's.
with open("/proc/sys/net/core/somaxconn", "w") as limit:
    limit.write("2000000")

kept = []
closing = 11  # TCP_CLOSING


def owned(uid, family):
    """The kernel takes the owner of a socket from who makes it."""
    os.seteuid(uid)
    one = socket.socket(family)
    os.seteuid(0)
    return one


def info(one):
    return one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)


def queue(one):
    """How many connections wait, and how many may: for a socket that listens, tcpi_unacked and tcpi_sacked."""
    return struct.unpack_from("2I", info(one), 24)


def hear_nothing(one):
    """A classic BPF program of one instruction: ret 0, take no byte."""
    program = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))
    one.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HP", 1, ctypes.addressof(program)))


def call(port, family, blocking=True):
    caller = socket.socket(family)
    caller.setblocking(blocking)
    caller.connect_ex(("127.0.0.1" if family == v4 else "::1", port))
    kept.append(caller)
    return caller


class Listener:
    def __init__(self, port, family, uid, most, waiting, deferred, stays):
        self.port, self.family, self.uid, self.stays = port, v4 if family == "4" else v6, uid, stays
        self.one = owned(uid, self.family)
        self.one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if self.family == v6:
            self.one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if family == "46" else 1)
        if deferred:
            # A connection that says nothing stays half made.
            self.one.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 600)
        self.one.bind(("", port))
        self.one.listen(most)
        self.plan = {"silent": deferred, "waiting": waiting, "beyond": 1 if waiting > most else 0}
        self.callers = v4 if family == "46" else self.family
        self.waiting, self.unanswered = 0, []

    def fill(self):
        for _ in range(self.plan["silent"] + self.plan["waiting"]):
            call(self.port, self.callers)
        self.wait_for(self.plan["waiting"])
        # Nobody answers another one while the queue is full.
        self.unanswered = [call(self.port, self.callers, blocking=False) for _ in range(self.plan["beyond"])]

    def wait_for(self, waiting):
        while queue(self.one)[0] != waiting:
            time.sleep(0.002)
        self.waiting = waiting

    def accept(self, times):
        for one in self.unanswered:
            one.close()
        for _ in range(times):
            kept.append(self.one.accept()[0])
        self.wait_for(self.waiting - times)

    def seen(self):
        waiting, most = queue(self.one)
        return {"port": self.port, "uid": self.uid, "waiting": waiting, "most": most}


def read(most=1 << 20, size=1 << 16):
    """Up to so many bytes, so many at a time; and why it ended, if that is an error."""
    said, fd = b"", os.open(path, os.O_RDONLY)
    try:
        while len(said) < most and (more := os.read(fd, size)):
            said += more
        return {"read": said.decode("utf-8", "replace")}
    except OSError as error:
        return {"read": said.decode("utf-8", "replace"), "failed": error.strerror}
    finally:
        os.close(fd)


def answer(listeners):
    print(json.dumps({**read(), "listeners": [one.seen() for one in listeners]}), flush=True)
    sys.stdin.readline()


answer([])
listeners = [Listener(**one) for one in plan["listeners"]]
# Only now, for a caller takes any port that is free.
for one in listeners:
    one.fill()
# Every other state: both ends of connections, closed by one end, by the other, by both, and not at all.
server = next(one for one in listeners if one.port == plan["busy"])
ends = []
for _ in range(6):
    caller = call(server.port, server.family)
    ends.append((caller, server.one.accept()[0]))
for (caller, callee), closed in zip(ends, ("caller", "callee", "both", "neither", "wait", "at once")):
    if closed == "at once":
        # Each end closes before it hears of the other: the caller never hears that its own end has arrived.
        hear_nothing(callee)
    if closed in ("caller", "both", "at once"):
        caller.shutdown(socket.SHUT_WR)
    if closed in ("callee", "both", "at once"):
        callee.shutdown(socket.SHUT_WR)
    while closed == "at once" and info(caller)[0] != closing:
        time.sleep(0.002)
    if closed == "wait":
        callee.close()
        caller.close()
    else:
        kept.append(callee)
answer(listeners)
# As `head -n 1` may do it: the kernel runs the program until there is something, and then nobody asks for more.
read(most=8, size=8)
for one in listeners:
    if one.stays:
        one.accept(one.waiting // 2)
    else:
        one.one.close()
answer([one for one in listeners if one.stays])
enter_an_empty_network()
answer([])
