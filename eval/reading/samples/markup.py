"""The document as text and markup (.txt .md .html .mhtml .epub .csv .tsv .json .jsonl) or a zip."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from eval.reading.samples.document import Sample

_NUMBER = re.compile(r"(\d+)\. ")
_STYLE = (
    "body{font:11pt/1.7 serif;text-align:justify}h1{font-size:18pt;text-align:center}"
    "h2{font-size:13pt}table{border-collapse:collapse}td,th{border:1px solid;padding:3px 8px}"
)


def bare(item: str) -> str:
    """An item of a list without its number."""
    return _NUMBER.sub("", item, count=1)


def txt(sample: Sample) -> bytes:
    """Paragraph by paragraph; a table's cells are parted by tabulators."""
    lines = [sample.title, sample.byline, ""]
    for section in sample.sections:
        lines += [section.heading, *section.paragraphs, *section.items]
        lines += ["\t".join(row) for row in section.table]
    return "\n".join(lines).encode()


def markdown(sample: Sample) -> bytes:
    blocks = [f"# {sample.title}", sample.byline]
    for section in sample.sections:
        blocks += [f"## {section.heading}", *section.paragraphs]
        blocks += ["\n".join(section.items)] * bool(section.items)
        if section.table:
            head, *rows = ("| " + " | ".join(row) + " |" for row in section.table)
            blocks.append("\n".join((head, "|---" * len(section.table[0]) + "|", *rows)))
    return "\n\n".join(blocks).encode()


def html_text(sample: Sample) -> str:
    parts = [f"<h1>{escape(sample.title)}</h1>", f"<p>{escape(sample.byline)}</p>"]
    for section in sample.sections:
        parts.append(f"<h2>{escape(section.heading)}</h2>")
        parts += [f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs]
        if section.items:
            items = "".join(f"<li>{escape(bare(item))}</li>" for item in section.items)
            parts.append(f"<ol>{items}</ol>")
        if section.table:
            parts.append(f"<table>{_rows(section.table)}</table>")
    head = f'<meta charset="utf-8"><title>{escape(sample.title)}</title><style>{_STYLE}</style>'
    return f"<!doctype html><html><head>{head}</head><body>{''.join(parts)}</body></html>"


def _rows(table: tuple[tuple[str, ...], ...]) -> str:
    rows = []
    for number, row in enumerate(table):
        tag = "td" if number else "th"
        rows.append("".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row))
    return "".join(f"<tr>{row}</tr>" for row in rows)


def html(sample: Sample) -> bytes:
    return html_text(sample).encode()


def mhtml(sample: Sample) -> bytes:
    """As browsers save a page: one part with its own address."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = sample.title
    message["MIME-Version"] = "1.0"
    message.add_related(html_text(sample), subtype="html", charset="utf-8")
    for part in message.iter_parts():
        part.add_header("Content-Location", "https://example.org/report.html")
    message.set_param("type", "text/html")
    return message.as_bytes()


def epub(sample: Sample) -> bytes:
    """A book of one chapter."""
    body = html_text(sample).replace("<!doctype html><html>", "", 1).replace("</html>", "")
    body = body.replace('<meta charset="utf-8">', "")
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml">{body}</html>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(sample.title)}</dc:title>'
        f"<dc:date>{sample.date}</dc:date></metadata>"
        '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="content.opf"/></rootfiles></container>'
    )
    return packed(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "content.opf": package.encode(),
            "a.xhtml": chapter.encode(),
        }
    )


def delimited(sample: Sample, delimiter: str) -> bytes:
    """The table alone."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(sample.table)
    return written.getvalue().encode()


def _records(sample: Sample) -> list[dict[str, object]]:
    records: list[dict[str, object]] = []
    for section in sample.sections:
        text = "\n".join((*section.paragraphs, *section.items))
        records.append({"标题": section.heading, "正文": text})
    return records


def json_array(sample: Sample) -> bytes:
    """Records that each hold a section's text."""
    return json.dumps(_records(sample), ensure_ascii=False, indent=1).encode()


def json_lines(sample: Sample) -> bytes:
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in _records(sample)).encode()


def json_rows(sample: Sample) -> bytes:
    """The table as records."""
    head, *rows = sample.table
    found = [dict(zip(head, row, strict=True)) for row in rows]
    return json.dumps(found, ensure_ascii=False).encode()


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip of these."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return written.getvalue()
