"""Reads pcapng files strictly, by draft-ietf-opsawg-pcapng, and the TCP/IP packets in those that framespec writes."""

import struct
from dataclasses import dataclass

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


@dataclass
class Packet:
    time_us: int
    comment: str
    version: int
    addresses: tuple
    ports: tuple
    sequence: int
    acknowledged: int
    flags: int
    data: bytes


def options(body):
    """{code: text}, each once."""
    found = {}
    while True:
        code, size = struct.unpack_from("<HH", body)
        if code == 0:
            assert (size, len(body)) == (0, 4), body
            return found
        padded = (size + 3) // 4 * 4
        assert code not in found and body[4 + size:4 + padded] == bytes(padded - size)
        found[code] = body[4:4 + size].decode()
        body = body[4 + padded:]


def internet_sum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total


def tcp_packet(time_us, comment, packet):
    version = packet[0] >> 4
    if version == 4:
        (size,) = struct.unpack_from(">H", packet, 2)
        assert packet[0] == 0x45 and size == len(packet) and packet[9] == 6 and internet_sum(packet[:20]) == 0xffff
        addresses, tcp = (packet[12:16], packet[16:20]), packet[20:]
    else:
        (size,) = struct.unpack_from(">H", packet, 4)
        assert version == 6 and size == len(packet) - 40 and packet[6] == 6
        addresses, tcp = (packet[8:24], packet[24:40]), packet[40:]
    assert internet_sum(b"".join(addresses) + struct.pack(">II", len(tcp), 6) + tcp) == 0xffff
    *ports, sequence, acknowledged, offset, flags = struct.unpack_from(">HHIIBB", tcp)
    assert offset == 5 << 4
    return Packet(time_us, comment, version, addresses, tuple(ports), sequence, acknowledged, flags, tcp[20:])


def read(path):
    """(comment of the file, program that wrote it, its packets)."""
    data = path.read_bytes()
    blocks = []
    while data:
        kind, size = struct.unpack_from("<II", data)
        assert size % 4 == 0 and data[size - 4:size] == data[4:8], path
        blocks.append((kind, data[8:size - 4]))
        data = data[size:]
    (section, interface, *packets) = blocks
    assert (section[0], section[1][:16]) == (0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)), section
    about = options(section[1][16:])
    assert set(about) == {1, 4}, about
    assert interface == (1, struct.pack("<HHI", 101, 0, 0)), interface
    read_packets = []
    for kind, body in packets:
        number, high, low, kept, size = struct.unpack_from("<IIIII", body)
        assert (kind, number, kept) == (6, 0, size)
        padded = (size + 3) // 4 * 4
        (comment,) = options(body[20 + padded:]).values()
        read_packets.append(tcp_packet(high << 32 | low, comment, body[20:20 + size]))
    return about[1], about[4], read_packets


def sides(packets):
    """What each side of a single connection sent, who connected first; sequence numbers without gaps."""
    client, service = packets[0].ports
    sent, following = {client: b"", service: b""}, {}
    for packet in packets:
        source, target = packet.ports
        assert packet.sequence == following.get(source, packet.sequence), packet
        if packet.flags & ACK and target in following:
            assert packet.acknowledged == following[target], packet
        following[source] = packet.sequence + len(packet.data) + bool(packet.flags & (SYN | FIN))
        sent[source] += packet.data
    return sent[client], sent[service]
