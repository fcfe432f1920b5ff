"""The pictures of docs/how-to/pull-requests.md: the comment as a browser shows it on GitHub.

    npm pack github-markdown-css && tar xzf github-markdown-css-*.tgz
    .venv/bin/python docs/screenshots.py package/github-markdown-light.css

Needs chromium on PATH. To be run again when docs/how-to/pull-request-comment.md looks different.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

HOW_TO = Path(__file__).parent / "how-to"
WIDTH = 860  # of a comment in a wide window

PAGE = """<!doctype html><meta charset="utf-8"><style>{css}
body {{ margin: 0; padding: 16px 24px; background: #fff }}
</style><article class="markdown-body">{body}</article>"""


def page(css: str, opened: bool) -> str:
    markdown = (HOW_TO / "pull-request-comment.md").read_text()
    body = MarkdownIt("commonmark").enable("table").render(markdown)
    if opened:
        body = body.replace("<details>", "<details open>")
    return PAGE.format(css=css, body=body)


def shoot(html: str, picture: Path, height: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "comment.html"
        source.write_text(html)
        options = ("--headless", "--no-sandbox", "--hide-scrollbars")
        size = f"--window-size={WIDTH},{height}"
        command = ["chromium", *options, size, f"--screenshot={picture}", source.as_uri()]
        subprocess.run(command, check=True, cwd=folder, stderr=subprocess.DEVNULL)


def main() -> None:
    css = Path(sys.argv[1]).read_text()
    pictures = HOW_TO / "images"
    pictures.mkdir(exist_ok=True)
    shoot(page(css, opened=False), pictures / "pull-request-comment.png", 2000)
    shoot(page(css, opened=True), pictures / "pull-request-comment-opened.png", 3200)


if __name__ == "__main__":
    main()
