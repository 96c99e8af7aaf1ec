"""Whatever goes wrong: one clear sentence, the right exit code, and nothing left running."""

import itertools
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, Run, descendants, mutant, wait_until

ONE = ("--filter", "length/*/whole/empty")


def framespec(*arguments):
    return subprocess.run([FRAMESPEC, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=DEADLINE_S, check=False)


class Usage(unittest.TestCase):
    def expect(self, code, sentence, *arguments):
        done = framespec(*arguments)
        self.assertEqual(done.returncode, code, done)
        self.assertIn(sentence, done.stderr, done)
        self.assertEqual(done.stdout, "", done)
        return done

    def test_mistakes_on_the_command_line(self):
        self.expect(2, "needs a testee", "run", "--dialect", "int32")
        self.expect(2, "--dialect", "run", "--launch", "x {port}")
        self.expect(2, "no_such_dialect", "run", "--launch", "x {port}", "--dialect",
                    "no_such_dialect")
        self.expect(2, "excludes", "run", "--launch", "x", "--server", "127.0.0.1:1", "--dialect",
                    "int32")
        self.expect(2, "not an address", "run", "--server", "nonsense", "--dialect", "int32")
        self.expect(2, "the port is a number from 1 to 65535", "run", "--server",
                    "127.0.0.1:65536", "--dialect", "int32")
        self.expect(2, "no case is left", "run", "--launch", "x {port}", "--dialect", "int32",
                    "--filter", "nothing/*")
        self.expect(2, "there is no case", "run", "--launch", "x {port}", "--dialect", "int32",
                    "--filter", "length/int32/whole/no_such_case")
        self.expect(2, "{dialect}", "run", "--launch", "x {port}", "--dialect", "int32,json")
        run = ("run", "--launch", "x {port}", "--dialect", "int32")
        for option, value in (("--time-limit", "nan"), ("--start-limit", "-1"), ("--seed", "-1"),
                              ("--seed", "18446744073709551616"), ("--max-payload", "12abc"),
                              ("--json", ""), ("--suites", ""), ("--pace", "nan"), ("--pace", "0"),
                              ("--frame-timeout", "nan")):
            done = self.expect(2, option, *run, option, value)
            self.assertEqual(done.stderr.count("\n"), 1, done)
        for command in (("run", "--launch", "x {port}"), ("list",),
                        ("explain", "sanity/dns-tcp/whole/echo")):
            done = self.expect(2, "a payload limit of 5 bytes does not suit dns-tcp", *command,
                               "--dialect", "dns-tcp", "--max-payload", "5")
            self.assertEqual(done.stderr.count("\n"), 1, done)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as tight:
            json.dump({"name": "tight", "length": {"width": 1}, "header": {"kind": "json", "maximum": 95}}, tight)
            tight.flush()
            for command in (("run", "--launch", "x {port}"), ("list",), ("explain", "sanity/tight/whole/echo")):
                done = self.expect(2, f"{tight.name}: $.header.maximum: 95 is too little here", *command, "--dialect", tight.name)
                self.assertEqual(done.stderr.count("\n"), 1, done)
        self.expect(2, "no_such_command", "no_such_command")
        self.expect(2, "extra", *run, "extra")
        self.expect(2, "one dialect", "run", "--server", "127.0.0.1:1", "--dialect", "int32,json")

    def test_a_malformed_suite(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "broken.json").write_text('{"area": "x", "cases": 7}')
            done = self.expect(2, "broken.json: $", "run", "--launch", "x {port}", "--dialect",
                               "int32", "--suites", folder)
            self.assertEqual(done.stderr.count("\n"), 1, done)
            fifo = str(Path(folder) / "fifo.json")
            os.mkfifo(fifo)
            self.expect(2, "is a pipe (FIFO)", "list", "--dialect", "int32", "--suites", fifo)
        self.expect(2, "no/such/place", "list", "--dialect", "int32", "--suites", "no/such/place")
        self.expect(2, "larger than", "list", "--dialect", "int32", "--suites", "/dev/zero")

    def test_a_report_that_cannot_be_written_is_known_before_the_run(self):
        with tempfile.TemporaryDirectory() as folder:
            started = Path(folder) / "started"
            for path in ("/no/such/folder/report.json", folder, str(Path(folder) / ("r" * 256))):
                done = self.expect(2, f"the report cannot be written to {path}", "run", "--launch",
                                   f"touch {shlex.quote(str(started))}; {{port}}", "--dialect", "int32",
                                   "--json", path)
                self.assertFalse(started.exists(), done)

    def test_a_report_goes_through_a_link_and_over_nothing_but_a_file(self):
        run = ("run", "--server", "127.0.0.1:1", "--dialect", "int32", "--filter", "sanity/*", "--json")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "report.json").write_text("the one before")
            (folder / "link").symlink_to("report.json")
            self.assertEqual(framespec(*run, str(folder / "link")).returncode, 3)
            self.assertTrue((folder / "link").is_symlink())
            json.loads((folder / "report.json").read_text())
            os.mkfifo(folder / "fifo")
            (folder / "dangling").symlink_to("nowhere")
            for path in ("fifo", "dangling"):
                self.expect(2, "the report cannot be written", *run, str(folder / path))
            self.assertEqual(sorted(path.name for path in folder.iterdir()),
                             ["dangling", "fifo", "link", "report.json"])

    def write_suite(self, steps):
        """The path of a suite file of one case with these steps."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = Path(folder) / "own.json"
        path.write_text('{"area": "own", "title": "T", "cases": [{"name": "one", "title": "T.", "why": "w", '
                        f'"rules": ["SEG-1"], "steps": {steps}}}]}}')
        return path

    def test_a_step_that_no_dialect_can_carry_out_is_an_error_of_the_file(self):
        path = self.write_suite('[{"send": [{"frame": "x"}], "on": "q"}, {"expect": "frames", "on": "q"}]')
        for command in (("run", "--launch", "x {port}"), ("list",)):
            self.expect(2, f'{path}: $.cases[0].steps[0]: there is no connection "q" yet', *command,
                        "--dialect", "int32", "--suites", path)

    def test_a_suite_of_which_nothing_applies_is_refused_with_a_reason(self):
        path = self.write_suite('[{"send": [{"frame": "x"}]}, {"expect": "closed"}]')
        for command in (("run", "--launch", "x {port}"), ("list",)):
            self.expect(2, "own/int32/*/one does not apply: it does not hold for this dialect: step 2: "
                        "it expects a close before all whole frames are answered", *command,
                        "--dialect", "int32", "--suites", path)

    def test_a_suite_file_that_nests_too_deep_is_refused(self):
        path = self.write_suite("[" * 100_000 + "]" * 100_000)
        self.expect(2, "nested more than 32 deep", "list", "--dialect", "int32", "--suites", path)

    def test_a_command_without_quotes(self):
        self.expect(2, "a command of several words is put in quotes", "run", "--dialect", "int32", "--launch", "my_server", "{port}")
        self.assertNotIn("quotes", framespec("list", "more", "--dialect", "int32").stderr)

    def test_the_summary_never_goes_into_the_report(self):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            subprocess.run(["/bin/sh", "-c", 'exec "$@" >&-', "sh", FRAMESPEC, "run", "--server", "127.0.0.1:1",
                            "--dialect", "int32", "--json", str(report)],
                           stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=300)
            json.loads(report.read_text())

    def test_help_and_version(self):
        for arguments, word in ((("--help",), "framespec run --launch"),
                                (("run", "--help"), "FRAMESPEC_PORT"),
                                (("--version",), "framespec 0."),
                                (("list", "--dialect", "int32", *ONE), "length/int32/whole/empty"),
                                (("explain", "length/int32/whole/empty"), "LIM-4"),
                                (("explain", "length/int64/cut_at-7/negative"), "negative-minus_one")):
            with self.subTest(arguments=arguments):
                done = framespec(*arguments)
                self.assertEqual(done.returncode, 0, done)
                self.assertIn(word, done.stdout)
        listed = framespec("list", "--dialect", "int32", "--json", *ONE).stdout.splitlines()
        self.assertEqual([json.loads(line)["id"] for line in listed], ["length/int32/whole/empty"])
        self.assertEqual(framespec("explain", "length/int32/whole/nothing").returncode, 2)
        self.assertEqual(framespec("explain", "nonsense").returncode, 2)


class Testees(unittest.TestCase):
    def tearDown(self):
        self.assertEqual(descendants(), [])

    def run_one(self, script, *more):
        return Run("--launch", script, "--dialect", "int32", *ONE, *more)

    def test_nobody_listens(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))  # ours as long as it is bound; nobody listens
            run = Run("--server", "127.0.0.1:{}".format(silent.getsockname()[1]), "--dialect", "int32", *ONE)
        self.assertEqual(run.code, 3, run)
        self.assertIn("Connection refused", run.stdout)

    def test_a_command_that_does_not_exist(self):
        run = self.run_one("no_such_command {port}")
        self.assertEqual(run.code, 3, run)
        self.assertIn("command not found", run.stdout)
        self.assertIn("no_such_command", run.stdout)

    def test_one_that_ends_before_it_listens_and_says_why(self):
        run = self.run_one("echo first; echo the disk is full >&2; exit 7; {port}")
        self.assertEqual(run.code, 3, run)
        self.assertIn("exited with status 7 before it listened", run.stdout)
        self.assertIn("the disk is full", run.stdout)
        self.assertNotIn("neither {port}", run.stdout, "it was told where")
        self.assertEqual(run.report["dialects"][0]["problem"]["kind"], "unusable")

    def test_a_command_without_the_port(self):
        for command, what in (("exit 7", "before it listened"), ("sleep 1000", "does not listen")):
            run = self.run_one(command, "--start-limit", "1")
            self.assertEqual(run.code, 3, run)
            self.assertRegex(run.stdout, what + ".*; its command has neither \\{port\\} nor \\$FRAMESPEC_PORT")

    def test_one_that_listens_elsewhere_is_not_waited_for_until_the_limit(self):
        # Told no port, and at another address of the port that it is told. Without the look it would be ten minutes.
        fixed = "import socket as s; l = s.create_server(('127.0.0.1', 0)); print(l.getsockname()[1], flush=True); l.accept()"
        other = "import socket as s, sys; s.create_server(('127.0.0.2', int(sys.argv[1]))).accept()"
        for program, port, what in ((fixed, "", r"put \{port\} or \$FRAMESPEC_PORT, where it is to listen, into its command"),
                                    (other, " {port}", r"let it listen on 127\.0\.0\.1 and the port that it is told")):
            run = self.run_one(f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}{port}", "--start-limit", "600")
            self.assertEqual(run.code, 3, run)
            self.assertRegex(run.stdout, r"does not listen on 127\.0\.0\.1:\d+, but on (127\.0\.0\.\d:\d+): " + what +
                             r", or start it yourself and test it with --server \1")
            self.assertLess(run.report["dialects"][0]["duration_ms"], 300_000, run)

    def test_one_that_never_listens(self):
        run = self.run_one("sleep 1000 {port}", "--start-limit", "2.5")
        self.assertEqual(run.code, 3, run)
        self.assertIn("does not listen on 127.0.0.1:", run.stdout)

    def test_one_that_ignores_sigterm_is_ended_all_the_same(self):
        run = self.run_one("trap '' TERM; while :; do sleep 1000; done; {port}", "--start-limit",
                           "0.5")
        self.assertEqual(run.code, 3, run)

    def test_one_that_does_not_implement_the_dialect(self):
        run = self.run_one("exit 89; {port}")
        self.assertEqual(run.code, 3, run)
        self.assertIn("UNIMPLEMENTED", run.stdout)
        self.assertEqual({plan["verdict"] for plan in run.plans()}, {"unimplemented"}, run)

    def test_one_that_echoes_nothing_is_not_asked_thousands_of_questions(self):
        program = ("import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
                   "while True: s.accept()[0].close()")
        run = Run("--launch", f"{shlex.quote(sys.executable)} -c {shlex.quote(program)} {{port}}",
                  "--dialect", "int32")
        self.assertEqual(run.code, 1, run)
        self.assertEqual(len(run.plans("fail")), 1)
        self.assertGreater(len(run.plans("not_run")), 1000)
        self.assertIn("does not even echo one whole frame", run.stdout)

    def test_one_that_ends_with_its_first_connection_is_told_so_once(self):
        # One that ends at once may be gone before its first connection is judged, or not.
        ends = {"at_once": "os._exit(status)", "at_the_next": "s.close(); select.select([l], [], []); sys.exit(status)"}
        for (name, end), status in itertools.product(ends.items(), (0, 4)):
            program = ("import os, select, socket, sys; status = int(sys.argv[2])\n"
                       "l = socket.create_server(('127.0.0.1', int(sys.argv[1]))); s = l.accept()[0]\n"
                       f"while data := s.recv(99): s.sendall(data)\n{end}")
            with self.subTest(name, status=status):
                run = Run("--launch", f"{shlex.quote(sys.executable)} -c {shlex.quote(program)} {{port}} {status}", "--dialect", "int32")
                self.assertEqual(run.code, 1, run)
                dialect = run.report["dialects"][0]
                self.assertEqual(dialect["testee_starts"], 2, run)
                self.assertEqual({plan["verdict"] for plan in run.plans()}, {"pass", "not_run"}, run)
                self.assertEqual([plan["attempts"] for plan in run.plans("pass")], [1], run)
                first = (f"the testee exited with status {status} with its first connection, and started anew it did so again: each check "
                         "has a connection of its own, so let it serve until it is ended (CON-1)")
                self.assertEqual(dialect["problem"]["reason"], first)
                self.assertTrue(run.stdout.startswith(f"DIED  int32: {first}\n"), run)
                self.assertEqual((run.stdout.count("DIED"), run.stdout.count("STOPPED"), run.stdout.count("different way")), (1, 0, 0), run)


class Interruption(unittest.TestCase):
    def start(self, folder):
        report = Path(folder) / "report.json"
        command = [FRAMESPEC, "run", "--launch", f"exec {mutant('none')}", "--dialect", "int32", "--json", str(report)]
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        wait_until(lambda: self.living_mutants() or running.poll() is not None)
        self.assertIsNone(running.poll())
        return running, report

    @staticmethod
    def living_mutants():
        # `framespec` and its guard have the testee's command on their own command lines.
        return [each for each in descendants() if "mutant_server.py" in each and FRAMESPEC not in each]

    @staticmethod
    def has_files_without_a_name(folder):
        try:
            os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY))
        except OSError:
            return False
        return True

    def test_ctrl_c_ends_the_testee_and_reports_what_was_found_so_far(self):
        with tempfile.TemporaryDirectory() as folder:
            running, report = self.start(folder)
            running.send_signal(signal.SIGINT)
            stdout, stderr = running.communicate(timeout=DEADLINE_S)
            self.assertEqual(running.returncode, 3, stdout + stderr)
            self.assertIn("interrupted", stdout)
            self.assertEqual(descendants(), [])
            self.assertTrue(json.loads(report.read_text())["interrupted"])
            self.assertEqual([each.name for each in Path(folder).iterdir()], ["report.json"])

    def test_a_killed_runner_leaves_no_testee_and_no_part_of_a_report(self):
        with tempfile.TemporaryDirectory() as folder:
            running, _ = self.start(folder)
            running.kill()
            running.communicate(timeout=DEADLINE_S)
            if self.has_files_without_a_name(folder):
                self.assertEqual(os.listdir(folder), [])
            wait_until(lambda: not descendants())
            self.assertEqual(descendants(), [])


if __name__ == "__main__":
    unittest.main()
