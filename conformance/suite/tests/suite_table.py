"""Good and bad suites chosen by hand, for suite_schema_test.py."""

HEX_GOOD = ("", "00", "0aFF", "0A ff", "0a:FF", "0x0a, 0xff", "0x0aff", "0X0a\n0Xff", " 0a ", "0a\t0a", ":", "0a,")
HEX_BAD = ("0", "abc", "0 a", "0x", "0a0x0a", "0xx0a", "x0a", "\\x0a", "0g", "0a-0a", "0a;0a", "0x 0a", "é", "0a\u00a00a")
SIZE_GOOD = (0, -1, 5.0, 1e3, 2**64 - 1, -2**63, "0", "-1", "007", "999999999999999999", "2^0", "2^64", "2^07", "2^31-1",
             "2^31+prefix", "2^31-prefix+1", "max", "min+1", "header_max", "width-1", "prefix", "prefix+1", "-prefix",
             "-prefix-3", "min_signed", "max_signed", "max_unsigned-prefix+1", "self", "size-1", "head")
SIZE_BAD = (2**64, -2**63 - 1, 1.5, None, True, "", "+1", "-", "1 ", " 1", "1\n", "2^", "2^65", "2^99", "2^-1", "2^007",
            "0x10", "maximum", "max+", "max*2", "max++1", "max+1+prefix", "prefix+prefix", "prefix-prefix", "spoilt", "Max",
            "9" * 19, "max+" + "9" * 19, "max-1-1", [], {})
SEGMENTATIONS_GOOD = ("every_cut", "every_cut*2", "every_cut*100000", "every_pair", "every_chunk*9", "field_cuts", "random",
                      "random*3", "random-0", "random-42", "straddled", "byte_by_byte", "coalesced-2", "chunk-70000",
                      "cut_at-1", "cut_at-500", "cut_at-999999999", "cuts-3", "cuts-3-9-27", "forced_coalescing")
SEGMENTATIONS_BAD = ("", "whole", "all", "every", "every_cut*", "every_cut*0", "every_cut*1", "every_cut*01",
                     "every_cut*100001", "every_cut*2x", "every_cut*-2", "straddled*2", "chunk-0", "chunk-05", "chunk",
                     "chunk-", "cut_at-0", "cut_at-1000000000", "cut_at-1-2", "cuts", "cuts-", "cuts-3-", "coalesced-0",
                     "random-01", "random-" + "9" * 19, "byte_by_byte\n", "whole+end+end", "forced_coalescing+end", "+end",
                     5, None, ["straddled"])
HEADERS_GOOD = ("", "{}", "<hex ff>", "<hex 0xFF:0d>", "<hex >", "a<pad 10>b", "<pad header_max-1>", "<a> < > <hex>",
                "<size><md5><MD5><sizes>", "<hex 00><hex 01><pad 9>")
HEADERS_BAD = ("<hex zz>", "<hex 0>", "<hex 0 0>", "<hex ff", "<pad x>", "<pad >", "<pad 1", "<pad spoilt>", "<pad 0x10>",
               "<pad 9><pad 9>", "<pad 9>\n<pad 9>", "<a <hex z>", 5, None)
FRAMES = {"expect": "frames"}


def suite_of(**case):
    """A suite of one good case, with these members of it changed; a member that is None is taken away."""
    good = {"name": "one", "title": "One frame is answered.", "why": "nothing in particular", "rules": ["SEG-1"],
            "steps": [{"send": [{"frame": "x"}]}, FRAMES]} | case
    return {"area": "sample", "title": "A sample", "cases": [{key: good[key] for key in good if good[key] is not None}]}


def of_steps(*steps, **case):
    return suite_of(steps=list(steps), **case)


def of_items(*items):
    return of_steps({"send": list(items)}, FRAMES)


def of_values(steps, *values, **case):
    return of_steps(*steps, values={f"v{index}": value for index, value in enumerate(values)}, **case)


