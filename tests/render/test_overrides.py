"""Templates of presets: what they replace, how they stack, and how mistakes in them are reported."""

from __future__ import annotations

import pytest

from generator.layers.override import Override
from generator.model.artefacts import DOCKERFILE
from generator.model.project import Project
from generator.render.trace import trace
from generator.render.tree import render
from generator.text.errors import SpecError
from tests.support import project_of

PYTHON = "{% extends 'templates/dockerfile/python.jinja' %}\n"


@pytest.fixture(scope="module")
def project() -> Project:
    """Resolve a project with services in Python and Node."""
    return project_of("shop")[1]


def _text(project: Project, *texts: str, service: str = "api") -> str:
    overrides = [Override(file=f"{index}.jinja", text=text) for index, text in enumerate(texts)]
    return render(project, {service: overrides})[f"services/{service}/Dockerfile"]


def _plain(project: Project, service: str = "api") -> str:
    return render(project)[f"services/{service}/Dockerfile"]


def test_a_block_is_replaced(project: Project) -> None:
    text = _text(project, PYTHON + "{% block dev %}\n# dev is not for us.\nFROM deps AS dev\n{% endblock %}\n")
    before, after = _plain(project).split("\n\n# dev has")[0], _plain(project).split("\n\n# runtime is")[1]
    assert text == f"{before}\n\n# dev is not for us.\nFROM deps AS dev\n\n# runtime is{after}"


def test_a_block_is_extended(project: Project) -> None:
    label = '{% block runtime %}\n{{ super() -}}\nLABEL of="{{ service.name }}"\n{% endblock %}\n'
    assert _text(project, PYTHON + label) == _plain(project) + 'LABEL of="api"\n'


def test_templates_of_several_presets_stack(project: Project) -> None:
    texts = [PYTHON + f"{{% block runtime %}}\n{{{{ super() -}}}}\nLABEL a{n}=1\n{{% endblock %}}\n" for n in range(3)]
    assert _text(project, *texts) == _plain(project) + "LABEL a0=1\nLABEL a1=1\nLABEL a2=1\n"
    assert _text(project, *reversed(texts)) == _plain(project) + "LABEL a2=1\nLABEL a1=1\nLABEL a0=1\n"


def test_an_upper_template_sees_what_a_lower_one_has_replaced(project: Project) -> None:
    lower = (
        PYTHON + "{% block dev %}\nFROM scratch AS dev\n{% block more %}\nLABEL a=1\n{% endblock %}\n{% endblock %}\n"
    )
    upper = PYTHON + "{% block more %}\nLABEL b=1\n{% endblock %}\n"
    assert "\nFROM scratch AS dev\nLABEL b=1\n\n" in _text(project, lower, upper)


@pytest.mark.parametrize("runtime", ["node", "bun"])
def test_each_runtime_has_its_own(runtime: str) -> None:
    name = {"node": "shop", "bun": "bun-runtime"}[runtime]
    _, project = project_of(name)
    service = next(one.name for one in project.built() if one.runtime == runtime)
    text = f"{{% extends 'templates/dockerfile/{runtime}.jinja' %}}\n"
    block = "{% block base %}\n{{ super() -}}\nENV ACME=1\n{% endblock %}\n"
    files = render(project, {service: [Override(file="x.jinja", text=text + block)]})
    plain = render(project)
    [changed] = [path for path in files if files[path] != plain[path]]
    assert "\nWORKDIR /app\nENV ACME=1\n\n" in files[changed]


@pytest.mark.parametrize("name", ["base", "builder", "deps", "app", "dev", "runtime"])
def test_blocks_of_python_are_its_stages(name: str) -> None:
    _, project = project_of("steps")
    text = _text(project, PYTHON + f"{{% block {name} %}}\n{{{{ super() -}}}}\n# the end\n{{% endblock %}}\n")
    stage = text.split("# the end\n")[0].rsplit("\nFROM ", 1)[1]
    assert stage.splitlines()[0].endswith(f" AS {name}")
    assert text.replace("# the end\n", "") == _plain(project)


@pytest.mark.parametrize("name", ["base", "builder", "deps", "prod_deps", "build", "dev", "runtime"])
def test_blocks_of_node_are_its_stages(name: str) -> None:
    _, project = project_of("steps")
    start = "{% extends 'templates/dockerfile/node.jinja' %}\n"
    block = f"{{% block {name} %}}\n{{{{ super() -}}}}\n# the end\n{{% endblock %}}\n"
    text = _text(project, start + block, service="web")
    if name in _plain(project, "web").replace("-", "_"):
        stage = text.split("# the end\n")[0].rsplit("\nFROM ", 1)[1]
        assert stage.splitlines()[0].endswith(f" AS {name.replace('_', '-')}")
    assert text.replace("# the end\n", "") == _plain(project, "web")


