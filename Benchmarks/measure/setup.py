"""What every part is given: who is measured, how often, and where its rows go."""

import sys
from dataclasses import dataclass

from .contenders import FlaskRQ, Rejoinder
from .report import median_of, table


@dataclass
class Setup:
    ours: Rejoinder
    #: None: leave the peers away.
    peer: FlaskRQ | None
    rounds: int
    #: One short round: to see that it works, not for figures.
    quick: bool

    def medians(self, measure, cases):
        """The median row of each case by its name. `cases` are (name, arguments of `measure`); they take turns."""
        rows = {}
        for _ in range(self.rounds):
            for name, *arguments in cases:
                rows.setdefault(name, []).append(measure(*arguments))
        return {name: median_of(some) for name, some in rows.items()}


def show(title, columns, rows, notes=()):
    """Prints a table and what is to be said of it. Returns the rows."""
    print("\n" + table(title, columns, rows.items()))
    for line in filter(None, notes):
        print(line)
    sys.stdout.flush()
    return rows
