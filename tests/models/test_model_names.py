import pytest

from coderefine.models.names import check_name


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o-mini",
        "openai/gpt-4o-mini",
        "anthropic/claude-sonnet-4-5",
        "ollama/llama3:8b",
        "openrouter/meta-llama/llama-3.1-8b-instruct:free",
        "bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "vertex_ai/mistral-large@2407",
        "huggingface/together/deepseek-ai/DeepSeek-R1",
        "azure/my_deployment",
        "ft:gpt-4o-mini-2024-07-18:org::id",
        "bedrock/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
    ],
)
def test_names_of_providers_are_names(name):
    assert check_name(name) == name
