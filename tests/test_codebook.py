from pathlib import Path

from contactline import schema
from contactline.publish import codebook

PAGE = Path(__file__).parent.parent / "docs" / "codebook.md"


def test_the_committed_page_is_not_stale():
    assert PAGE.read_text(encoding="utf-8") == codebook.markdown(), "run `contactline codebook`"


def test_the_page_names_every_table_column_and_code():
    page = codebook.markdown()
    for table in schema.tables().values():
        assert f"## {table.name}\n" in page
        for field in table.fields:
            assert f"| `{field.name}` | {field.type} |" in page
            for code in schema.codes(field.codes) if field.codes else ():
                assert f"| `{code}` |" in page
