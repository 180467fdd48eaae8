"""What a document says of itself: title, date, author, organisation. Nothing is invented.

Each is taken from the first of these that says it, in the order in which they are trusted:

    date            markup (published_time, PubDate, JSON-LD, <time>) · a byline at the head · the
                    file's name · a date line at the end · the file's properties · its address ·
                    the folders it lies in · a day without its year at the head, with the year from
                    the path, the address or the nearest one in the text
    organisation    markup that names a source (ContentSource) · a byline (来源, 供稿, 发布机构) · a
                    signature at the end · the publisher or site that the markup names · an
                    author that is no person · an office file's company

Never the file's own time stamp, and never a day that was not said: 2020年5月 is no date. What a
user says of a file beside it comes before all of this: see `indexer.files.sidecars`.
"""

from indexer.files.metadata.bylines import find_author, find_organisation, is_organisation
from indexer.files.metadata.dates import date_from_name, find_date, parse_date
from indexer.files.metadata.titles import find_title, title_from_name, title_line

__all__ = [
    "date_from_name",
    "find_author",
    "find_date",
    "find_organisation",
    "find_title",
    "is_organisation",
    "parse_date",
    "title_from_name",
    "title_line",
]
