"""Images as parts of a prompt: what is sent, what is recorded, what is refused."""

from __future__ import annotations

import base64

import pytest

from coderefine.autograd.calls import ModelCall
from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Meter
from coderefine.descent.field_loss import FieldLoss
from coderefine.descent.models import open_model
from coderefine.errors import UsageError
from coderefine.models.image import ImagePart
from coderefine.models.model import Prompt
from coderefine.record.models import Identity
from tests.scripted_server import serve

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_answer_critic_and_loss_are_sent_the_image():
    image, question = ImagePart(PNG), Variable("What is it?", role="question", requires_grad=True)
    with serve(["A dog.", "Ask for the colour.", "It is a cat."]) as server:
        model = open_model("openai/scripted", api_base=server.url, meter=Meter())
        answer = ModelCall(model)(question, images=[image])
        answer.add_gradient(Gradient("Say the colour."))
        answer.backward()
        said = FieldLoss(model, "Is it right?", ["question", "answer"])(
            {"question": question, "answer": answer}, [image]
        )
    contents = [request.body["messages"][-1]["content"] for request in server.requests]
    assert [parts[1]["image_url"]["url"] for parts in contents] == [image.url] * 3
    assert base64.b64decode(image.url.partition(",")[2]) == PNG
    assert (question.gradients[0].text, said.value) == ("Ask for the colour.", "It is a cat.")


def test_a_record_tells_images_apart_and_prompts_without_any_as_before():
    identity = Identity("openai/scripted", None, {})
    without, one, other = (Prompt("s", "u", images=it) for it in ((), (ImagePart(PNG),), (ImagePart(PNG + b"x"),)))
    assert len({identity.key(it) for it in (without, one, other)}) == 3
    assert one.tokens > without.tokens


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF0000WEBP", "image/webp"),
    ],
)
def test_its_type_is_read_off_the_data(data, media_type):
    assert ImagePart(data).media_type == media_type


def test_what_is_no_image_is_refused(tmp_path):
    with pytest.raises(UsageError, match="PNG, JPEG, GIF or WebP"):
        ImagePart(b"<svg/>")
    with pytest.raises(TypeError, match="takes a path"):
        ImagePart("a.png")
    with pytest.raises(UsageError, match="cannot read"):
        ImagePart.read(tmp_path / "no.png")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"", "image/png"), (PNG, "text/html"), (PNG, "image/png;base64,AAAA\r\n"), (PNG, "image/"), (PNG, 3)],
)
def test_a_type_that_would_leave_its_url_is_refused(data, media_type):
    with pytest.raises(UsageError, match="not empty, and a media_type such as"):
        ImagePart(data, media_type)


@pytest.mark.parametrize("name", ["no\0image.png", "text.png"])
def test_a_file_that_is_no_image_is_named(tmp_path, name):
    (tmp_path / "text.png").write_text("text")
    with pytest.raises(UsageError, match=r"image\.png|text\.png"):
        ImagePart.read(tmp_path / name)


def test_an_address_in_place_of_an_image_is_refused():
    with pytest.raises(TypeError, match="not str; read it from a file"):
        Prompt("s", "u", images=("https://example.org/a.png",))
