"""Connections of this machine to itself, in a network namespace of their own; says the windows that the kernel reports.

One line of JSON on standard output for each phase; a line on standard input begins the next. Arguments: how many packets to
send in each part.
"""
import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

cc = "capped"
mss = 500
loss_state = 4
most_packets = 400
whole, few, ramp, short, ordinary = map(int, sys.argv[1:])


def run(*argv):
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


run("ip", "link", "set", "lo", "mtu", "600", "up")
# A window is only used if packets are on their way for a while.
run("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "10ms", "limit", "10000")
# What a connection has learnt is nothing for the next; and a pause is no reason to begin again.
for setting in ("tcp_no_metrics_save=1", "tcp_slow_start_after_idle=0"):
    run("sysctl", "-qw", "net.ipv4." + setting)
listener = socket.create_server(("127.0.0.1", 0))
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)


def name_of(sock):
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16).rstrip(b"\0").decode()


class Connection:
    def __init__(self, name=None):
        self.near = socket.socket()
        self.near.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)
        # Room for a window that nobody acknowledges.
        self.near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        if name:
            self.near.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, name.encode())
        self.near.connect(listener.getsockname())
        self.far, _ = listener.accept()
        self.size = self.info()["mss"]
        # Whether a timer ran out while all was well, as happens on a machine that has too much to do.
        self.disturbed = False
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self):
        while self.far.recv(1 << 16):
            pass

    def info(self):
        raw = self.near.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        words = struct.unpack_from("24I", raw, 8)
        return {"state": raw[1], "mss": words[2], "ssthresh": words[17], "cwnd": words[18], "resent": words[23]}

    def on_its_way(self):
        return struct.unpack("i", fcntl.ioctl(self.near, 0x5411, b"\0" * 4))[0]

    def send(self, packets):
        # A window can be anything here.
        self.near.sendall(bytes(min(packets, most_packets) * self.size))

    def push(self, packets):
        """Until all has been acknowledged: the window before, the largest, and the last."""
        before = most = self.info()["cwnd"]
        resent = self.info()["resent"]
        self.send(packets)
        while self.on_its_way():
            most = max(most, self.info()["cwnd"])
            time.sleep(0.002)
        self.disturbed = self.disturbed or self.info()["resent"] != resent
        return {"before": before, "most": most, "after": self.info()["cwnd"], "packets": packets}

    def lose(self, deaf):
        """Sends a window while one end hears nothing, until the sender takes it for lost."""
        before = self.info()["cwnd"]
        # A classic BPF program of one instruction: ret 0, take no byte.
        program = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))
        filter = struct.pack("HP", 1, ctypes.addressof(program))
        deaf.setsockopt(socket.SOL_SOCKET, 26, filter)
        self.send(min(before, 150))
        while self.info()["state"] != loss_state:
            time.sleep(0.01)
        return {"before": before, "ssthresh": self.info()["ssthresh"], "packets": before}

    def recover(self, deaf):
        deaf.setsockopt(socket.SOL_SOCKET, 27, 0)
        while self.on_its_way() or self.info()["state"] == loss_state:
            time.sleep(0.005)
        return self.info()["cwnd"]


def phase(**seen):
    print(json.dumps(seen), flush=True)
    sys.stdin.readline()


def refused(uid):
    """The error that a process of this user gets who asks for it."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        error = 0
        try:
            socket.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, cc.encode())
        except OSError as failure:
            error = failure.errno
        os.write(writer, str(error).encode())
        os._exit(0)
    os.wait()
    return int(os.read(reader, 16))


def undisturbed(act):
    """What it returns, of the first time out of five in which no packet was sent again without need."""
    for _ in range(5):
        connections, *seen = act()
        if not any(one.disturbed for one in connections):
            break
    return connections, *seen


def to_the_cap():
    first, plain = Connection(cc), Connection("reno")
    return (first, plain), first.push(whole), plain.push(whole)


def without_a_cap():
    long, brief = Connection(cc), Connection(cc)
    slow_start = [long.push(ramp), brief.push(short)]
    loss = long.lose(long.far)
    after_loss = long.recover(long.far)
    linear = long.push(6 * after_loss)
    # Only the acknowledgements are lost: what was sent has arrived.
    spurious = [long.lose(long.near), brief.lose(brief.near)]
    for one, connection in zip(spurious, (long, brief)):
        one["after"] = connection.recover(connection.near)
    return (long, brief), slow_start, loss, linear, spurious


(first, plain), first_push, plain_push = undisturbed(to_the_cap)
phase(
    first=first_push,
    plain=plain_push,
    names=[name_of(first.near), name_of(plain.near), name_of(Connection().near), name_of(listener)],
    refused=refused(ordinary),
)

lowered = first.push(few)
small = first.lose(first.far)
first.recover(first.far)
phase(lowered=lowered, small=small, again=first.push(few))

_, slow_start, loss, linear, spurious = undisturbed(without_a_cap)
phase(slowStart=slow_start, loss=loss, linear=linear, spurious=spurious)
