#!/usr/bin/env python3
"""The man pages are whole and clean; the completions complete, in the shells that they are for.

usage: manual_test.py SHARE PROGRAM...      the folder with the pages and scripts, and the programs that they are of
"""

import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
import unittest

SHARE = pathlib.Path(sys.argv[1]).resolve()
PROGRAMS = {pathlib.Path(path).name: path for path in sys.argv[2:]}


def output(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def page(name):
    return SHARE / "man/man1" / f"{name}.1"


def bash_script(name):
    return SHARE / "bash-completion/completions" / name


def zsh_script(name):
    return SHARE / "zsh/site-functions" / f"_{name}"


def fish_script(name):
    return SHARE / "fish/vendor_completions.d" / f"{name}.fish"


def commands_of(path):
    """The commands that --help names, and none: the program itself."""
    listed = re.search(r"^Subcommands:\n((?:  .*\n)+)", output(path, "--help"), re.MULTILINE)
    return [(), *((name,) for name in re.findall(r"^  (\S+)", listed.group(1), re.MULTILINE))] if listed else [()]


class ManPages(unittest.TestCase):
    def shown(self, name, width=100):
        return output("man", "-l", page(name), env={"LC_ALL": "C.UTF-8", "MANWIDTH": str(width), "PATH": "/usr/bin:/bin"})

    def test_the_formatter_has_no_warning(self):
        for name in PROGRAMS:
            with self.subTest(name):
                done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page(name)],
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertGreater(len(done.stdout), 1000)

    def test_a_terminal_of_bare_ascii_has_all_of_it(self):
        for name in PROGRAMS:
            done = subprocess.run(["man", "--warnings", "-l", "-Tascii", page(name)], capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_no_line_is_longer_than_a_terminal_is_wide(self):
        for name in PROGRAMS:
            long = [line for line in self.shown(name, 80).splitlines() if len(line) > 80]
            self.assertEqual(long, [], name)

    def test_the_synopsis_of_a_command_is_what_it_takes(self):
        self.assertIn("\n       framespec run [OPTIONS]\n", self.shown("framespec"))
        self.assertIn("\n       framespec-client [ADDRESS] send [OPTIONS] [TEXT...]\n", self.shown("framespec-client"))
        self.assertIn("Not with --stream, RECORDING.", " ".join(self.shown("framespec").split()))

    def test_mandoc_finds_nothing_but_that_there_is_no_date(self):
        # A date would make two builds of the same sources differ.
        for name in PROGRAMS:
            with self.subTest(name):
                lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page(name)],
                                      capture_output=True, text=True, timeout=60)
                lines = (lint.stdout + lint.stderr).splitlines()
                self.assertEqual([line for line in lines if "missing date" not in line], [])

    def test_every_option_of_every_command_is_on_the_page(self):
        count = 0
        for name, path in PROGRAMS.items():
            source = page(name).read_text(encoding="utf-8").replace("\\-", "-")
            parts = dict(part.split("\n", 1) for part in source.split("\n.SS ")[1:])
            for command in commands_of(path):
                written = parts[command[0]] if command else source.split("\n.SH COMMANDS")[0]
                options = re.findall(r"^  (?:(-\w),)?(--[\w-]+)", output(path, *command, "--help"), re.MULTILINE)
                self.assertGreater(len(options), 0, (name, command))
                for option in (each for pair in options for each in pair if each):
                    count += 1
                    self.assertIn(f"\\fB{option}\\fR", written, (name, command))
        self.assertGreater(count, 150)

    def test_what_begins_with_a_dot_or_has_a_backslash_is_text(self):
        for name in PROGRAMS:
            text = page(name).read_text(encoding="utf-8")
            macros = set(re.findall(r"^\.(\S+)", text, re.MULTILINE))
            self.assertEqual(macros - {"TH", "SH", "SS", "TP", "PP", "nf", "fi", "nh", "ad", '\\"'}, set(), name)

    def test_a_page_says_what_it_is_of(self):
        for name in PROGRAMS:
            for part in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"):
                self.assertIn(f"\n{part}\n", self.shown(name), name)


