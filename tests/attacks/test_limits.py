"""What presets, servers and other programs may use up: each limit is reached, and told at its place."""

from __future__ import annotations

import http.server
import json
import os
import re
import sys
import threading
import time
from pathlib import Path

import pytest

from generator.checks import decisions
from generator.cli.app import main
from generator.engine import registry
from generator.layers.override import Override
from generator.render import overrides
from generator.sources import git, https
from generator.sources.fetch import snapshot
from generator.sources.source import GitSource, parse_source
from generator.text import confined, processes
from generator.text.errors import SpecError
from generator.text.processes import Limits, Overrun, run
from generator.usecases import reachable
from tests.presets.repositories import V1, Platform
from tests.support import HERE, ends_soon, write_files
from tests.support import snapshot as files_of

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="programs of POSIX")
SPEC = """\
version: 1
project: p
presets: [base, ./team.yaml]
services:
  api: {kind: python, manager: pip, path: api, command: [x], ports: [80]}
"""
TEMPLATE = "{% extends 'templates/dockerfile/python.jinja' %}\n{% block runtime %}\n{{ super() -}}\n"
TIME = "takes longer than the 2 s that presets have in all"
MEMORY = "needs more than the 512 MB of memory that presets have"
FOR_API = "cannot be rendered for api: it"
LOOPS = "{% for a in range(99999) %}" * 3 + "{% endfor %}" * 3


@pytest.fixture
def two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give presets two seconds; what is about memory alone may take longer on a busy machine."""
    monkeypatch.setattr(confined, "SECONDS", 2.0)
    monkeypatch.setattr(confined, "SECONDS_EACH", 0.0)


def _rules(root: Path, **expressions: str) -> Path:
    rules = {name: {"that": that, "value": "ports", "message": "no"} for name, that in expressions.items()}
    team = "policy:\n  rules:\n    expressions:\n" + "".join(
        f"      {name}: {json.dumps(rule)}\n" for name, rule in rules.items()
    )
    return write_files(root, {"services.yaml": SPEC, "team.yaml": team, "api/requirements.txt": ""})


def _template(root: Path, part: str) -> Path:
    files = {"services.yaml": SPEC, "team.yaml": "templates: {python: ./p.jinja}\n", "api/requirements.txt": ""}
    return write_files(root, {**files, "p.jinja": f"{TEMPLATE}{part}\n{{% endblock %}}\n"})


def _told(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Run the command, which has to refuse and to write nothing; return what it tells, without the fixes."""
    before = files_of(root)
    assert main(["-C", str(root), *arguments]) == 2
    assert files_of(root) == before
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("  ")]


@pytest.mark.usefixtures("two_seconds")
@pytest.mark.parametrize(
    "expression",
    [
        "10 ** (10 ** 8)",
        "(('a' * 10 ** 8)" + " | urlize" * 20 + ") == ''",
        "('a ' * 10 ** 7) | wordwrap(1)",
        "lipsum(n=10 ** 8)",
        "[] | slice(10 ** 9) | select | list",
        "(range(99999) | list * 9)" + " | sort" * 40,
        "1" + " + 1" * 1_000_000,
    ],
    ids=lambda text: text[:30],
)
def test_an_expression_has_a_limit_of_time(tmp_path: Path, capsys: pytest.CaptureFixture[str], expression: str) -> None:
    told = _told(_rules(tmp_path, slow=expression), capsys)
    assert told == [f"team.yaml:4:22: the expression {TIME}  [limit-reached]"]


@LINUX
@pytest.mark.parametrize(
    "expression",
    [
        "'a' * 10 ** 10",
        "[1] * 10 ** 10",
        "'%0999999999d' % 1",
        "'{:>9999999999}'.format(1)",
        "'a'.center(10 ** 10)",
        "'a' | center(10 ** 10)",
        "('a' * 10 ** 6).replace('a', 'b' * 10 ** 6)",
        "range(99999) | map('string') | join('x' * 10 ** 5)",
        "service.name.translate({97: 'x' * 10 ** 10})",
        "''.join(['b' * 10 ** 8] * 100)",
        "'x'.encode() * 10 ** 10",
    ],
)
def test_an_expression_has_a_limit_of_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expression: str
) -> None:
    told = _told(_rules(tmp_path, large=expression), capsys)
    assert told == [f"team.yaml:4:23: the expression {MEMORY}  [limit-reached]"]


