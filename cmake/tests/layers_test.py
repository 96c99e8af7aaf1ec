#!/usr/bin/env python3
"""The layers hold in this tree, and the check that says so finds a planted violation of each kind."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import layers  # noqa: E402  nothing is written beside it

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Layers(unittest.TestCase):
    def planted(self, path, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            for room in layers.ROOMS:
                (root / room).mkdir()
            (root / "bench/yardstick.h").write_text("#pragma once\n")
            (root / "bench/CMakeLists.txt").write_text("add_library(bench_yardstick yardstick.cc)\n")
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            return layers.violations(root)

    def test_this_tree_has_no_violation(self):
        self.assertEqual(layers.violations(ROOT), [])

    def test_it_has_something_to_look_at(self):
        for room in layers.ROOMS:
            self.assertGreater(len(list(layers.sources(ROOT, room))), 0, room)

    def test_a_room_that_includes_another_is_found(self):
        found = self.planted("fuzz/target.cc", '#include "../bench/yardstick.h"\n')
        self.assertEqual(found, ["fuzz/target.cc:1: fuzz must not include bench"])
        self.assertEqual(len(self.planted("fuzz/target.cc", '#include "bench/yardstick.h"\n')), 1)

    def test_an_include_from_nowhere_is_found(self):
        self.assertEqual(len(self.planted("fuzz/target.cc", '#include "nowhere.h"\n')), 1)

    def test_io_in_protocol_is_found(self):
        for header in ("sys/socket.h", "thread", "chrono", "cstdio", "iostream", "asio.hpp", "fstream"):
            with self.subTest(header):
                self.assertEqual(len(self.planted("protocol/src/a.cc", f"#include <{header}>\n")), 1)

    def test_the_json_library_in_a_header_is_found(self):
        found = self.planted("protocol/include/framespec/a.h", "#include <nlohmann/json.hpp>\n")
        self.assertEqual(len(found), 1)

    def test_a_link_to_another_room_is_found(self):
        found = self.planted("fuzz/CMakeLists.txt", "\ntarget_link_libraries(target PRIVATE bench_yardstick)\n")
        self.assertEqual(found, ["fuzz/CMakeLists.txt:2: fuzz must not link bench's bench_yardstick"])


if __name__ == "__main__":
    unittest.main()
