"""The textual computation graph: values are texts, gradients are criticisms (TextGrad, arXiv 2406.07496).

- `variable`: `Variable`, `Gradient`, `zero_grad`; `mode`: `no_grad`; `backward`: the backward pass
- `function`: any Python function as an operation; `operations`: `sum`, `aggregate`; `calls`: calls of a model
- `graph`: `to_text`, `to_dot`
"""
