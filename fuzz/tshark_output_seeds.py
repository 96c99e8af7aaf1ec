"""The seeds of the target tshark_output, beside what tshark printed of real captures: fuzz/corpus/tshark_output/captured-*."""


def tshark_text(packets, nodes, said):
    """As tshark prints it: of packets (port of the sender, flags, sequence, bytes) between two ports, of what both said."""
    client, service = nodes
    lines = []
    for port, flags, sequence, size in packets:
        source, target = (client, service) if port == client else (service, client)
        lines.append(f"0\t10.0.0.{1 + (port == service)}\t\t{source}\t10.0.0.{1 + (port == client)}\t\t{target}\t{sequence}\t{size}\t"
                     f"0x{flags:04x}\t{40 + size}\t{40 + size}")
    rule = "=" * 67
    lines += ["", rule, "Follow: tcp,raw", "Filter: tcp.stream eq 0", f"Node 0: 10.0.0.1:{client}", f"Node 1: 10.0.0.2:{service}",
              *said, rule]
    return ("\n".join(lines) + "\n").encode()


def tshark_output_seeds(_framespec):
    syn, fin, reset, ack = 2, 17, 4, 16
    usual = (50000, 5432)
    lacking = b"[7 bytes missing in capture file]\0".hex()
    for name, nodes, packets, said in (
            ("greeting", usual, [(50000, syn, 1, 0), (5432, syn | ack, 9, 0), (5432, ack, 10, 2), (50000, ack, 2, 1)],
             ["\t6869", "61"]),
            ("end before the answer", usual, [(50000, ack, 1, 1), (50000, fin, 2, 0), (5432, ack, 9, 3)], ["61", "\t6f6b0a"]),
            ("end inside the answer", usual, [(50000, ack, 1, 1), (5432, ack, 9, 1), (50000, fin, 2, 0), (5432, ack, 10, 1)],
             ["61", "\t6f", "\t6b"]),
            ("more than the packets have", usual, [(50000, ack, 1, 1), (50000, fin, 2, 0)], ["61", "\t6f6b", "62"]),
            ("numbers turn over", usual, [(50000, ack, 2**32 - 1, 3), (50000, ack, 2, 1)], ["616263", "64"]),
            ("reset", usual, [(50000, ack, 1, 1), (50000, reset, 7, 0)], ["61"]),
            ("gap", usual, [(50000, ack, 1, 1), (50000, ack, 9, 1)], ["61", lacking, "62"]),
            ("gap at the end", usual, [(50000, ack, 1, 1), (50000, fin, 9, 0)], ["61"]),
            ("equal ports", (179, 179), [(179, syn, 1, 0), (179, ack, 2, 1)], ["61"]),
            ("other digits", usual, [(50000, ack, 1, 2)], ["0x61 0A"]),
            ("no digits", usual, [(50000, ack, 1, 1)], ["6"])):
        yield name, tshark_text(packets, nodes, said)