class Bash(unittest.TestCase):
    def completed(self, *words):
        script = ('source "$1" || exit 9; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1));'
                  '"_${1//-/_}"; printf "%s\\n" "${COMPREPLY[@]}"')
        return output("bash", "--norc", "-c", script, "bash", bash_script(words[0]), *words,
                      cwd=self.folder.name).splitlines()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        (pathlib.Path(self.folder.name) / "inner").mkdir()
        (pathlib.Path(self.folder.name) / "two words.json").touch()

    def tearDown(self):
        self.folder.cleanup()

    def test_commands_and_options(self):
        self.assertEqual(self.completed("framespec", "inv"), ["invariance"])
        self.assertEqual(self.completed("framespec", "run", "--client"), ["--client", "--client-reconnects"])
        self.assertEqual(self.completed("framespec-server", "--exec-allow-"), ["--exec-allow-program"])
        self.assertEqual(self.completed("framespec-bench", "com"), ["compare"])
        self.assertEqual(self.completed("framespec-ci", "--re"), ["--reports"])
        self.assertEqual(self.completed("framespec-ci", "--reports", "x", "run", "--dialect", "kaf"), ["kafka"])
        self.assertEqual(self.completed("framespec-ci", "run", "--junit"), [""])

    def test_fixed_values(self):
        self.assertEqual(self.completed("framespec", "run", "--level", ""), ["must", "should", "may"])
        self.assertEqual(self.completed("framespec", "run", "--level", "=", "sh"), ["should"])
        self.assertEqual(self.completed("framespec", "run", "--level", "="), ["must", "should", "may"])
        self.assertEqual(self.completed("framespec-server", "--dialect", "int6"), ["int64", "int64be"])
        self.assertEqual(self.completed("framespec", "dissector", "kaf"), ["kafka"])
        self.assertEqual(self.completed("framespec", "list", "--filter", "seg"), ["segmentation/\\*"])
        self.assertEqual(self.completed("framespec", "explain", "SEG-1"), ["SEG-1"])

    def test_a_colon_is_a_word_of_its_own(self):
        self.assertEqual(self.completed("framespec", "run", "--observe", "stdout", ":", "h"), ["hex"])
        self.assertEqual(self.completed("framespec", "run", "--observe", "stdout", ":"), ["hex"])
        self.assertEqual(self.completed("framespec", "run", "--observe", "std"), ["stdout", "stdout:hex"])
        self.assertEqual(self.completed("framespec", "run", "--server", "localhost", ":", "70", "--level", "sh"), ["should"])
        self.assertEqual(self.completed("framespec-client", "localhost", ":", "1", "pro"), ["prompt"])

    def test_files_where_they_are_wanted_and_only_there(self):
        self.assertEqual(self.completed("framespec", "report", "two"), ["two words.json"])
        self.assertIn("two words.json", self.completed("framespec", "run", "--dialect", ""))
        self.assertEqual(self.completed("framespec", "matrix", "two words.json", "--events", ""), ["inner"])
        self.assertEqual(self.completed("framespec", "run", "--seed", ""), [""])

    def test_the_clients_command_stands_behind_an_address_and_takes_its_options(self):
        self.assertEqual(self.completed("framespec-client", "localhost:1", "pro"), ["prompt"])
        self.assertEqual(self.completed("framespec-client", "localhost:1", "send", "--md5", "i"), ["ignore"])
        self.assertEqual(self.completed("framespec-client", "localhost:1", "send", "--expect"), ["--expect-echo"])


class OtherShells(unittest.TestCase):
    def fish(self, line):
        name = line.split()[0]
        with tempfile.TemporaryDirectory() as home:
            lines = output("fish", "--no-config", "-c", 'source $argv[1]; complete -C $argv[2]', fish_script(name), line,
                           cwd=home, env={"HOME": home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}).splitlines()
        return [completion.split("\t")[0] for completion in lines]

    def test_their_own_parsers_read_them(self):
        for name in PROGRAMS:
            self.assertEqual(output("zsh", "-n", zsh_script(name)), "")
            self.assertEqual(output("fish", "--no-execute", fish_script(name)), "")

    def test_fish_completes(self):
        self.assertEqual(self.fish("framespec inv"), ["invariance"])
        self.assertEqual(self.fish("framespec run --client"), ["--client", "--client-reconnects"])
        self.assertEqual(sorted(self.fish("framespec run --level ")), ["may", "must", "should"])
        self.assertEqual(self.fish("framespec-server --dialect kaf"), ["kafka"])
        self.assertEqual(self.fish("framespec list --filter seg"), ["segmentation/*"])
        self.assertEqual(self.fish("framespec explain SEG-1"), ["SEG-1"])
        self.assertEqual(self.fish("framespec run --seed "), [])

    def test_zsh_completes(self):
        # Its completion is a part of its line editor, which wants a terminal.
        child, terminal = pty.fork()
        if child == 0:
            os.execvpe("zsh", ["zsh", "-f", "-i"], {"TERM": "dumb", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"})
        try:
            folder = SHARE / "zsh/site-functions"
            os.write(terminal, f"fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; echo RE''ADY\n".encode())
            self.until(terminal, "READY")
            for line, whole in (("framespec inv", "framespec invariance "), ("framespec run --level sho", "should "),
                                ("framespec-server --dialect kaf", "kafka "), ("framespec explain SEG-1", "SEG-1 "),
                                ("framespec-client h:1 send --md5 ig", "ignore "), ("framespec-bench com", "compare "),
                                ("framespec list --filter seg", "segmentation/\\* ")):
                os.write(terminal, f"{line}\t".encode())
                self.assertIn(whole, self.until(terminal, whole))
                os.write(terminal, b"\x15")  # the line is taken back
        finally:
            os.close(terminal)
            os.waitpid(child, 0)

    def until(self, terminal, awaited):
        shown, limit = "", time.monotonic() + 60
        while awaited not in shown and time.monotonic() < limit:
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 4096).decode(errors="replace")
        return shown


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
