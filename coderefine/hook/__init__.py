"""The pre-commit hook: tests what is staged in the sandbox; a failing change may come with a patch.

Only what git has staged is tested, and nothing of the repository is changed except by a patch that the user asked for.
"""
