"""Sends a megabyte to itself over TCP, with the congestion control that is named, or the default one."""
import socket
import sys
import threading


def receive(listener):
    peer, _ = listener.accept()
    while peer.recv(65536):
        pass


listener = socket.create_server(("127.0.0.1", 0))
receiver = threading.Thread(target=receive, args=(listener,))
receiver.start()
with socket.socket() as sender:
    if len(sys.argv) > 1:
        sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, sys.argv[1].encode())
    sender.connect(listener.getsockname())
    sender.sendall(bytes(1 << 20))
    name = sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
    print("sent with", name.rstrip(b"\0").decode())
receiver.join()
