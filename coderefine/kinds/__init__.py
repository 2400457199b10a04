"""The kinds of problems, a module each: how such a problem is loaded, judged, screened, asked for and shown."""
