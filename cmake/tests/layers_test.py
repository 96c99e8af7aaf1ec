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
            for room in (*layers.TOP, *layers.SEES):
                (root / room).mkdir(parents=True, exist_ok=True)
            (root / "bench/programs/yardstick.h").write_text("#pragma once\n")
            (root / "bench/programs/CMakeLists.txt").write_text("add_library(bench_yardstick yardstick.cc)\n")
            (root / "conformance/delivery/deliver.h").write_text("#pragma once\n")
            (root / "conformance/os/error_text.h").write_text("#pragma once\n")
            (root / "conformance/runner/CMakeLists.txt").write_text(
                "add_library(framespec_runner run.cc)\nadd_library(framespec::runner ALIAS framespec_runner)\n")
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            return layers.violations(root)

    def test_this_tree_has_no_violation(self):
        self.assertEqual(layers.violations(ROOT), [])

    def test_it_has_something_to_look_at(self):
        for room in layers.SEES:
            self.assertGreater(len(list(layers.sources(ROOT, room))), 0, room)

    def test_a_room_that_includes_another_is_found(self):
        found = self.planted("fuzz/target.cc", '#include "../bench/programs/yardstick.h"\n')
        self.assertEqual(found, ["fuzz/target.cc:1: fuzz must not include bench/programs"])
        self.assertEqual(len(self.planted("fuzz/target.cc", '#include "bench/programs/yardstick.h"\n')), 1)

    def test_an_include_from_nowhere_is_found(self):
        self.assertEqual(len(self.planted("fuzz/target.cc", '#include "nowhere.h"\n')), 1)

    def test_the_inner_rooms_see_only_those_below(self):
        found = self.planted("conformance/suite/plan.cc", '#include "delivery/deliver.h"\n')
        self.assertEqual(found, ["conformance/suite/plan.cc:1: conformance/suite must not include conformance/delivery"])
        self.assertEqual(self.planted("conformance/runner/tests/a.cc", '#include "delivery/deliver.h"\n'), [])
        self.assertEqual(self.planted("conformance/launch/launch.cc", '#include "os/error_text.h"\n'), [])
        self.assertEqual(len(self.planted("conformance/launch/launch.cc", '#include "delivery/deliver.h"\n')), 1)

    def test_a_file_of_another_room_is_not_called_missing(self):
        found = self.planted("fuzz/target.cc", '#include "delivery/deliver.h"\n')
        self.assertEqual(found, ['fuzz/target.cc:1: "delivery/deliver.h" is not one that this room may use'])

    def test_io_in_protocol_is_found(self):
        for header in ("sys/socket.h", "thread", "ctime", "cstdio", "iostream", "asio.hpp", "fstream"):
            with self.subTest(header):
                self.assertEqual(len(self.planted("protocol/src/a.cc", f"#include <{header}>\n")), 1)

    def test_a_clock_in_protocol_is_found(self):
        for line in ("auto now = std::chrono::steady_clock::now();", "clock_gettime(CLOCK_MONOTONIC, &now);", "auto t = Clock::now();"):
            with self.subTest(line):
                self.assertEqual(self.planted("protocol/src/a.cc", line + "\n"),
                                 ["protocol/src/a.cc:1: protocol is sans-IO and must not read a clock"])
        self.assertEqual(self.planted("protocol/src/a.cc", "#include <chrono>\nstd::chrono::milliseconds time{0};\n"), [])

    def test_the_json_library_in_a_public_header_is_found(self):
        found = self.planted("protocol/include/framespec/a.h", "#include <nlohmann/json.hpp>\n")
        self.assertEqual(len(found), 1)
        self.assertEqual(self.planted("protocol/src/a.h", "#include <nlohmann/json.hpp>\n"), [])

    def test_a_link_to_another_room_is_found(self):
        found = self.planted("fuzz/CMakeLists.txt", "\ntarget_link_libraries(target PRIVATE bench_yardstick)\n")
        self.assertEqual(found, ["fuzz/CMakeLists.txt:2: fuzz must not link bench/programs's bench_yardstick"])

    def test_a_link_through_a_command_of_our_own_is_found(self):
        found = self.planted("fuzz/CMakeLists.txt", "function(fuzz_target name)\nendfunction()\n"
                             "fuzz_target(prefix LIBRARIES framespec::runner)\n")
        self.assertEqual(found, ["fuzz/CMakeLists.txt:3: fuzz must not link conformance/runner's framespec::runner"])
        found = self.planted("fuzz/CMakeLists.txt", "set(libraries bench_yardstick)\n")
        self.assertEqual(len(found), 1)

    def test_a_program_that_a_test_starts_is_no_link(self):
        found = self.planted("fuzz/CMakeLists.txt", 'set(environment "RUNNER=$<TARGET_FILE:bench_yardstick>")\n')
        self.assertEqual(found, [])

    def test_an_inner_room_links_only_those_below(self):
        found = self.planted("conformance/suite/CMakeLists.txt", "target_link_libraries(a PUBLIC framespec::runner)\n")
        self.assertEqual(len(found), 1)


if __name__ == "__main__":
    unittest.main()
