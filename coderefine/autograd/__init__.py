"""The textual computation graph: values are texts, gradients are criticisms (TextGrad, arXiv 2406.07496)."""