@LINUX
def test_the_other_expressions_are_told_in_the_same_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _rules(tmp_path, large="'a' * 10 ** 10", broken="a <", kept="service.name == 'api'", last="false")
    assert [re.sub(r":\d+: .*  ", " ", line) for line in _told(root, capsys)] == [
        "services.yaml:5 [last]",
        "team.yaml:4 [limit-reached]",
        "team.yaml:5 [expression-malformed]",
    ]


@pytest.mark.usefixtures("two_seconds")
def test_a_waiver_is_not_judged_where_an_expression_is_not_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = _rules(tmp_path, slow="10 ** (10 ** 8)", last="false")
    waiver = "waivers: [{rule: last, service: api, reason: r, until: 2099-12-31}]\n"
    write_files(root, {"services.yaml": SPEC + waiver})
    assert _told(root, capsys) == [f"team.yaml:4:22: the expression {TIME}  [limit-reached]"]


@pytest.mark.usefixtures("two_seconds")
@pytest.mark.parametrize(
    "part",
    [
        LOOPS,
        "{{ 10 ** (10 ** 8) }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% for a in [1] * 10 ** 7 %}{% for b in [1] * 10 ** 7 %}{% endfor %}{% endfor %}",
        f"{{% set x %}}{LOOPS}{{% endset %}}",
        "{% for a in range(99999) %}{% for b in range(99999) %}"
        "{% include 'templates/dockerfile/quote.jinja' %}{% endfor %}{% endfor %}",
    ],
    ids=lambda part: str(part)[:30],
)
def test_a_template_has_a_limit_of_time(tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str) -> None:
    (told,) = _told(_template(tmp_path, part), capsys)
    # There is no line at the moment when parts of a text are joined.
    assert told.replace(":4:1", "") == f"p.jinja: {FOR_API} {TIME}  [limit-reached]"


@pytest.mark.usefixtures("two_seconds")
def test_authors_of_a_template_are_told_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _told(_template(tmp_path, LOOPS), capsys, "presets", "validate", "team.yaml")
    assert {re.sub(r":4:1|for \w+: ", "", line) for line in told} == {
        f"p.jinja: cannot be rendered it {TIME}  [limit-reached]"
    }


@LINUX
@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("{% set x = 'a' * 10 ** 10 %}", "p.jinja:4:1"),
        ("{{ '%0999999999d' % 1 }}", "p.jinja:4:1"),
        ("{% filter center(10 ** 10) %}a{% endfilter %}", "p.jinja:4:1"),
        (
            "{% set n = namespace(x='a') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
            "p.jinja:4:1",
        ),
        ("{{ service.command.append('x' * 10 ** 9) }}", "p.jinja:4:1"),
        ("{{ [''] | batch(10 ** 9, 'x') | list | length }}", "p.jinja:4:1"),
        # It is when the parts of the text are joined that memory is short, and no template runs then.
        ("{{ 'x' * 4 * 10 ** 8 }}", "p.jinja"),
    ],
)
def test_a_template_has_a_limit_of_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str, place: str
) -> None:
    assert _told(_template(tmp_path, part), capsys) == [f"{place}: {FOR_API} {MEMORY}  [limit-reached]"]


