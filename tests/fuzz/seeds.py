"""Inputs of our own to begin with, and the words that their formats are made of.

Whoever is named in them is made up, or a state; every address is on example.org.
"""

from __future__ import annotations

import gzip
import zlib

import brotli

from tests.web_pages import TALKS, html


def _words(*lines: str) -> tuple[bytes, ...]:
    return tuple(line.encode() for line in lines)


# --- feeds --------------------------------------------------------------------------

_ITEM = (
    "<item><title>Talks &amp; more</title><link>https://news.example.org/1?utm_source=rss</link>"
    "<guid isPermaLink='false'>tag:1</guid><pubDate>Fri, 20 Mar 2026 10:00:00 GMT</pubDate>"
    "<dc:creator>A. Writer</dc:creator><description><![CDATA[<p>Qatar met Iran.</p>]]></description>"
    "<content:encoded>&lt;p&gt;Qatar met Iran in Doha.&lt;/p&gt;</content:encoded>"
    "<media:content url='https://example.org/a.jpg'><media:title>A picture</media:title></media:content>"
    "<source url='https://example.org/feed'>Example</source><georss:point>25 51</georss:point></item>"
)
_RSS = (
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'"
    " xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    " xmlns:media='http://search.yahoo.com/mrss/' xmlns:georss='http://www.georss.org/georss'"
    " xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><title>Example News</title>"
    "<link>https://news.example.org</link><language>en-GB</language><ttl>60</ttl>"
    "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
    f"{_ITEM}{_ITEM}</channel></rss>"
)
_ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en' xml:base='https://example.org/'>"
    "<title type='html'>Example</title><link href='/' rel='alternate'/><updated>2026-03-20T10:00:00Z</updated>"
    "<entry><id>urn:1</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>One</div></title>"
    "<link href='/1'/><published>2026-03-20T10:00:00+03:00</published><updated>2026-03-21T10:00:00Z</updated>"
    "<author><name>A. Writer</name><email>a@example.org</email></author>"
    "<summary>Short.</summary><content type='html'>&lt;p&gt;Long.&lt;/p&gt;</content>"
    "<source><title>Example</title></source></entry></feed>"
)
_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Example</title></channel>'
    '<item rdf:about="https://news.example.org/1"><title>One</title><link>https://news.example.org/1</link>'
    "<dc:date>2026-03-20T10:00:00Z</dc:date></item></rdf:RDF>"
)
_CDF = (
    '<CHANNEL HREF="https://news.example.org/" LASTMOD="2026-03-20T10:00"><TITLE>Example</TITLE>'
    '<ITEM HREF="https://news.example.org/1" LASTMOD="2026-03-20T10:00"><TITLE>One</TITLE></ITEM></CHANNEL>'
)
_JSON_FEED = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "Example", "home_page_url": "https://example.org",'
    ' "language": "en", "items": [{"id": 1, "url": "/1", "title": "One", "content_html": "<p>First.</p>",'
    ' "summary": "Short.", "date_published": "2026-03-20T10:00:00Z", "authors": [{"name": "A. Writer"}]}]}'
)
FEEDS = (
    *_words(_RSS, _ATOM, _RDF, _CDF, _JSON_FEED),
    _RSS.replace("utf-8", "utf-16").encode("utf-16"),
    _RSS.replace("utf-8", "windows-1251").encode("windows-1251"),
)
FEED_WORDS = _words(
    "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>", "<link href='", "<guid>",
    "<pubDate>", "<content type='xhtml'>", "<content type='application/octet-stream' mode='base64'>",
    "<summary>", "<author>", "</author>", "<source>", "<image>", "<textinput>", "<media:content>",
    "<media:title>", "<georss:point>1 x</georss:point>", "<enclosure length='x' url='y'/>", "<category>",
    "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "&#99999999;", "&#xD800;", "&#;", "&#x110000;", "&amp;", "&lol;",
    "<!DOCTYPE x [<!ENTITY a 'bbbbbbbb'><!ENTITY c '&a;&a;&a;'>]>", "&c;",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "&e;", "xml:base='http://[::1'", "http://[x/",
    " encoding='utf-7'", " encoding='idna'", "<itunes:duration>", "<gml:pos>", "<cap:", "xmlns:x=''", "0000-00-00",
    "31 Feb", "<psc:chapter start='x'/>", "<media:rating/>", "<cc:license/>", "<feed", "</rss>",
)  # fmt: skip

