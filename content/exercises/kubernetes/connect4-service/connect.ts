/**
 * In Python, with as few modules as possible, because each takes its time where instructions are emulated: processes that connect. The
 * first line that it reads names a cgroup for each of them but the first, which stays where it is; the second one, ports at which somebody
 * listens. Then each line has what the processes do one after the other:
 *
 *     PROCESS: HOW AGAIN PROTOCOL ADDRESS PORT TIMES, HOW AGAIN …; PROCESS: …
 *
 * HOW is 'plainly', 'cpu0', 'cpu1', 'thread', 'fork', or the id of a user. For each connection it says the errno alone, or 0 with what
 * getpeername says.
 */
export const connectScript = `
import _socket, _thread, posix, sys
from _struct import pack, unpack_from

def ask_kernel(kind, *parts): # rtnetlink(7)
    netlink = _socket.socket(16, 3, 0)
    body = b"".join(parts)
    netlink.send(pack("=IHHII", 16 + len(body), kind, 0x405, 1, 0) + body)
    error, = unpack_from("=i", netlink.recv(4096), 16)
    if error:
        sys.exit("no network: errno %d" % -error)

read = sys.stdin.readline
groups, ports = read().split(), read().split()
# The loopback device is up, and every address is one of this machine's: ip route add local 0.0.0.0/0 dev lo
ask_kernel(16, pack("=BBHiII", 0, 0, 0, 1, 1, 1))
ask_kernel(24, pack("=BBBBBBBBI", 2, 0, 0, 0, 255, 4, 254, 2, 0), pack("=HHI", 8, 4, 1))
with open("/proc/sys/net/ipv4/ping_group_range", "w") as file:
    file.write("0 2147483647")

listening = []
for port in ports:
    one = _socket.socket(2, 1)
    one.bind(("0.0.0.0", int(port)))
    one.listen(4096)
    listening.append(one)

kept = []

def connect(again, protocol, address, port):
    try:
        if not again:
            del kept[:]
            kept.append(_socket.socket(2, 1 if protocol == 6 else 2, protocol))
            if protocol == 6:
                kept[0].settimeout(20)
                kept[0].setsockopt(1, 13, pack("ii", 1, 0)) # SO_LINGER: it is gone at once
        kept[0].connect((address, port))
        return "0 %s %d" % kept[0].getpeername()
    except TimeoutError:
        return "110"
    except OSError as error:
        return str(error.errno)

def in_thread(*asked):
    said, lock = [], _thread.allocate_lock()
    lock.acquire()
    def run():
        said.append(connect(*asked))
        lock.release()
    _thread.start_new_thread(run, ())
    lock.acquire()
    return said[0]

def in_child(*asked):
    reading, writing = posix.pipe()
    if not posix.fork():
        posix.write(writing, connect(*asked).encode())
        posix._exit(0)
    posix.close(writing)
    said = posix.read(reading, 100).decode()
    posix.close(reading)
    posix.waitpid(-1, 0)
    return said

def act(how, times, *asked):
    do = {"thread": in_thread, "fork": in_child}.get(how, connect)
    cpus = sorted(posix.sched_getaffinity(0)) if how[:3] == "cpu" else None
    if cpus:
        posix.sched_setaffinity(0, [cpus[int(how[3:]) % len(cpus)]])
    if how.isdigit():
        posix.seteuid(int(how))
    said = [do(*asked) for _ in range(times)]
    if how.isdigit():
        posix.seteuid(0)
    if cpus:
        posix.sched_setaffinity(0, cpus)
    return said

def work(line):
    said = []
    for order in line.split(", "):
        how, again, protocol, address, port, times = order.split()
        said += act(how, int(times), again == "1", int(protocol), address, int(port))
    return ", ".join(said)

workers = [None]
for group in groups:
    down, up = posix.pipe(), posix.pipe()
    if not posix.fork():
        posix.close(down[1])
        for one in workers[1:]:
            one[0].close()
        with open(group + "/cgroup.procs", "w") as file:
            file.write("0")
        answers = open(up[1], "w")
        for line in open(down[0]):
            answers.write(work(line) + "\\n")
            answers.flush()
        posix._exit(0)
    posix.close(down[0])
    posix.close(up[1])
    workers.append((open(down[1], "w"), open(up[0])))
print("ready", flush=True)

for line in sys.stdin:
    ends = []
    for part in line.rstrip().split("; "):
        who, rest = part.split(": ")
        if who == "0":
            ends.append(work(rest))
            continue
        orders, answers = workers[int(who)]
        orders.write(rest + "\\n")
        orders.flush()
        ends.append(answers.readline().rstrip())
    print(", ".join(ends), flush=True)
`;
