"""The engine of textual gradients on language models: losses that criticise, an optimizer that asks for patches."""
