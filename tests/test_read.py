from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import ReadError
from assistant.read import normalise, read, why_skipped
from assistant.types import Document


@pytest.fixture
def document(tmp_path: Path):
    def write(name: str, content: str | bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, name)

    return write


def error_of(call, *args: object) -> ReadError:
    with pytest.raises(ReadError) as caught:
        call(*args)
    assert caught.value.hint
    return caught.value


# ---------------------------------------------------------------- which files


@pytest.mark.parametrize(
    "name", ["a.md", "b/c.markdown", "d.TXT", "e.html", "f.htm", "g.Pdf", "sub/README.md"]
)
def test_documents_are_not_skipped(name: str) -> None:
    assert why_skipped(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x.docx", "format .docx is not supported yet"),
        (".hidden.md", "hidden"),
        ("sub/.git/config.md", "hidden"),
        ("~$report.md", "temporary"),
        (".~lock.a.pdf#", "hidden"),
        ("README.md", "README.md describes"),
        ("sources.jsonl", "list of sources"),
        ("LICENSE", "without a suffix"),
    ],
)
def test_other_files_are_skipped_with_a_reason(name: str, reason: str) -> None:
    assert reason in (why_skipped(name) or "")


# ---------------------------------------------------------------- normalisation


@settings(deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_normal_text_has_one_form(text: str) -> None:
    once = normalise(text)
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert "\n\n\n" not in once
    assert " \n" not in once
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in once if c != "\n")


def test_invisible_characters_go_and_figures_stay() -> None:
    text = "Re\u00advenue\u200b of 1\u202f234\u00a0m²\u202e, e\u0301 ﬁne\U000e0041\ufeff ½\x07"
    assert normalise(text) == "Revenue of 1 234 m², é fine ½"


# ---------------------------------------------------------------- text files


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Umsatz: 5 Mio. €"),
        ("utf-8-sig", "Umsatz: 5 Mio. €"),
        ("utf-16", "Umsatz: 5 Mio. €"),
        ("cp1252", "Der Umsatz stieg auf 5 Mio. € im Jahr – trotz “Krise” und höherer Kosten."),
        ("gb18030", "小米集团宣布未来五年投入两千亿元人民币用于研发。"),
        ("shift_jis", "トヨタ自動車の売上高は前年比で増加しました。"),
    ],
)
def test_encodings_are_recognised(document, encoding: str, text: str) -> None:
    assert document("a.txt", text.encode(encoding)).text == text


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a.pdf"])
@pytest.mark.parametrize("content", [b"", b" \n\t\n"])
def test_an_empty_file_is_said_to_be_empty(document, name: str, content: bytes) -> None:
    assert f"{name} is empty" in error_of(document, name, content).message


def test_a_binary_file_named_md_is_refused(document) -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))
    assert "is not text" in error_of(document, "a.md", png).message


def test_a_file_that_is_gone_is_a_read_error(tmp_path: Path) -> None:
    assert "cannot be opened" in error_of(read, tmp_path / "no.md", "no.md").message


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.pdf"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024 + 1)
    assert "larger than 100 MB" in error_of(read, path, "big.pdf").message


def test_the_source_carries_the_hash_of_the_bytes(document) -> None:
    data = b"---\ntitle: T\n---\nText\r\n"
    assert document("a.md", data).source.sha256 == hashlib.sha256(data).hexdigest()


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                "--- \n \n\n | # - * <!-- --> <div <p> </p> <table> <tr> <td> <td/colspan=3> ``` "
                "a: 1 $ 2022 1,234 ) <ul> <li> <script> === é \u202e".split(" ")
            ),
            max_size=40,
        ).map(lambda parts: "".join(parts).encode()),
    ),
    st.sampled_from([".md", ".txt", ".html", ".pdf"]),
)
def test_any_bytes_give_a_document_or_a_read_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    try:
        found = read(path, path.name)
    except ReadError:
        return
    assert found.text == normalise(found.text) != ""
    assert found.source.title


# ---------------------------------------------------------------- Markdown


def test_front_matter_gives_the_facts_and_is_not_text(document) -> None:
    front = "---\ntitle: 'A: b'\nkind: news\nas_of: 2026-01-31\nurl: https://x.org/a\n---\n"
    found = document("a.md", front + "# H\n\nBody")
    assert found.text == "# H\n\nBody"
    assert (found.source.title, found.source.kind) == ("A: b", "news")
    assert (found.source.as_of, found.source.url) == (date(2026, 1, 31), "https://x.org/a")