def test_what_a_template_changes_stays_in_it(project: Project) -> None:
    spoil = "{% block dev %}{% set _ = view.python.dev_env[0].update({'name': 'X'}) %}{{ super() }}{% endblock %}\n"
    spoiled = render(project, {"api": [Override(file="x.jinja", text=PYTHON + spoil)]})
    plain = render(project)
    assert "ENV X=/opt/venv" in spoiled["services/api/Dockerfile"]
    assert {path for path in plain if plain[path] != spoiled[path]} == {"services/api/Dockerfile"}


def test_lines_are_traced_to_the_template_of_the_preset(project: Project) -> None:
    text = PYTHON + "{% block runtime %}\n{{ super() -}}\nLABEL a=1\n{% endblock %}\n"
    traced = list(trace(project, "api", DOCKERFILE, [Override(file="presets/acme.jinja", text=text)]))
    line, [place] = traced[-1]
    assert (line, place.template, place.line) == ("LABEL a=1", "presets/acme.jinja", 4)
    assert "".join(f"{line}\n" for line, _ in traced) == _text(project, text)


def _block(inside: str) -> str:
    return PYTHON + "{% block dev %}\n" + inside + "\n{% endblock %}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            "0.jinja:1:1: does not extend the template of python  [template-not-extending]\n"
            "  fix: begin with {% extends 'templates/dock",
        ),
        ("{% extends 'templates/dockerfile/node.jinja' %}\n", "0.jinja:1:1: does not extend the template of python"),
        ("{% extends service.template %}\n", "0.jinja:1:1: does not extend the template of python"),
        ("{% extends '../../etc/passwd' %}\n", "0.jinja:1:1: does not extend the template of python"),
        (
            PYTHON + "{% block runtme %}{% endblock %}\n",
            "0.jinja:2:1: there is no block 'runtme'  [block-unknown]\n  fix: use one of r",
        ),
        (PYTHON + "\n\nRUN true\n", "0.jinja:4:1: stands in no block, so it is never written"),
        (PYTHON + "{{ service.name }}\n", "0.jinja:2:1: stands in no block"),
        (PYTHON + "{% if true %}{% block dev %}{% endblock %}{% endif %}\n", "0.jinja:2:1: stands in no block"),
        (PYTHON + "{% block dev %}\n{% if %}\n{% endblock %}\n", "0.jinja:3:1: is no Jinja template: Expected"),
        (PYTHON + "{% block dev %}\n", "0.jinja:2:1: is no Jinja template"),
        (PYTHON + "{% block dev %}{% endblock %}\n{% block dev %}{% endblock %}\n", "0.jinja:3:1: is no Jinja"),
        (_block("{{ 1 | nofilter }}"), "0.jinja:3:1: is no Jinja template: No filter named 'nofilter'"),
        (_block("{% include 'x' %}"), "0.jinja:3:1: cannot be rendered for api: 'x' not found  [template-failed]\n"),
        (_block("{{ service.nme }}"), "0.jinja:3:1: cannot be rendered for api: 'dict object' has no attribute 'nme'"),
        (_block("{{ 1 / 0 }}"), "0.jinja:3:1: cannot be rendered for api: division by zero"),
        (_block("{{ ''.__class__.__mro__ }}"), "0.jinja:3:1: cannot be rendered for api: access to attribute"),
        (_block("{{ service.__init__.__globals__ }}"), "0.jinja:3:1: cannot be rendered for api: access to attribute"),
        (_block("{{ cycler.__init__.__globals__ }}"), "0.jinja:3:1: cannot be rendered for api: access to attribute"),
        (_block("{{ lipsum.__globals__['os'] }}"), "0.jinja:3:1: cannot be rendered for api: access to attribute"),
        (_block("{{ super.__call__.__func__ }}"), "0.jinja:3:1: cannot be rendered for api: access to attribute"),
        (_block("{% include '/etc/passwd' %}"), "0.jinja:3:1: cannot be rendered for api: '/etc/passwd' not found"),
        (_block("{% include '../README.md' %}"), "0.jinja:3:1: cannot be rendered for api"),
        (_block("{% include 'templates/../../x' %}"), "0.jinja:3:1: cannot be rendered for api"),
        (_block("{% for n in range(10 ** 7) %}{% endfor %}"), "0.jinja:3:1: cannot be rendered for api: Range too big"),
        (_block("{{ no_such_name }}"), "0.jinja:3:1: cannot be rendered for api: 'no_such_name' is undefined"),
        (PYTHON + "{% block runtime %}FROM scratch\n{% endblock %}\n", "0.jinja: leaves api without a stage runtime"),
    ],
)  # fmt: skip
def test_mistakes_and_escapes(project: Project, text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        _text(project, text)
    assert str(caught.value).startswith(message), str(caught.value)


def test_the_innermost_template_is_told(project: Project) -> None:
    lower, upper = _block("{{ service.nme }}"), _block("{{ super() }}")
    with pytest.raises(SpecError, match=r"^0\.jinja:3:1: cannot be rendered"):
        _text(project, lower, upper)
