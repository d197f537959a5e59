"""What Factur-X wants to read in a PDF's metadata, and typst does not write."""

import re
from functools import cache

NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
#: The properties: their values, and what the schema of extensions says of them.
PROPERTIES = (
    ("DocumentFileName", "factur-x.xml", "The name of the embedded XML document"),
    ("DocumentType", "INVOICE", "The type of the hybrid document in capital letters"),
    ("Version", "1.0", "The version of the standard of the embedded XML document"),
    ("ConformanceLevel", "EN 16931", "The conformance level of the embedded XML document"),
)
METADATA = re.compile(rb"\n(\d+) 0 obj\n<</Length \d+/Type/Metadata/Subtype/XML>>\nstream\n")
TRAILER = re.compile(rb"trailer\n<<(.*?)>>\nstartxref\n(\d+)\n%%EOF\s*\Z", re.DOTALL)


def with_factur_x(pdf: bytes) -> bytes:
    """The PDF with its metadata told anew in an update at its end, as ISO 32000 (7.5.6) has them:
    what stands before stays as it is. Raises ValueError for a PDF that typst did not write."""
    found, trailer = METADATA.search(pdf), TRAILER.search(pdf)
    if not found or not trailer:
        raise ValueError("This is not a PDF/A as typst writes it.")
    metadata = _extended(pdf[found.end() : pdf.index(b"\nendstream", found.end())])
    head = b"%b 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n"
    number, start = found[1], len(pdf.rstrip()) + 1
    return b"".join(
        (
            pdf.rstrip() + b"\n",
            update := head % (number, len(metadata)) + metadata + b"\nendstream\nendobj\n",
            b"xref\n%b 1\n%010d 00000 n \n" % (number, start),
            b"trailer\n<<%b/Prev %b>>\n" % (trailer[1], trailer[2]),
            b"startxref\n%d\n%%%%EOF\n" % (start + len(update)),
        )
    )


def _extended(metadata: bytes) -> bytes:
    """The XMP with the schema among those of the extensions, and the values at its end."""
    bag, end = b"<pdfaExtension:schemas><rdf:Bag>", b"</rdf:RDF>"
    if bag not in metadata or end not in metadata:
        raise ValueError("This is not the XMP that typst writes.")
    return metadata.replace(bag, bag + _schema(), 1).replace(end, _values() + end, 1)


@cache
def _schema() -> bytes:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description>"
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, _, description in PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    ).encode()


@cache
def _values() -> bytes:
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value, _ in PROPERTIES)
    return (
        f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">{values}</rdf:Description>'
    ).encode()