# --- pages, pieces of HTML ------------------------------------------------------------

_LD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle",'
    '"headline":"Talks","datePublished":"2026-03-27T10:00:00Z","dateModified":"2026-03-27T12:00:00+03:00",'
    '"author":[{"@type":"Person","name":"A. Writer"}],"publisher":{"name":"Example News"},'
    '"isAccessibleForFree":"False"}]}</script>'
)
_HEAD = (
    '<meta property="og:title" content="Talks"><meta property="og:url" content="https://news.example.org/1">'
    '<meta name="author" content="A. Writer"><meta property="article:published_time" content="2026-03-27">'
    '<link rel="canonical" href="/2026/03/27/talks"><base href="https://news.example.org/">'
    '<link rel="alternate" type="application/rss+xml" title="RSS" href="/feed">'
)
PAGES = _words(
    html(*TALKS, head=_HEAD + _LD),
    html(*TALKS[:2], title="Just a moment..."),
    html(*TALKS[:1], head=_LD) + "<p>Subscribe to read on</p><p>We use cookies.</p>",
    "<html><body><time datetime='2026-03-27'>27 March</time><table><tr><td>a<ul><li>b</table></body>",
    "<p>One &amp; <b>two</b><br><br>three<script>x</script><svg><title>no</title></svg></p>",
)
HTML_WORDS = _words(
    "<p>", "</p>", "<div>", "</div>", "<article>", "<table>", "<tr>", "<td>", "</table>", "<ul><li>", "<script>",
    "</script>", "<style>", "<svg>", "<math>", "<template>", "<noscript>", "<iframe", "<meta charset=utf-16>",
    "<meta charset='x'>", "<base href='http://[x'>", "<base href='//'>", "<link rel=canonical href='", "<!--", "-->",
    "<![CDATA[", "]]>", "<?php", "&#0;", "&#xD800;", "&#x110000;", "&nbsp;", "&", '<script type="application/ld+json">',
    '{"@type":"NewsArticle"', '"headline":', '"datePublished":', "[[[[[[[[", "null", "<body>", "</body>", "</html>",
    "<time datetime='", "<h1>", "<a href='feed://x'>", "<blockquote>", "<pre>", "<frameset>", "<plaintext>", "<textarea>",
    "<form>", "<x:y z:w='1'>", "<select><option>", " xmlns='http://www.w3.org/1999/xhtml'", "<image>", "<img src='",
)  # fmt: skip


