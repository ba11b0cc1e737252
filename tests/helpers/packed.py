"""What a page holds, as plain text: its data are deflated and packed in base64 (host/report/packing.py)."""

import base64
import re
import zlib

#: the contents of the page's packed elements; the evidence has one piece a line
ELEMENT = re.compile(r'<script type="text/plain" id="(data|answers-data|findings-data|evidence)"[^>]*>([^<]*)</script>')


def text(page):
    """The JSON of each packed piece of a page's source, one a line."""
    pieces = [piece for _, element in ELEMENT.findall(page) for piece in element.split()]
    assert pieces, "the page holds no packed data"
    return "\n".join(zlib.decompress(base64.b64decode(piece)).decode("utf-8") for piece in pieces)
