"""Writes packet captures: IP packets in the classic pcap form."""

import socket
import struct

SYN, FIN, RST, ACK = 0x02, 0x01, 0x04, 0x10
CLIENT, SERVICE = ("10.0.0.1", 50000), ("10.0.0.2", 5432)
LINKTYPE_RAW = 101
PCAP_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, LINKTYPE_RAW)


def ip_packet(source, target, protocol, body):
    if ":" in source[0]:
        addresses = (socket.inet_pton(socket.AF_INET6, host) for host in (source[0], target[0]))
        return struct.pack(">IHBB", 6 << 28, len(body), protocol, 64) + b"".join(addresses) + body
    addresses = (socket.inet_aton(host) for host in (source[0], target[0]))
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, protocol, 0) + b"".join(addresses) + body


def tcp_packet(source, target, flags, sequence, acknowledged, data=b""):
    head = struct.pack(">HHIIBBHHH", source[1], target[1], sequence % 2**32, acknowledged % 2**32, 5 << 4, flags, 65535, 0, 0)
    return ip_packet(source, target, socket.IPPROTO_TCP, head + data)


def udp_packet(source, target, data):
    return ip_packet(source, target, socket.IPPROTO_UDP, struct.pack(">HHHH", source[1], target[1], 8 + len(data), 0) + data)


class Talk:
    """The packets of one TCP conversation, in order."""

    def __init__(self, client=CLIENT, service=SERVICE):
        self.client, self.service = client, service
        self.next = {client: 100, service: 2**32 - 3}  # it turns over soon
        self.packets = []

    def packet(self, source, flags, data=b""):
        target = self.service if source == self.client else self.client
        acknowledged = 0 if flags == SYN else self.next[target]
        self.packets.append(tcp_packet(source, target, flags, self.next[source], acknowledged, data))
        self.next[source] += len(data) + (1 if flags & (SYN | FIN) else 0)
        return self

    def open(self):
        return self.packet(self.client, SYN).packet(self.service, SYN | ACK).packet(self.client, ACK)

    def say(self, data):
        return self.packet(self.client, ACK, data)

    def answer(self, data):
        return self.packet(self.service, ACK, data)

    def close(self, first=None):
        first = first or self.client
        last = self.service if first == self.client else self.client
        return self.packet(first, FIN | ACK).packet(last, FIN | ACK).packet(first, ACK)


def write_capture(path, packets, kept_size=None):
    """`kept_size`: of each packet so many bytes were captured."""
    with open(path, "wb") as file:
        file.write(PCAP_HEADER)
        for number, packet in enumerate(packets):
            kept = packet[:kept_size]
            file.write(struct.pack("<IIII", number, 0, len(kept), len(packet)) + kept)
    return path