def _pdf(*lines: str) -> bytes:
    """A PDF of one page, written out by hand."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Title(Talks)/Author(A. Writer)/CreationDate(D:20260327)>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 7\n0000000000 65535 f \n" + table + end


PDF = _pdf("The delegation said on Monday that it would", "travel to the capital for the talks.")
PDF_WORDS = _words(
    "obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref", "%%EOF", "/Type", "/Page", "/Pages", "/Kids[3 0 R 3 0 R]",
    "/Kids[2 0 R]", "/Count 99999999", "/Parent 3 0 R", "/Length 999999999", "/Filter/FlateDecode", "/Filter[/ASCIIHexDecode/LZWDecode]",
    "/Encrypt 6 0 R", "/MediaBox[0 0 0 0]", "/MediaBox[0 0 1e30 1e30]", "<<", ">>", "[", "]", "(", ")", "<", ">", " 0 R", "Tj", "TJ", "Td", "T*", "BT",
    "ET", "/Title<FEFFD800>", "/Font", "/ToUnicode 4 0 R", "\\000", "<D800>", "/Prev 0",
)  # fmt: skip

# --- files ----------------------------------------------------------------------------

JSON = (
    b'{"id": "a-1", "url": "https://example.org/1", "title": "Talks", "date": "2026-03-27", "text": "Qatar met Iran.",'
    b' "publisher": "Example News", "source": {"id": null, "name": "AFP via Example"}, "sources": ["Wire", "Agency"]}'
)
JSON_LIST = b'{"status": "ok", "articles": [' + JSON + b", " + JSON.replace(b"a-1", b"a-2") + b"]}"
JSONL = JSON + b"\n" + JSON.replace(b"a-1", b"a-3") + b"\n"
JSON_WORDS = _words(
    "{", "}", "[", "]", ",", ":", '"', "\\u0000", "\\ud800", "\\udc00", '"text":', '"text": null', '"id":', '"date":', '"url":',
    '"sources": [[', '"source": {"name": 1}', '"articles":', "1e999", "-0", "Infinity", "9" * 5000, "[" * 2000, '{"a":' * 900,
    '"date": 0', '"date": "9999-12-31T23:59:59-23:59"', '"date": "0001-01-01T00:00+14:00"', '"title": {}', "true", "null", "\n",
)  # fmt: skip
MARKDOWN = (
    b"---\ntitle: Talks\ndate: 2026-03-27\npublisher: Example News\nurl: https://example.org/1\nid: 007\n"
    b"sources:\n  - Wire\n  - Agency\n---\n# A heading\n\nQatar met Iran.\n"
)
YAML_WORDS = _words(
    "---\n", "...\n", "&a ", "*a", "<<: *a", "!!python/object/apply:os.system ['true']", "!!binary ", "!!timestamp ", "? ", ": ",
    "- ", "|\n", ">\n", "{", "}", "[", "]", "'", '"', "#", "%YAML 9.9\n", "%TAG ! x\n", "\t", "title: ~\n", "date: [2026]\n",
    "sources: {a: b}\n", "&a [*a]", "&a [&b [&c [*a,*b,*c]]]", "- " * 40, "[" * 400, "0o7", "2026-13-45", "=",
)  # fmt: skip
TEXTS = (
    b"Qatar met Iran in Doha on Monday.\n\nIt said so.",
    "El ministro llegó a Doha. L’été, à Paris: “oui”.".encode("cp1252") * 3,
    "Министр прибыл в Доху в понедельник.".encode("koi8-r") * 4,
    "Qatar met Iran.".encode("utf-16"),
    "Qatar met Iran.".encode("utf-32"),
)
OPML = (
    b"<?xml version='1.0'?><opml version='2.0'><head><title>Feeds</title></head><body><outline text='World'>"
    b"<outline type='rss' text='Example' xmlUrl='https://news.example.org/feed' htmlUrl='https://news.example.org'/>"
    b"</outline><outline text='Loose' xmlUrl='feed://example.org/rss' category='/a,/b'/></body></opml>"
)
OPML_WORDS = _words(
    "<outline", "</outline>", " text='", " xmlUrl='", " xmlUrl='javascript:x'", " xmlUrl='http://[x'", " htmlUrl='//'", "/>",
    "<!-- -->", "<?x y?>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<!ENTITY", "&a;", "&#0;", "&#xD800;", "&#x1;", "<opml>", "<body>",
    " / ", "<outline text='a'>" * 300, "xmlns='urn:x'", " encoding='utf-16'", "<![CDATA[", "]]>",
)  # fmt: skip
CSV = (
    b"kind,id,type,name,iso3,acts_for,description,as_of,aliases,text,alias_kind,lang,merged_into,office,person,since,until,source\n"
    b"actor,person:a-writer,person,A. Writer,,state:QAT,a minister,2026-01-01,Writer|A W,,,,,,,,,\n"
    b"alias,state:QAT,,,,,,,,Qatarland,name,en,,,,,,\n"
    b"tenure,,,,,,,,,,,,,office:x,A. Writer,2025-01-01,2026-01-01,note\n"
    b"merged,person:b,,,,,,,,,,,person:a-writer,,,,,\n"
)
FTM = (
    b'{"id": "Q1", "schema": "Person", "properties": {"name": ["A. Writer"], "alias": ["Writer"], "country": ["qa"],'
    b' "position": ["minister"]}}\n'
    b'{"id": "Q2", "schema": "Position", "properties": {"name": ["Minister"], "country": "qa"}}\n'
    b'{"id": "Q3", "schema": "Occupancy", "properties": {"holder": ["Q1"], "post": ["Q2"], "startDate": ["2025-01"]}}\n'
)
CHARSETS = (
    b"utf-8\n" + "<p>café</p>".encode(),
    b"iso-8859-1\n<meta charset='koi8-r'><p>caf\xe9</p>",
    b"\n<?xml version='1.0' encoding='gb2312'?><p>\xc4\xe3\xba\xc3</p>",
    b"x\n\xff\xfe<\x00p\x00>\x00",
    b"idna\n" + "Доха".encode("cp1251") * 10,
)
PACKED = (
    b"gzip\n" + gzip.compress(b"Qatar met Iran. " * 40, mtime=0),
    b"deflate\n" + zlib.compress(b"Qatar met Iran. " * 40),
    b"br\n" + brotli.compress(b"Qatar met Iran. " * 40),
    b"gzip\n" + gzip.compress(b"0" * 200_000, mtime=0),
    b"br\n" + brotli.compress(b"0" * 200_000),
    b"gzip\n" + gzip.compress(b"", mtime=0) * 30,
    b"\nas it is",
)
ARTICLES = _words(
    "Qatar asks Hamas to leave\nDOHA (AFP) — Qatar’s Prime Minister met Iran’s foreign minister in Doha on Monday. "
    "“We will not accept it,” he said. The United States has sanctioned Russia, according to two officials.\n\n"
    "Israel struck a hospital in Khan Younis, killing 12. The Emir is to visit Tehran next month.\n\n"
    "Original Source: www.example.org",
    "Talks\n" + "\n\n".join(TALKS[:4]),
    "Hamas denies it\nHamas said it had not left Qatar; Turkey's president, Recep Tayyip Erdogan, said so on X.",
)
ARTICLE_WORDS = _words(
    "Qatar", "Iran’s", "the U.S.", "US", "Hamas", "Russia and Ukraine", " said ", " denied ", " met ", " attacked ", "according to ", "“", "”",
    "’s ", "Mr.", "Dr. ", "\n\n", " — ", " (AFP) ", "on Monday", "27 March 2026", "will ", "may have ", "not ", "by ", "who ", ", which ", "killed",
    "Original Source: ", "Prime Minister ", "the minister", "he ", "its ", "…", "?!", "; ", "first appeared on ",
)  # fmt: skip

# --- links ----------------------------------------------------------------------------

LINKS = _words(
    "https://news.example.org/2026/03/27/talks?utm_source=x&id=1#top", "http://user:pass@example.org:8080/a b",
    "https://www.google.com/url?q=https://example.org/1&sa=D", "https://m.example.co.uk/amp/", "//example.org/x", "/relative?x=1",
    "https://news.google.com/rss/articles/CBMiH2h0dHBzOi8vZXhhbXBsZS5vcmcvMS90YWxrc9IBAA?oc=5", "https://[2001:db8::1]:443/x",
    "https://r.search.yahoo.com/_ylt=x/RU=https%3a%2f%2fexample.org%2f1/RK=2", "http://2130706433/", "http://0x7f.1/", "HTTPS://ÉXAMPLE.org/ü",
    "https://example-org.cdn.ampproject.org/c/s/example.org/1.amp.html", "http://127.0.0.1/", "https://xn--e1afmkfd.example.org./%41%zz",
    "https://out.reddit.com/?url=https://l.facebook.com/l.php?u=https://example.org/1", "mailto:a@example.org", "::ffff:10.0.0.1",
)  # fmt: skip
LINK_WORDS = _words(
    "http://", "https://", "HTTP:", "javascript:", "file:///", "@", ":", ":99999", ":x", ":0", "[", "]", "[::1]", "[v1.x]", "%", "%00", "%zz", "%2e%2e", "..",
    "xn--", "xn--a", "\u3002", "．", "①", "ⓔ", "127.0.0.1", "0177.1", "localhost", ".", "/url?q=", "?url=", "&amp=1", "amp.", "m.", "www.", "/amp", "#!/",
    "\\", "\t", "\n", "\u00ad", "ß", "a" * 300, "::ffff:", "%25eth0", "*", "_", "~",
)  # fmt: skip
HEADERS = _words(
    "Content-Type: text/html; charset=utf-8\nCache-Control: public, max-age=600\nRetry-After: 120\nContent-Encoding: gzip",
    'Content-Type: text/plain; charset="iso-8859-1"; boundary=x\nExpires: Fri, 27 Mar 2026 10:00:00 GMT\nDate: Fri, 27 Mar 2026 09:00:00 GMT',
    "Content-Type: text/plain; charset*=us-ascii'en'%75tf-8; charset*0*=a''b\nRetry-After: Fri, 27 Mar 2026 10:00:00 GMT",
    "Expires: 0\nCache-Control: no-store\nContent-Type: application/rss+xml\nLink: <https://example.org/hub>; rel=hub",
)
HEADER_WORDS = _words(
    "Content-Type: ", "charset=", "charset*=", "charset*0=", "charset*1*=", "''", "%00", "%ff", '"', ";", "text/plain", "text/", "/", "utf-7", "idna", "punycode",
    "unicode_escape", "hex", "rot13", "undefined", "max-age=", "max-age=99999999999999", "s-maxage=-1", "no-cache", "Expires: ", "Date: ", "Retry-After: ", "٣٤",
    "9999", "-1", "Fri, 31 Feb 9999 25:61:61 +9999", "1 Jan 0000 00:00", "GMT", "+2360", "(", ")", "\\", "=?utf-8?q?x?=",
)  # fmt: skip
ROBOTS = _words(
    "User-agent: *\nDisallow: /private/\nAllow: /2026/*/talks$\nCrawl-delay: 2.5\nSitemap: https://example.org/s.xml\n",
    "User-Agent: Dragoman\nDisallow: /\nRequest-rate: 1/5s 0900-1700\nVisit-time: 0600-0845\nHost: example.org\n",
)
ROBOTS_WORDS = _words(
    "User-agent: *\n", "User-agent: dragoman\n", "Disallow: ", "Allow: ", "Crawl-delay: ", "Crawl-delay: inf\n", "Crawl-delay: nan\n", "Crawl-delay: -1\n",
    "Crawl-delay: 1e400\n", "Request-rate: ", "0/0", "1/5s", "9999-9999", "Visit-time: ", "*", "$", "*" * 60 + "$", "%zz", "%", "#", "\r", "/*/*/*/*x", "//[", "http://[",
)  # fmt: skip
DATES = _words(
    "2026-03-27", "2026-03-27T10:00:00Z", "2026-03-27T10:00:00.123+03:00", "20260327T100000", "2026-W13-5", "2026", "2026-03", "27/03/2026",
    "Fri, 27 Mar 2026 10:00:00 GMT", "27 Mar 2026 10:00 EST", "2026-03-27 10:00 UTC", "March 27, 2026", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
)  # fmt: skip
DATE_WORDS = _words(
    "T", "Z", "+", "-", ":", "/", "W", " GMT", "+99:99", "-23:59", "+24:00", ".999999999", "0000", "9999", "00", "31", "Feb", "Mon, ", "24:00", "60", "²", "٣", "AD", "+9999999999",
)  # fmt: skip

# --- what people type -------------------------------------------------------------------

QUESTIONS = _words(
    "Quatar", "iran russia", "who moved to Turkey?", "when will the Emir visit Tehran?", "hamas leaving doha since Monday", "Qatar since March 2026 public",
    "anyone else reporting that Hamas left Qatar?", "who else reports https://example.org/1?", "what is new since last week", "why did Iran attack Israel",
    '"red sea" attacks type:assault from:Example', "How often did Israel strike Gaza between 3 May and June 2025?", "compare Iran and Israel", "Korea", "what do you read?",
    "что сказал Путин", "أمير قطر", "brief on the pm of israel before the war", "is it true that Hamas denied leaving?", "not Iran, planned only",
)  # fmt: skip
FOLLOW_UPS = _words(
    "who moved to Turkey?\nand Iran?", "Qatar\nsince May", "Hamas Qatar\nwhat about last year", "who attacked Israel?\nwhen?", "Iran\nand with Russia?",
)  # fmt: skip
WATCHES = _words(
    "add Qatar", "add Qatar Iran from 3 sources", "add type:assault in the digest", "add “red sea” for me", "mute Qatar 8h", "mute #1 for two days", "remove #3 #1",
    "pause", "resume #2", "list", "ad Iran sanctions here", "Qatar only in the digest for everybody", "unfollow all",
)  # fmt: skip
DIGESTS = _words(
    "daily at 8:00", "weekdays 8:30 for me", "weekly on Monday at 9", "twice a day at 8:00 and 18:00", "set daily at noon", "preview", "22:00 to 7:00", "every tuesday 6 pm",
    "Qatar, Iran, Hamas", "pause for me", "at midnight", "list",
)  # fmt: skip
ZONES = _words(
    "Asia/Qatar",
    "new york",
    "Europe/Berlin",
    "UTC",
    "berlni",
    "GMT+3",
    "America/Argentina/Buenos_Aires",
)
PERIODS = _words(
    "since Monday", "last week", "between 3 May and 5 June 2025", "in Q3 2024", "the past 18 months", "2024-02-30", "from March to April 2026", "yesterday", "3 days ago",
    "Ramadan 2025", "since the second week of May", "over the last two and a half years", "5/6/2024", "31.12.2025", "the 1990s", "before Christmas", "until 2030-01-01",
    "99999 days ago", "next Friday", "trust Example News as any other", "please distrust https://example.org", "<https://example.org/a|b> and https://example.org/c",
)  # fmt: skip
TYPED_WORDS = _words(
    "Qatar", "Iran", "Hamas", "the Emir", "who ", "when ", "why ", "how often ", "since ", "between ", " and ", " or ", "not ", "last ", "next ", "week", "month", "year", "years ago",
    "Monday", "May", "31 February", "2024-13-45", "0000", "9999", "99999999999", "1/1/1", "Q5 ", "type:", "type:x", "from:", '"', "“", "”", "?", "?" * 50, "/", "#1", "#", "-1h", "0h", "9999h",
    "an hour", "for me", "in the digest", "from 0 sources", "25:00", "12 am", "13 pm", "noon", "<@U1>", "<#C1|x>", "<!channel>", "<https://example.org|x>", "&lt;", "&amp;amp;", "*", "_", "`", "```",
    "\n", "   ", "İ", "ß", "Ǆ", "ﬁ", "①", "قطر", "Катар", "卡塔尔", "e\u0301", "\u200b", "\u202e", "a" * 200, "the " * 60, "Qatar " * 40,
)  # fmt: skip
