"""What tests of problem files share."""

import pytest


@pytest.fixture
def toml(tmp_path):
    """Write a text as a TOML file; the result is its path."""

    def write(text, name="two.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write
