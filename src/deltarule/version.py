"""The version of deltarule."""

VERSION = "0.1.0"
