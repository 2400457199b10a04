"""The pre-commit hook: what is staged is tested in the sandbox, and a failing change may come with a patch.

Nothing but what git has staged is tested, and nothing of the repository is changed but by a patch that was asked for.
"""