def test_bad_front_matter_names_the_line(document) -> None:
    assert "line 3" in error_of(document, "a.md", "---\ntitle: x\nkind: a: b\n---\nBody").message


@pytest.mark.parametrize("value", ["soon", "2025-02-30", "[1]"])
def test_a_wrong_date_is_an_error_not_a_missing_date(document, value: str) -> None:
    assert "YYYY-MM-DD" in error_of(document, "a.md", f"---\nas_of: {value}\n---\nBody").hint


def test_rules_around_text_are_not_front_matter(document) -> None:
    assert document("a.md", "---\nJust text.\n---\nMore").text.startswith("---\nJust text.")


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- SECRET -->",
        "<!--\n\nSECRET\n\n-->",
        "<script>SECRET</script>",
        "<style>\nSECRET\n</style>",
        '<div style="display:none">\n\n<div>x</div>SECRET\n\n</div>',
        "<p hidden>SECRET</p>",
        "<span style='font-size:0px'>SECRET</span>",
    ],
)
def test_hidden_markdown_is_not_text(document, hidden: str) -> None:
    text = document("a.md", f"# T\n\nBefore.\n\n{hidden}\n\nAfter *all*.").text
    assert text == "# T\n\nBefore.\n\nAfter *all*."


def test_code_keeps_what_looks_like_markup(document) -> None:
    body = "```html\n<!-- kept -->\n* kept\n```"
    assert body in document("a.md", f"# T\n\n{body}\n\nEnd").text


def test_markdown_gets_the_one_shape(document) -> None:
    text = document(
        "a.md", "Top\n===\n\nSub\n---\n\n* one\n+ two\n\na | b\n--- | ---\n1 | 2\n"
    ).text
    assert text == "# Top\n\n## Sub\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_renaming_changes_neither_text_nor_title(document) -> None:
    one, two = (
        document("a.md", "# Real **title**\n\nx"),
        document("other.txt", "# Real **title**\n\nx"),
    )
    assert (one.text, one.source.title) == (two.text, two.source.title)
    assert one.source.title == "Real title"


def test_without_heading_the_first_line_is_the_title_cut_short(document) -> None:
    title = document("a.txt", "word " * 40).source.title
    assert title.startswith("word word")
    assert len(title) <= 80


# ---------------------------------------------------------------- HTML


def test_html_keeps_words_whole_and_blocks_apart(document) -> None:
    html = "<p>Reve<b>nu</b>e&nbsp;5%<br>again</p><ul><li>a<ul><li>b</li></ul></li></ul><h2>H</h2>"
    assert document("a.html", html).text == "Revenue 5%\nagain\n\n- a\n  - b\n\n## H"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>SECRET</script>",
        "<template>SECRET</template>",
        "<p hidden>SECRET</p>",
        "<p aria-hidden=true>SECRET</p>",
        "<p style='DISPLAY : none'>SECRET</p>",
        "<p style='visibility:hidden'>SECRET</p>",
        "<p style='font-size:0'>SECRET</p>",
        "<p style='opacity: 0.0'>SECRET</p>",
        "<p style='color:#FFF'>SECRET</p>",
        "<p style='position:absolute;left:-9999px'>SECRET</p>",
        "<style>.q{display:none}</style><p class='q r'>SECRET</p>",
        "<!-- SECRET -->",
        "<nav><a href=x>SECRET</a></nav>",
        "<footer>© 2025 SECRET</footer>",
    ],
)
def test_what_nobody_sees_of_a_page_is_not_text(document, hidden: str) -> None:
    assert document("a.html", f"<body><p>Seen.</p>{hidden}<p>Too.</p>").text == "Seen.\n\nToo."


@pytest.mark.parametrize(
    "shown",
    [
        "<div style='background:#003'><p style='color:#fff'>SHOWN</p></div>",
        "<p style='opacity:0.9;font-size:10px'>SHOWN</p>",
        "<footer><p>SHOWN in a long note on how the figures were made.</p></footer>",
    ],
)
def test_what_is_seen_stays(document, shown: str) -> None:
    assert "SHOWN" in document("a.html", f"<body><p>Seen.</p>{shown}").text


