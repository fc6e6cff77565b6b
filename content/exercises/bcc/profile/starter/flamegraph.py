"""Draws a flame graph. It is given; you need not change it."""
from xml.sax.saxutils import escape

WIDTH = 1200
ROW = 18


def draw(samples, path):
    """samples: {("main", "parse", "read"): 42, …}, the outermost caller first."""
    total = sum(samples.values()) or 1
    height = (1 + max(map(len, samples), default=0)) * ROW
    with open(path, "w") as svg:
        svg.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="monospace" font-size="12">\n')
        for name, depth, left, count in frames(samples):
            x, width = left / total * WIDTH, count / total * WIDTH
            y = height - (depth + 1) * ROW
            color = f"hsl({sum(name.encode()) % 55}, 90%, 65%)"
            label = escape(name if len(name) * 7.5 < width else "")
            svg.write(f"<g><title>{escape(name)} ({count} samples, {count / total:.1%})</title>")
            svg.write(f'<rect x="{x:.2f}" y="{y}" width="{width:.2f}" height="{ROW - 1}" fill="{color}"/>')
            svg.write(f'<text x="{x + 3:.2f}" y="{y + 13}">{label}</text></g>\n')
        svg.write("</svg>\n")


def frames(samples, depth=0, left=0):
    """Each rectangle: its name, its row, where it begins, and how many samples wide it is."""
    groups = {}
    for stack, count in sorted(samples.items()):
        if len(stack) > depth:
            groups.setdefault(stack[depth], {})[stack] = count
    for name, group in groups.items():
        count = sum(group.values())
        yield name, depth, left, count
        yield from frames(group, depth + 1, left)
        left += count