@pytest.mark.usefixtures("two_seconds")
def test_a_template_that_only_writes_is_told_without_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever it is stopped, the line is one that it has, and not the `extends` that hands on what it writes."""
    part = "{% for a in range(99999) %}" * 2 + "x" + "{% endfor %}" * 2
    [told] = _told(_template(tmp_path, part), capsys)
    assert told in [f"{place}: {FOR_API} {TIME}  [limit-reached]" for place in ("p.jinja:4:1", "p.jinja")]


def test_a_template_has_a_limit_of_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = f"{{{{ 'x' * {overrides.MAX_TEXT} }}}}"
    assert _told(_template(tmp_path, part), capsys) == [f"p.jinja: {FOR_API} writes more than 1 MB  [limit-reached]"]


def test_the_texts_of_all_templates_have_a_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined, "OUTPUT", 2_000)
    told = _told(_template(tmp_path, "# " + "x" * 2_000), capsys)
    assert told == [f"p.jinja: {FOR_API} writes more than 2000 bytes  [limit-reached]"]


@pytest.mark.usefixtures("two_seconds")
def test_explain_has_the_same_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _told(_template(tmp_path, f"#\n#\n{LOOPS}"), capsys, "explain", "api", "--dockerfile", "1")
    assert told == [f"p.jinja:6:1: {FOR_API} {TIME}  [limit-reached]"]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (r"{{ '\ud800' }}", "p.jinja: gives api the character U+D800, which is only a half of one  [template-failed]"),
        (
            "{{ service['a' * 10 ** 6] }}",
            f"p.jinja:4:1: cannot be rendered for api: 'dict object' has no attribute '{'a' * 400}",
        ),
        ("{{ self.runtime() }}", "p.jinja:3:1: cannot be rendered for api: maximum recursion depth exceeded"),
    ],
)
def test_what_fails_beside_jinja(tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str, told: str) -> None:
    assert _told(_template(tmp_path, part), capsys)[0].startswith(told)


def test_an_error_without_a_line_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an exception of a template is, it is a mistake of the preset."""

    class Failing:
        def render(self, **_: object) -> str:
            raise KeyError("x" * 1_000)

    monkeypatch.setattr(overrides, "stack", lambda *_: Failing())
    job = overrides.Job("api", "python", {}, {}, [Override(file="p.jinja", text="")])
    with pytest.raises(SpecError) as caught:
        overrides.render_one(job)
    [finding] = caught.value.findings
    assert (str(finding.location), finding.code) == ("p.jinja", "template-failed")
    assert len(finding.message) < 600


# The process for presets.


def test_a_crash_of_python_is_the_limit_of_the_piece_that_ran() -> None:
    crashed = confined.confined("faulthandler:_sigsegv", [False, False])
    assert [one.state for one in crashed] == ["stopped", "unknown"]
    assert crashed[0].limit.startswith("makes Python crash")


def test_a_mistake_of_ours_is_not_one_of_the_preset() -> None:
    for function in ("generator.text.digest:nothing", "generator.text.digest:digest"):
        with pytest.raises(RuntimeError, match="has failed"):
            confined.confined(function, [1])


def test_it_loads_nothing_from_the_working_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _rules(tmp_path / "repository", last="false")
    trap = "import pathlib; pathlib.Path(__file__).with_name('run').touch()\n"
    for name in ("pickle.py", "json.py", "jinja2.py", "generator.py", "sitecustomize.py", "usercustomize.py"):
        (root / name).write_text(trap, encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.setenv("PYTHONSTARTUP", str(root / "json.py"))
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    assert _told(root, capsys)[0].endswith("  [last]")
    assert not (root / "run").exists()


def test_it_is_started_only_for_presets_that_need_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "run", lambda *_, **__: pytest.fail("a process"))
    monkeypatch.setattr(confined, "run", processes.run)
    team = "policy: {locked: [labels]}\n"
    write_files(tmp_path, {"services.yaml": SPEC, "team.yaml": team, "api/requirements.txt": ""})
    assert main(["-C", str(tmp_path)]) == 0
    assert decisions.decide_all([]).findings == []


# Other programs.


@POSIX
@pytest.mark.parametrize(
    ("script", "limit"),
    [
        ("yes", "has printed more than 1 MB"),
        ("yes >&2", "has printed more than 1 MB"),
        ("sleep 600", "did not answer within 1 s"),
        ("exec >&- 2>&-; sleep 600", "did not answer within 1 s"),
        ("sleep 600 & exit 0", "did not answer within 1 s"),
        ('cd "$0"; while :; do echo 0123456789 >>"$(date +%N)"; done', "has stored more than 1000 bytes"),
        ('cd "$0"; mkdir -p a/b; head -c 2000 /dev/zero >a/b/c; sleep 600', "has stored more than 1000 bytes"),
    ],
)
def test_a_program_ends_at_a_limit_with_its_children(tmp_path: Path, script: str, limit: str) -> None:
    limits = Limits(seconds=1, output=1_000_000, memory=100_000_000, stored=1_000)
    with pytest.raises(Overrun, match=f"^{limit}$") as caught:
        run(["sh", "-c", f"echo $$ >&2; {script}", str(tmp_path)], limits, folder=str(tmp_path))
    group = int(caught.value.err.split()[0])
    assert ends_soon(lambda: _runs(group)), "a child still runs"