def test_html_table_has_spans_expanded_and_signs_joined(document) -> None:
    html = """<table><caption>In millions</caption>
    <tr><td></td><td colspan=4>Years ended December 31,</td></tr>
    <tr><td></td><td colspan=2>2025</td><td colspan=2>2024</td></tr>
    <tr><td>Revenue</td><td>$</td><td>1,234</td><td>$</td><td>999</td></tr>
    <tr><td>Loss|x</td><td></td><td>(5</td><td>)</td><td>—</td></tr></table>"""
    assert document("a.html", html).text == (
        "In millions\n\n"
        "|  | Years ended December 31, 2025 | Years ended December 31, 2024 |\n"
        "| --- | --- | --- |\n| Revenue | $1,234 | $999 |\n| Loss\\|x | (5) | — |"
    )


def test_html_rowspan_repeats_the_cell(document) -> None:
    html = (
        "<table><tr><th>R</th><th>Q</th><th>S</th></tr><tr><td rowspan=2>EU</td><td>Q1</td>"
        "<td>1</td></tr><tr><td>Q2</td><td>2</td></tr></table>"
    )
    assert document("a.html", html).text.splitlines()[2:] == ["| EU | Q1 | 1 |", "| EU | Q2 | 2 |"]


def test_a_raised_note_does_not_lengthen_a_figure(document) -> None:
    assert "258671" not in document("a.html", "<p>25867<sup>1</sup> cars</p>").text


def test_html_facts_come_from_the_head(document) -> None:
    head = (
        "<title>Q3</title><meta property='article:published_time' content='2025-11-02T10:00Z'>"
        "<link rel=canonical href='https://x.org/a'>"
    )
    source = document("a.html", f"<head>{head}</head><body><p>Text</p>").source
    assert (source.title, source.as_of, source.url) == ("Q3", date(2025, 11, 2), "https://x.org/a")


def test_deep_nesting_is_read(document) -> None:
    html = "<div><span>" * 5000 + "deep" + "</span></div>" * 5000
    assert document("a.html", html).text == "deep"


def test_html_in_a_declared_encoding_is_read(document) -> None:
    html = "<meta charset=gb2312><p>小米</p>".encode("gb18030")
    assert document("a.html", html).text == "小米"


def test_long_and_deep_files_are_read_in_little_time(document) -> None:
    assert len(document("a.html", "<ul><li>x" * 1000).text) < 100_000
    assert document("b.md", "[" * 20000).source.title.startswith("[[")


# ---------------------------------------------------------------- PDF


def pdf_of(tmp_path: Path, pages: list, **options: object) -> bytes:
    path = tmp_path / "made.pdf"
    canvas = Canvas(str(path), pagesize=letter, **options)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


def lines(*texts: str, top: float = 700, step: float = 12):
    def draw(canvas: Canvas) -> None:
        for i, text in enumerate(texts):
            canvas.drawString(72, top - i * step, text)

    return draw


def statement(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "(Dollars in millions)")
    canvas.drawCentredString(430, 686, "Years ended December 31,")
    for x, year in ((360, "2022"), (430, "2021"), (500, "2020")):
        canvas.drawRightString(x, 672, year)
    rows = [
        ("Revenues:", []),
        ("Commercial Airplanes", ["$25,867", "$19,493", "$16,162"]),
        ("Boeing Capital", ["199", "—", "261"]),
        ("Unallocated items, eliminations", []),
        ("and other", ["(231)", "(347)", "(65)"]),
    ]
    for i, (label, figures) in enumerate(rows):
        y = 658 - 14 * i
        canvas.drawString(72, y, label)
        for x, figure in zip((360, 430, 500), figures, strict=False):
            if figure.startswith("$"):
                canvas.drawString(x - 50, y, "$")
                figure = figure[1:]
            canvas.drawRightString(x, y, figure)


def test_pdf_table_rows_carry_label_and_column_names(document, tmp_path: Path) -> None:
    text = document("a.pdf", pdf_of(tmp_path, [statement])).text
    assert text == (
        "(Dollars in millions)\n\n"
        "|  | Years ended December 31, 2022 | Years ended December 31, 2021 "
        "| Years ended December 31, 2020 |\n| --- | --- | --- | --- |\n"
        "| Revenues: |  |  |  |\n"
        "| Commercial Airplanes | $25,867 | $19,493 | $16,162 |\n"
        "| Boeing Capital | 199 | — | 261 |\n"
        "| Unallocated items, eliminations and other | (231) | (347) | (65) |"
    )


