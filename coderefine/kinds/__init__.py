"""The kinds of problems, one module each: how a problem is loaded, judged, screened, put into a prompt and shown."""
