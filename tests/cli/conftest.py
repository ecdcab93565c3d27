"""Running the command line as a person does, without a new process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_data.__main__ import main

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run a command; a traceback is a failure, whatever the command."""

    def call(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(one) for one in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def folder(mini_dir: Path, tmp_path: Path) -> Path:
    """A copy of the small data, to be changed."""
    return Path(shutil.copytree(mini_dir, tmp_path / "data"))
