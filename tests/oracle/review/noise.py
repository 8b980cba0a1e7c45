"""What an author of pull requests adds so that nobody reads what matters."""

from __future__ import annotations

from tests.oracle.review import texts
from tests.oracle.review.estate import MAIN, Company, Files


def noise(company: Company, files: Files) -> bool:
    """Change much that gives nobody anything: descriptions, labels, applications; of any size."""
    random = company.random
    number = random.choice((0, 3, 40, 200, 400))
    api = files[MAIN]["applications"]["api"]
    for index in range(number):
        label = f"{random.choice('abc')}.{'long' * random.randint(1, 12)}.{index}"
        api["appRoles"][label] = {
            "displayName": texts.prose(random, 1, 3),
            "description": texts.prose(random, 1, 60)[:1000],
            "allowedMemberTypes": ["User"],
        }
    for index in range(random.choice((0, 0, 5, 60))):
        files[MAIN]["applications"][f"{'quiet' * 4}-{index}"] = {
            "type": "api",
            "displayName": f"{texts.prose(random, 1, 6)[:200]} {index}${{suffix}}",
            "notes": texts.prose(random, 1, 100)[:1000],
        }
    return number > 0


def flood(company: Company, files: Files) -> bool:
    """Give so much at once that the one that matters drowns in it."""
    random = company.random
    for number in range(random.choice((1, 1, 2, 3, 4))):
        _flood(company, files, number, random.randint(60, 250))
    return True


def deluge(company: Company, files: Files) -> bool:
    """Give more than five comments can show."""
    for number in range(6):
        _flood(company, files, number, 250)
    return True


def _flood(company: Company, files: Files, number: int, length: int) -> None:
    uris = [texts.long(company.random, f"https://shop.contoso.com/{index}/", length) for index in range(250)]
    app = {"type": "web", "displayName": f"Flood {number}${{suffix}}", "redirectUris": uris}
    files[MAIN]["applications"][f"flood{number}"] = app