def _runs(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@LINUX
def test_a_program_has_a_limit_of_memory() -> None:
    limits = Limits(seconds=30, output=1_000, memory=200_000_000)
    # The limit is set when the program already runs, which takes until then at most.
    done = run([sys.executable, "-c", "import time; time.sleep(1); print(len(b'a' * 10 ** 10))"], limits)
    assert done.status == 1
    assert done.out == b""
    assert b"MemoryError" in done.err


@POSIX
def test_a_program_that_keeps_within_its_limits() -> None:
    done = run(["sh", "-c", "cat; echo b >&2; exit 3"], Limits(seconds=30, output=4, memory=10**9), data=b"abc\n")
    assert (done.status, done.out, done.err) == (3, b"abc\n", b"b\n")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of programs that are found before all others."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def _program(file: Path, script: str) -> None:
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def _git_source(text: str) -> GitSource:
    source = parse_source(text)
    assert isinstance(source, GitSource)
    return source


def test_what_git_stores_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "STORED", 1_000_000)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    platform = Platform(tmp_path / "platform")
    platform.commit(V1, tag="v1", files={"large": os.urandom(1_500_000).hex()})
    fetched = pytest.raises(SpecError, match="has stored more than 1 MB")
    with fetched, snapshot(_git_source(platform.source())):
        pytest.fail("it was fetched")
    assert list((tmp_path / "temporary").iterdir()) == []


@POSIX
def test_what_git_prints_has_a_limit(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "OUTPUT", 1_000_000)
    source = _git_source("git+https://git.example.com/x//a.yaml@v1")
    _program(program / "git", "yes")
    with pytest.raises(SpecError, match="has printed more than 1 MB"):
        git.git(source, "ls-remote")
    _program(program / "git", "head -c 900000 /dev/zero | tr '\\0' a >&2; exit 1")
    with pytest.raises(SpecError) as caught:
        git.git(source, "ls-remote")
    assert len(str(caught.value)) < 1_000
    _program(program / "git", "echo 'fatal: Out of memory, malloc failed' >&2; exit 128")
    with pytest.raises(SpecError, match="git may use 1000 MB of memory"):
        git.git(source, "ls-remote")


@POSIX
def test_what_docker_prints_has_a_limit(program: Path) -> None:
    _program(program / "docker", "yes")
    with pytest.raises(SpecError, match="docker has printed more than 1 MB"):
        registry.look_up("redis:7")
    _program(program / "docker", "head -c 900000 /dev/zero | tr '\\0' a >&2; exit 1")
    with pytest.raises(SpecError) as caught:
        registry.look_up("redis:7")
    assert len(str(caught.value)) < 1_000


def test_the_files_of_a_preset_have_a_limit_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reachable, "MAX_CHARACTERS", 1_000)
    platform = Platform(tmp_path / "platform")
    preset = "extends: [./more.yaml]\n"
    platform.commit(preset, tag="v1", files={"presets/more.yaml": "#" * 1_000})
    with pytest.raises(SpecError, match=r"has more than 1000 bytes with the files that it refers to  \[preset-too-l"):
        reachable.fetch_with_references(_git_source(platform.source()))


class _Dripping(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            try:
                self.wfile.write(b"#")
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


def test_a_server_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "SECONDS", 1.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Dripping) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(TimeoutError, match="did not answer in full within 1 s"):
            https.read(f"http://127.0.0.1:{server.server_port}/", 1_000_000)
        server.shutdown()


def test_the_documentation_has_these_limits() -> None:
    text = " ".join((HERE.parent / "docs" / "security.md").read_text(encoding="utf-8").split())
    each = f"{confined.SECONDS_EACH * 1000:.0f} ms"
    for one in (
        f"| expressions and templates of presets | {confined.SECONDS:.0f} s in all, and {each} for each expression or",
        f"| {processes.size(confined.MEMORY)} | {processes.size(overrides.MAX_TEXT)} for a Dockerfile, "
        f"{processes.size(confined.OUTPUT)} in all |",
        f"| git | {git.SECONDS:.0f} s for each call | {processes.size(git.MEMORY)} | {processes.size(git.OUTPUT)} "
        f"printed, {processes.size(git.STORED)} stored |",
        f"| docker | {registry.LIMITS.seconds:.0f} s for each image | {processes.size(registry.LIMITS.memory)} | "
        f"{processes.size(registry.LIMITS.output)} printed |",
        f"| HTTPS | {https.SECONDS:.0f} s for each file |",
        f"{reachable.MAX_FILES} files of {processes.size(reachable.MAX_CHARACTERS)} in all",
    ):
        assert one in text
