"""QTI 2.1, a content package for each chapter: https://www.imsglobal.org/question.

With options, as in QTI 1.2, and one of each exercise's draws picked by chance. The kept writers hold no sentence for a
wrong option, hence our own.
"""

import re
import xml.etree.ElementTree as ET

from .packed import packed
from .questions import folder
from .words import html

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMAS = {
    QTI: "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    PACKAGE: "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
}
MARK = "<match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>"
PROCESSING = f"""<responseProcessing>
<responseCondition><responseIf>{MARK}
<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf>
</responseCondition>
<setOutcomeValue identifier='FEEDBACK'><variable identifier='RESPONSE'/></setOutcomeValue>
</responseProcessing>"""


def qti21(entries, chapter):
    """The zip's bytes."""
    files = {f"items/{name(one)}.xml": item(one) for entry in entries for one in entry.polled}
    return packed({"imsmanifest.xml": manifest(files, chapter), "test.xml": test(entries, chapter), **files})


def name(one):
    """An identifier: it may not begin with a digit."""
    return "q-" + re.sub(r"\W+", "-", one.name).strip("-")


def item(one):
    root = opened(QTI, "assessmentItem", identifier=name(one), title=one.name, adaptive="false", timeDependent="false")
    letters = dict(zip("ABCDEF", one.answers))
    response = ET.SubElement(
        root, "responseDeclaration", identifier="RESPONSE", cardinality="single", baseType="identifier"
    )
    right = next(letter for letter, answer in letters.items() if answer.right)
    ET.SubElement(ET.SubElement(response, "correctResponse"), "value").text = right
    score = ET.SubElement(root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    ET.SubElement(ET.SubElement(score, "defaultValue"), "value").text = "0"
    ET.SubElement(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier")
    body = ET.SubElement(root, "itemBody")
    body.append(paragraph(one.ask))
    choice = ET.SubElement(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="true", maxChoices="1")
    for letter, answer in letters.items():
        option = ET.SubElement(choice, "simpleChoice", identifier=letter)
        option.append(paragraph(answer.text))
    root.append(ET.fromstring(re.sub(r">\s+<", "><", PROCESSING)))
    for letter, answer in letters.items():
        said = ET.SubElement(root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=letter, showHide="show")
        said.extend([paragraph(answer.why), paragraph(one.solution)])
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def paragraph(text):
    return ET.fromstring(f"<p>{html(text)}</p>")


def test(entries, chapter):
    root = opened(QTI, "assessmentTest", identifier=f"chapter-{chapter}", title=f"Leverage Lab {folder(chapter)}")
    part = ET.SubElement(root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    for number, entry in enumerate(entries, start=1):
        section = ET.SubElement(
            part, "assessmentSection", identifier=f"section-{number}", title=entry.id, visible="false"
        )
        ET.SubElement(section, "selection", select="1")
        for one in entry.polled:
            ET.SubElement(section, "assessmentItemRef", identifier=name(one), href=f"items/{name(one)}.xml")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def manifest(files, chapter):
    root = opened(PACKAGE, "manifest", identifier=f"leverage-lab-chapter-{chapter}")
    about = ET.SubElement(root, "metadata")
    ET.SubElement(about, "schema").text = "QTIv2.1 Package"
    ET.SubElement(about, "schemaversion").text = "1.0.0"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    whole = resource(resources, "test", "imsqti_test_xmlv2p1", "test.xml")
    for path in files:
        identifier = path.removeprefix("items/").removesuffix(".xml")
        resource(resources, f"r-{identifier}", "imsqti_item_xmlv2p1", path)
        ET.SubElement(whole, "dependency", identifierref=f"r-{identifier}")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def resource(resources, identifier, type, href):
    found = ET.SubElement(resources, "resource", identifier=identifier, type=type, href=href)
    ET.SubElement(found, "file", href=href)
    return found


def opened(namespace, tag, **attributes):
    """The root of a file. Its parts have names without a prefix, in the root's own namespace."""
    schema = {"xmlns": namespace, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{namespace} {SCHEMAS[namespace]}"}
    return ET.Element(tag, {**schema, **attributes})
