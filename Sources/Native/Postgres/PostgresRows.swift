/// What a statement returned, as plain values: nothing in here belongs to the connection any more.
package struct PostgresRows: Sendable, RandomAccessCollection {
    /// In the statement's order. Empty for a statement that returns no rows.
    package let columns: [String]
    /// Rows inserted, updated, deleted or selected.
    package let affected: Int
    package let count: Int
    /// The command that was carried out: `SELECT 3`, `INSERT 0 1`, `ROLLBACK`.
    let commandTag: String

    /// All cells' text, one after another.
    private let bytes: [UInt8]
    /// Row by row, column by column.
    private let cells: [Cell]

    struct Cell: Sendable {
        var start: Int32
        /// Negative: NULL.
        var length: Int32
    }

    /// - Parameter cells: `count * columns.count` of them, within `bytes`.
    init(columns: [String], commandTag: String, affected: Int, count: Int, bytes: [UInt8], cells: [Cell]) {
        precondition(cells.count == count * columns.count)
        self.columns = columns
        self.commandTag = commandTag
        self.affected = affected
        self.count = count
        self.bytes = bytes
        self.cells = cells
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
    package subscript(row: Int) -> PostgresRow {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        return PostgresRow(rows: self, index: row)
    }

    /// Nil for NULL.
    func cell(_ row: Int, _ column: Int) -> ArraySlice<UInt8>? {
        let cell = cells[row * columns.count + column]
        return cell.length < 0 ? nil : bytes[Int(cell.start)..<Int(cell.start + cell.length)]
    }
}