def forms():
    """(what, whether it is good, suite): the forms of small texts and numbers, everywhere that they can stand."""
    for is_good, texts in ((True, HEX_GOOD), (False, HEX_BAD)):
        for text in texts:
            yield f"hex {text!r}", is_good, of_items({"bytes": {"hex": text}, "answer": "x"})
            yield f"lead {text!r}", is_good, of_items({"frame": "x", "lead": text})
            yield f"header of hex {text!r}", is_good, of_items({"header": f"<hex {text}>", "answered": True})
            yield f"hex {text!r} as a value", is_good, of_values([{"send": [{"frame": {"hex": "$value"}}]}, FRAMES], text)
    for is_good, sizes in ((True, SIZE_GOOD), (False, SIZE_BAD)):
        for size in sizes:
            for key in ("head", "prefix", "prefix_for"):
                yield f"{key} {size!r}", is_good, of_items({"frame": "x"}, {key: size})
            yield f"first {size!r}", is_good, of_items({"frame": "x"}, {"frame": "y", "first": size})
            yield f"total {size!r}", is_good, of_steps({"flood": "x", "total": size}, FRAMES)
    for size in ("spoilt", "spoilt+1", "spoilt-prefix-1"):
        yield f"first {size}", False, of_items({"frame": "x", "first": size})
        yield f"first {size} of a spoilt one", True, of_items({"frame": "x", "first": size, "spoilt": "first_lead"})
    for is_good, names in ((True, SEGMENTATIONS_GOOD), (False, SEGMENTATIONS_BAD)):
        for name in names:
            yield f"segmentation {name!r}", is_good, suite_of(segmentations=[name])
            if isinstance(name, str) and "coalescing" not in name and name not in ("", "whole"):
                steps = [{"send": [{"frame": "x"}]}, {"finish": "main"}, FRAMES]
                yield f"segmentation {name + '+end'!r}", is_good, suite_of(segmentations=[name + "+end"], steps=steps)
    for is_good, texts in ((True, HEADERS_GOOD), (False, HEADERS_BAD)):
        for text in texts:
            yield f"header {text!r}", is_good, of_items({"header": text})


def contents():
    nested = [{"repeat": {"repeat": "x", "size": 1}, "size": 2}, {"repeat": {"random": 5}, "size": 2}, {"repeat": "", "size": 2},
              {"repeat": {"hex": " "}, "size": 2}, {"repeat": {"encoded": "x"}, "size": 2}, {"encoded": {"encoded": "x"}},
              {"encoded": {"repeat": "x", "size": 2}}, {"repeat": "x"}, {"size": 2}, {"hex": "00", "random": 2}, {}, 5, None,
              {"random": 2, "size": 2}, {"encoded": 5}, ["x"]]
    plain = ["", "x", {"hex": ""}, {"hex": "00"}, {"repeat": "x", "size": 2}, {"repeat": {"hex": "0A:0B"}, "size": "max"},
             {"random": 2}, {"encoded": ""}, {"encoded": {"hex": "00"}}]
    for is_good, all_contents in ((True, plain), (False, nested)):
        for content in all_contents:
            for item in ({"frame": content}, {"bytes": content, "answer": "x"}, {"length_bytes": content},
                         {"header": "", "payload": content}, {"bytes": "x", "answer": content}):
                yield f"content {item}", is_good, of_items({"frame": "x"}, item)


def steps():
    send, finish = {"send": [{"frame": "x"}]}, {"finish": "main"}
    round_of = [{"open": "c#"}, {"send": [{"frame": "x"}], "on": "c#"}, {"expect": "frames", "on": "c#"}]
    yield "a repetition", True, of_steps({"repeat": 2, "steps": round_of}, send, FRAMES)
    yield "an expectation in a repetition alone", True, of_steps({"repeat": 2, "steps": [send, FRAMES]})
    yield "a repetition in another", False, of_steps({"repeat": 2, "steps": [{"repeat": 2, "steps": [send, FRAMES]}]})
    yield "an empty repetition", False, of_steps({"repeat": 2, "steps": []}, send, FRAMES)
    yield "a repetition of nothing", False, of_steps({"repeat": 2}, send, FRAMES)
    yield "a round outside of a repetition", False, of_steps({"open": "c#"}, send, FRAMES)
    yield "a round as the connection of a step", False, of_steps({"open": "c"}, {"send": [{"frame": "x"}], "on": "c#"}, FRAMES)
    yield "no expectation", False, of_steps(send)
    yield "no step", False, of_steps()
    for count, is_good in ((1000, True), (1001, False), (3000, False)):
        yield f"{count} steps", is_good, of_steps(*[send] * (count - 1), FRAMES)
        yield f"{count} steps in a repetition", is_good, of_steps({"repeat": 1, "steps": [send] * (count - 1) + [FRAMES]})
    yield "descriptors alone", False, of_steps(send, {"expect": "descriptors", "growth_max": 0})
    yield "an end expected", True, of_steps(send, {"expect": "closed", "graceful": True})
    yield "a time of nothing", False, of_steps(send, {"pause": 0}, FRAMES)
    yield "nothing measured", False, of_steps(send, {"measure": ""}, FRAMES)
    yield "an answer to nothing", False, of_steps(FRAMES)
    yield "more behind the end", False, of_steps(finish, send, FRAMES)
    yield "descriptors without end", False, of_steps(send, FRAMES, {"expect": "descriptors", "growth_max": 1000001})
    for stop, is_good in ((True, True), (2, True), (10**6, True), (False, False), (1, False), (10**6 + 1, False), ("2", False)):
        yield f"stops {stop}", is_good, of_steps(send | {"stop_at_every_offset": stop}, FRAMES)
    for on in ("memory", "resident_memory", "descriptors", "work"):
        yield f"{on} on a connection", False, of_steps(send, FRAMES, {"expect": on, "growth_max": 1, "on": "main"})


