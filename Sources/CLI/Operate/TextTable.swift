/// Rows of text under a heading, in columns as wide as needed.
struct TextTable {
    struct Column {
        let title: String
        /// Numbers are easier compared when they end at the same place.
        var isNumber = false
    }

    let columns: [Column]
    /// One text a column.
    var rows: [[String]] = []

    var text: String {
        let widths = columns.indices.map { place in
            ([columns[place].title] + rows.map { $0[place] }).map(\.count).max() ?? 0
        }
        return ([columns.map(\.title)] + rows).map { line($0, widths) + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (place, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: widths[place] - cell.count)
            if place > 0 { line += "  " }
            line += columns[place].isNumber ? space + cell : cell + space
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
