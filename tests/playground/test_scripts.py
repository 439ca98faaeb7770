"""The scripts: how they are put together, and what they must not do."""

import re
import subprocess

import pytest

from deltarule.playground import page
from deltarule.playground.page import SCRIPTS, joined_scripts
from deltarule.playground.state import LARGEST, LONGEST_NAME, MOST_INPUTS, MOST_NEURONS, MOST_PATTERNS, MOST_UPDATES
from playground_node import SCRIPTS as FOLDER
from playground_node import node, worked


def source(name):
    return (FOLDER / f"{name}.js").read_text("utf-8")


def imported(name):
    return re.findall(r'^import\b[^;]*from "\./(\w+)\.js";', source(name), re.MULTILINE)


def test_all_scripts_are_in_the_page_and_each_imports_those_before_it_only():
    assert {path.stem for path in FOLDER.glob("*.js")} == set(SCRIPTS)
    for place, name in enumerate(SCRIPTS):
        assert set(imported(name)) <= set(SCRIPTS[:place]), name


def test_what_a_script_imports_it_uses():
    for name in SCRIPTS:
        text = source(name)
        for names in re.findall(r"^import \{([^}]*)\}", text, re.MULTILINE):
            for each in filter(None, (word.strip() for word in names.split(","))):
                assert len(re.findall(rf"\b{each}\b", text)) > 1, (name, each)


def test_the_scripts_are_one_module_without_imports_and_no_name_twice(tmp_path):
    text = joined_scripts()
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    path = tmp_path / "joined.mjs"
    path.write_text(text, encoding="utf-8")
    checked = subprocess.run([node(), "--check", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    "word",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "</script",
    ],
)
def test_no_script_makes_html_of_text_or_asks_the_network(word):
    assert word not in joined_scripts()


def test_the_page_is_small_and_loads_nothing():
    text = page()
    assert len(text.encode()) < 400_000
    assert not re.search(r'\b(src|href)\s*=\s*"', text)
    assert "http" not in re.sub(r"http://www\.w3\.org/[\w/]+|http-equiv", "", text)


def test_the_limits_of_the_page_are_those_that_python_checks():
    most = re.search(r"MOST = \{([^}]*)\}", source("state"))[1]
    limits = {name: float(value) for name, value in re.findall(r"(\w+): ([\de]+)", most)}
    assert limits == {
        "patterns": MOST_PATTERNS,
        "inputs": MOST_INPUTS,
        "neurons": MOST_NEURONS,
        "updates": MOST_UPDATES,
        "name": LONGEST_NAME,
        "number": LARGEST,
        "title": 200,
        "decimals": 15,
    }


def test_each_language_has_a_word_for_each_thing_with_the_same_places_to_fill_in():
    found = worked([{"what": "words"}])[0]
    english = found.pop("en")
    assert found
    for language, words in found.items():
        assert words.keys() == english.keys(), language
        for key, text in words.items():
            assert sorted(re.findall(r"\{\d\}", text)) == sorted(re.findall(r"\{\d\}", english[key])), (language, key)


def test_every_word_that_the_page_says_is_in_the_table():
    english = worked([{"what": "words"}])[0]["en"]
    spoken = set(re.findall(r'\bsay\("([\w-]+)"', joined_scripts())) | set(re.findall(r'data-say="(\w+)"', page()))
    assert spoken <= english.keys()
