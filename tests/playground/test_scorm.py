"""The package for a learning management system, by the rules of SCORM 1.2 for its manifest."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from deltarule.playground import page, scorm_package
from deltarule.playground.presets import presets, question
from deltarule.problem import problem_from

PACKAGING = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
SHARABLE = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
# What imscp_rootv1p1p2.xsd and adlcp_rootv1p2.xsd allow of what is used: the attributes that must stand, those that may, and the
# children in their order.
ELEMENTS = {
    "manifest": ({"identifier"}, {"version"}, ["metadata", "organizations", "resources"]),
    "metadata": (set(), set(), ["schema", "schemaversion"]),
    "schema": (set(), set(), []),
    "schemaversion": (set(), set(), []),
    "organizations": (set(), {"default"}, ["organization"]),
    "organization": ({"identifier"}, set(), ["title", "item"]),
    "item": ({"identifier"}, {"identifierref", "isvisible"}, ["title"]),
    "title": (set(), set(), []),
    "resources": (set(), set(), ["resource"]),
    "resource": ({"identifier", "type"}, {"href", f"{SHARABLE}scormtype"}, ["file"]),
    "file": ({"href"}, set(), []),
}


def unpacked(problem=None):
    with zipfile.ZipFile(BytesIO(scorm_package(problem))) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def checked(element):
    """Each element stands where the schemas allow it, with the attributes that they ask for."""
    name = element.tag.removeprefix(PACKAGING)
    needed, allowed, children = ELEMENTS[name]
    assert needed <= set(element.keys()) <= needed | allowed, name
    assert [child.tag.removeprefix(PACKAGING) for child in element] == children, name
    for child in element:
        checked(child)


def test_the_manifest_is_one_of_scorm_1_2():
    files = unpacked()
    manifest = ET.fromstring(files["imsmanifest.xml"])
    assert manifest.tag == f"{PACKAGING}manifest"
    checked(manifest)
    assert manifest.findtext(f"{PACKAGING}metadata/{PACKAGING}schema") == "ADL SCORM"
    assert manifest.findtext(f"{PACKAGING}metadata/{PACKAGING}schemaversion") == "1.2"
    assert next(manifest.iter(f"{PACKAGING}resource")).get(f"{SHARABLE}scormtype") == "sco"


def test_what_the_manifest_refers_to_is_there():
    files = unpacked()
    manifest = ET.fromstring(files["imsmanifest.xml"])
    identifiers = [each.get("identifier") for each in manifest.iter() if each.get("identifier")]
    assert len(set(identifiers)) == len(identifiers)
    resource = next(manifest.iter(f"{PACKAGING}resource"))
    assert next(manifest.iter(f"{PACKAGING}item")).get("identifierref") == resource.get("identifier")
    organizations = next(manifest.iter(f"{PACKAGING}organizations"))
    assert organizations.get("default") == organizations[0].get("identifier")
    assert {resource.get("href"), *(file.get("href") for file in resource)} == files.keys() - {"imsmanifest.xml"}


def test_the_package_holds_the_page_in_practice_mode():
    problem = presets()["xor"]
    assert unpacked(problem)["index.html"].decode() == page(problem, practice=True)
    assert page(problem, practice=True) != page(problem)


def test_the_same_problem_gives_the_same_package_and_another_one_another():
    assert scorm_package() == scorm_package(question(1))
    identifiers = {
        ET.fromstring(unpacked(question(number))["imsmanifest.xml"]).get("identifier") for number in (1, 2, 3)
    }
    assert len(identifiers) == 3


@pytest.mark.parametrize("title", ["<b>&amp;", "a\x00b\x1b[31m", "Łódź 名前", "]]>", "\u202eturned"])
def test_any_title_is_a_text_of_the_manifest(title):
    manifest = ET.fromstring(unpacked(problem_from({
        "title": title,
        "layer": {"kind": "linear", "weights": [[0.0]]},
        "data": {"inputs": [[1], [2]], "targets": [2, 4]},
        "descent": {"learning_rate": 0.1, "epochs": 10},
    }))["imsmanifest.xml"])  # fmt: skip
    titles = {each.text for each in manifest.iter(f"{PACKAGING}title")}
    assert len(titles) == 1
    if title.isprintable():
        assert titles == {title}
