"""The shapes in which an answer can hold an edit, a file each; `coderefine.patch.answer` has their order.

A shape has a function `read(reply)`. It returns the new program, None where the answer has nothing of that shape, or
raises PatchError where it has and it does not apply.
"""
