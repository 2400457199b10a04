"""The shapes in which an answer can contain an edit, one module each; `coderefine.patch.answer` lists them in order.

A shape has a function `read(reply)`. It returns the new program, or None where the answer does not have this shape, and
raises PatchError where it has the shape but does not apply.
"""