def test_pdf_lines_become_paragraphs(document, tmp_path: Path) -> None:
    page = lines(
        "The first line of this paragraph runs to the far right end of the page and is contin-",
        "ued on the second line, which ends here.",
        "",
        "A second paragraph stands after a blank line.",
    )
    assert document("a.pdf", pdf_of(tmp_path, [page])).text == (
        "The first line of this paragraph runs to the far right end of the page and is continued "
        "on the second line, which ends here.\n\nA second paragraph stands after a blank line."
    )


def test_pdf_pages_tile_the_text_and_count_from_one(document, tmp_path: Path) -> None:
    pages = [lines("Alpha text."), lambda canvas: None, lines("Gamma text.")]
    found = document("a.pdf", pdf_of(tmp_path, pages))
    assert [page.number for page in found.pages] == [1, 2, 3]
    assert [page.span.of(found.text) for page in found.pages] == ["Alpha text.", "", "Gamma text."]
    assert found.page_at(found.text.index("Gamma")) == 3


def test_running_heads_and_page_numbers_go(document, tmp_path: Path) -> None:
    def page(number: int):
        def draw(canvas: Canvas) -> None:
            canvas.drawString(72, 760, "Acme Annual Report")
            lines(f"Body of page number {number} alone.")(canvas)
            canvas.drawCentredString(306, 30, str(number))

        return draw

    text = document("a.pdf", pdf_of(tmp_path, [page(n) for n in range(1, 5)])).text
    assert "Acme" not in text
    assert text.split("\n\n") == [f"Body of page number {n} alone." for n in range(1, 5)]


def test_pages_that_differ_in_a_number_alone_are_kept(document, tmp_path: Path) -> None:
    pages = [lines(f"Deliveries in Q{n} were {n}00 cars.") for n in range(1, 5)]
    text = document("a.pdf", pdf_of(tmp_path, pages)).text
    assert text.count("Deliveries") == 4


def test_two_columns_of_prose_are_read_one_after_the_other(document, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(30):
            canvas.drawString(
                60, 700 - 12 * i, f"left{i:02} column holds quite a few words of text"
            )
            canvas.drawString(320, 700 - 12 * i, f"right{i:02} column holds quite a few words too")

    text = document("a.pdf", pdf_of(tmp_path, [draw])).text
    assert text.index("left29") < text.index("right00")


def test_pdf_raised_note_does_not_lengthen_a_figure(document, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Deliveries were 25867")
        end = 72 + canvas.stringWidth("Deliveries were 25867", "Helvetica", 10)
        canvas.setFont("Helvetica", 6)
        canvas.drawString(end, 704, "1")

    assert document("a.pdf", pdf_of(tmp_path, [draw])).text == "Deliveries were 25867^1"


@pytest.mark.parametrize(
    ("title", "kept"),
    [("Annual report 2025 of Acme", True), ("Microsoft Word - x.doc", False), ("untitled", False)],
)
def test_a_senseless_pdf_title_gives_way(document, tmp_path: Path, title: str, kept: bool) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle(title)
        lines("First line of the page")(canvas)

    found = document("a.pdf", pdf_of(tmp_path, [draw]))
    assert found.source.title == (title if kept else "First line of the page")


def test_an_encrypted_pdf_is_said_to_be_encrypted(document, tmp_path: Path) -> None:
    data = pdf_of(tmp_path, [lines("x")], encrypt="secret")
    assert "is encrypted" in error_of(document, "a.pdf", data).message


def test_a_scan_is_said_to_have_no_text_layer(document, tmp_path: Path) -> None:
    error = error_of(document, "a.pdf", pdf_of(tmp_path, [lambda c: c.rect(72, 72, 99, 99)]))
    assert "no text layer" in error.message
    assert "OCR" in error.hint


@pytest.mark.parametrize("content", [b"%PDF-1.7 garbage", b"not a pdf", b"\x00" * 2000])
def test_a_damaged_pdf_is_a_read_error(document, content: bytes) -> None:
    assert "is not a readable PDF" in error_of(document, "a.pdf", content).message


def test_a_pdf_turned_on_its_side_reads_alike(document, tmp_path: Path) -> None:
    def turned(canvas: Canvas) -> None:
        canvas.translate(612, 0)
        canvas.rotate(90)
        lines("First line of text.", "", "Second paragraph.", top=500)(canvas)

    text = document("a.pdf", pdf_of(tmp_path, [turned])).text
    assert text == "First line of text.\n\nSecond paragraph."
