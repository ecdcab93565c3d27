"""The data layer: files, checks, questions. No drawing, no network at run time."""
