"""Medians and tables."""

import statistics


def median_of(rows):
    """One row of the medians of several; what could not be measured stays out."""
    return {name: statistics.median(row[name] for row in rows) if rows[0][name] is not None else None
            for name in rows[0]}


def number(value):
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(title, columns, rows):
    """A Markdown table. `columns` are (heading, key); `rows` are (name, values)."""
    cells = [["", *(heading for heading, _ in columns)]]
    cells += [[name, *(number(values.get(key)) for _, key in columns)] for name, values in rows]
    widths = [max(len(row[index]) for row in cells) for index in range(len(cells[0]))]

    def line(row):
        return "| " + " | ".join(cell.ljust(width) if index == 0 else cell.rjust(width)
                                 for index, (cell, width) in enumerate(zip(row, widths))) + " |"

    rule = "|" + "|".join("-" * (width + 2) if index == 0 else "-" * (width + 1) + ":"
                          for index, width in enumerate(widths)) + "|"
    return "\n".join([title, "", line(cells[0]), rule, *map(line, cells[1:])])


def goal(name, row, key, most, words):
    """A line that says whether a figure is within its goal of PERFORMANCE.md. Printed, never asserted."""
    if not row or row.get(key) is None:
        return None
    word = "met" if row[key] <= most else "MISSED"
    return f"- goal {name}: {number(row[key])} {words}; at most {number(most)}: {word}"


def ratio(row, other, key, words):
    """A line "12.3 times …": what `row` has of `key` over what `other` has, if both were measured."""
    if not row or not other or not row.get(key) or not other.get(key):
        return None
    return f"- {number(row[key] / other[key])} times {words}"