def values():
    frame = [{"send": [{"frame": "x", "answered": "$value"}]}, FRAMES]
    yield "values that are no objects", False, suite_of(values=["x"])
    yield "a value for a whole list of steps", True, suite_of(steps="$value", values={"a": frame[:0] + [
        {"send": [{"frame": "x"}]}, FRAMES]})
    yield "values for one step", True, of_values(["$value", FRAMES], {"send": [{"frame": "x"}]})
    yield "values for items", True, of_values([{"send": "$value"}, FRAMES], [{"frame": "x"}], [{"head": 5}])
    yield "values for truths", True, of_values(frame, True, False)
    yield "a value that does not fit", False, of_values(frame, "yes")
    yield "values for numbers", True, of_values([{"send": [{"frame": "x", "times": "$value"}]}, FRAMES], 1, 2.0)
    yield "values for verbs", True, of_values([{"send": [{"frame": "x"}]}, {"expect": "$value"}], "frames", "closed")
    yield "values for rounds", True, of_values([{"repeat": "$value", "steps": [{"send": [{"frame": "x"}]}, FRAMES]}], 1, 9)
    yield "values and no $value", False, suite_of(values={"a": 1})
    yield "$value and no values", False, of_items({"frame": "$value"})
    yield "no value", False, suite_of(values={}, steps=frame)
    yield "a name of a value", False, suite_of(values={"A": True}, steps=frame)


def cases():
    for member in ("name", "title", "why", "rules", "steps"):
        yield f"no {member}", False, suite_of(**{member: None})
    for name, is_good in (("a_9", True), ("", False), ("a/b", False), ("A", False), ("a\n", False), (5, False)):
        yield f"name {name!r}", is_good, suite_of(name=name)
    for rules, is_good in ((["SEG-1", "PFX-10"], True), ([], False), (["SEG"], False), (["SEG-99"], False), (["XYZ-1"], False),
                           (["SEG-1", "SEG-1"], False), ("SEG-1", False)):
        yield f"rules {rules}", is_good, suite_of(rules=rules)
    for segmentations, is_good in (([], True), (["straddled", "straddled"], False), ("straddled", False), (None, True)):
        yield f"segmentations {segmentations}", is_good, suite_of(segmentations=segmentations)
    for names, is_good in ((["behind_a_frame"], True), ([], False), (["behind_a_frame"] * 2, False), (["here"], False)):
        yield f"places {names}", is_good, suite_of(places=names)
    conditions = [({"signed": True, "zero": "legal"}, True), ({}, True), ({"width_max": 10}, True), ({"width_max": 11}, False),
                  ({"payload_max_at_least": 2**63 - 1}, True), ({"payload_max_at_least": 2**63}, False), ([], False),
                  ({"payload_min_at_least": -1}, False), ({"signed": "$value"}, False), ({"header": "xml"}, False)]
    for condition, is_good in conditions:
        yield f"for {condition}", is_good, suite_of(**{"for": condition})
    for schema, is_good in (("x", True), (5, False), (None, False)):
        yield f"$schema {schema!r}", is_good, suite_of() | {"$schema": schema}
    yield "no case", False, suite_of() | {"cases": []}
    yield "a case twice", False, suite_of() | {"cases": suite_of()["cases"] * 2}
    yield "a list", False, [suite_of()]


def rows():
    """All of them: (what, suite, whether it is good)."""
    return [(what, suite, is_good) for table in (forms, contents, steps, values, cases) for what, is_good, suite in table()]
