"""The page as a file: data that cannot leave its block, a policy that names the one script, nothing from elsewhere."""

import base64
import hashlib
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from coderefine import resources
from coderefine.report.collect import Report
from coderefine.report.render import SCRIPTS, as_json, render

NASTY = ("</script>", "<!--", "]]>", "\u2028", "\ud800", "&lt;", "'\"`\\")


@given(st.recursive(st.none() | st.text() | st.sampled_from(NASTY) | st.integers(), st.lists, max_leaves=8))
def test_data_is_read_back_as_it_was_and_ends_no_element(data):
    text = as_json(data)
    assert json.loads(text) == data
    assert text.isascii()
    assert not set(text) & set("<>&")


def page(head=None, details=()):
    return "".join(render(Report(head or {}, iter(details))))


def test_data_that_looks_like_a_part_of_the_template_is_data():
    text = page({"a": "$data $style \0 ${script}"}, [{"b": "$policy"}])
    assert json.loads(re.search('id="report">(.*)</script>', text)[1]) == {"a": "$data $style \0 ${script}"}
    assert json.loads(re.search('id="details-0">(.*)</script>', text)[1]) == {"b": "$policy"}


def test_the_policy_allows_the_one_script_and_the_one_style_and_nothing_else():
    text = page()
    policy = re.search('Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy


def test_nothing_comes_from_elsewhere():
    parts = [resources.page(name) for name in ("page.html", "page.css", *SCRIPTS)]
    assert set(re.findall(r"https?://[^\"' ]+", "".join(parts))) == {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"@import|url\(|\bsrc=|\bimport\b", "".join(parts))


def test_the_script_never_makes_markup_of_data():
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|setHTML"
    assert not re.findall(banned, "".join(map(resources.page, SCRIPTS)))
