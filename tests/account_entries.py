"""Entries of the tutorial's account, and names of mistakes, by question and by answer."""


def entries(results: dict, question: int) -> dict:
    return {entry["what"]: entry for entry in results["account"] if entry["question"] == question}


def mistakes(results: dict, answer: str) -> list[str]:
    return [mistake["name"] for mistake in results["marks"][answer]["mistakes"]]
