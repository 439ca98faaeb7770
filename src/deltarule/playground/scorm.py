"""The playground as an exercise of a course: a package by SCORM 1.2, which a learning management system takes and shows.

A student types the matrices of the first update; the page tells the system the score.

References
----------
Advanced Distributed Learning, "SCORM Version 1.2, The SCORM Content Aggregation Model" (2001): the package and its manifest.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from xml.etree import ElementTree as ET

from deltarule.playground.page import page
from deltarule.playground.presets import question
from deltarule.printable import printable
from deltarule.problem import Problem

PACKAGING = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
SHARABLE = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
PAGE = "index.html"
# The first day that a zip file can hold: the same problem gives the same file.
DAY = (1980, 1, 1, 0, 0, 0)


def scorm_package(problem: Problem | None = None) -> bytes:
    """A zip file with the page in practice mode, and the manifest that a learning management system reads.

    Parameters
    ----------
    problem : what is practised; None: the handout's question 1.

    Raises
    ------
    InputError
        If the problem is larger than the page shows, or its layer is of a kind without formulas there.

    Examples
    --------
    >>> with zipfile.ZipFile(io.BytesIO(scorm_package())) as package:
    ...     package.namelist()
    ['imsmanifest.xml', 'index.html']
    """
    given = question(1) if problem is None else problem
    text = page(given, practice=True)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, each in (("imsmanifest.xml", _manifest(printable(given.title), text)), (PAGE, text)):
            info = zipfile.ZipInfo(name, DAY)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            package.writestr(info, each)
    return content.getvalue()


def _manifest(title: str, text: str) -> bytes:
    """What says that the page is the one thing of the package, and that it tells its score."""
    ET.register_namespace("", PACKAGING)
    ET.register_namespace("adlcp", SHARABLE)
    identifier = f"deltarule-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    manifest = ET.Element(f"{{{PACKAGING}}}manifest", {"identifier": identifier, "version": "1.1"})
    metadata = _below(manifest, "metadata")
    _below(metadata, "schema").text = "ADL SCORM"
    _below(metadata, "schemaversion").text = "1.2"
    organization = _below(_below(manifest, "organizations", default="course"), "organization", identifier="course")
    _below(organization, "title").text = title
    item = _below(organization, "item", identifier="exercise", identifierref="page", isvisible="true")
    _below(item, "title").text = title
    resource = _below(_below(manifest, "resources"), "resource", identifier="page", type="webcontent", href=PAGE)
    resource.set(f"{{{SHARABLE}}}scormtype", "sco")
    _below(resource, "file", href=PAGE)
    ET.indent(manifest)
    found: bytes = ET.tostring(manifest, encoding="utf-8", xml_declaration=True)
    return found


def _below(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    """A new element of the packaging's own names."""
    return ET.SubElement(parent, f"{{{PACKAGING}}}{name}", attributes)
