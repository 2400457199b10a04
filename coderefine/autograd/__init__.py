"""The textual computation graph: values are texts, gradients are criticisms (TextGrad, arXiv 2406.07496).

- `variable`: `Variable`, `Gradient`, `zero_grad`; `backward`; `mode`: `no_grad`
- `function`: any Python function as an operation; `operations`: `sum`, `aggregate`; `calls`: calls of a model
- `graph`: `to_text`, `to_dot`
"""
