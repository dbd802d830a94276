internal import CLibPQ

/// One `PGresult`. Owns it and clears it once, when the value goes out of scope.
@safe struct PostgresResult: ~Copyable {
    enum Status { case rows, command, sync, aborted, error }

    private let handle: OpaquePointer

    /// Takes ownership of `handle`.
    init(owning handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe PQclear(handle) }

    var status: Status {
        switch unsafe PQresultStatus(handle) {
        case PGRES_TUPLES_OK: .rows
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .command
        case PGRES_PIPELINE_SYNC: .sync
        case PGRES_PIPELINE_ABORTED: .aborted
        default: .error
        }
    }

    /// Five characters; empty when the error is libpq's own, that is: the connection broke.
    var sqlState: String { field(PostgresField.sqlState) }

    var error: PostgresError {
        let state = sqlState
        var message = field(PostgresField.message)
        if message.isEmpty { message = unsafe String(cString: PQresultErrorMessage(handle)).firstLine }
        if state.isEmpty { return .unavailable(message) }
        return PostgresError(sqlState: state, message: message, constraint: field(PostgresField.constraint))
    }

    /// - Parameter columns: the names if known from an earlier answer to the same statement.
    func rows(columns known: [String]?) -> PostgresRows {
        let count = unsafe Int(PQntuples(handle)), width = unsafe Int(PQnfields(handle))
        let affected = unsafe Int(String(cString: PQcmdTuples(handle))) ?? 0
        let columns =
            known?.count == width
            ? known! : (0..<width).map { unsafe String(cString: PQfname(handle, Int32($0))) }
        var bytes: [UInt8] = []
        var cells: [PostgresRows.Cell] = []
        cells.reserveCapacity(count * width)
        for row in 0..<Int32(count) {
            for column in 0..<Int32(width) {
                let start = Int32(bytes.count)
                if unsafe PQgetisnull(handle, row, column) == 1 {
                    cells.append(PostgresRows.Cell(start: start, length: -1))
                    continue
                }
                let length = unsafe PQgetlength(handle, row, column)
                unsafe bytes.append(
                    contentsOf: UnsafeRawBufferPointer(start: PQgetvalue(handle, row, column), count: Int(length)))
                cells.append(PostgresRows.Cell(start: start, length: length))
            }
        }
        return PostgresRows(
            columns: columns, commandTag: unsafe String(cString: PQcmdStatus(handle)), affected: affected,
            count: count, bytes: bytes, cells: cells)
    }

    private func field(_ code: Int32) -> String {
        unsafe PQresultErrorField(handle, code).map { unsafe String(cString: $0) } ?? ""
    }
}

/// The codes of `PQresultErrorField`, which C has as character macros.
private enum PostgresField {
    static let sqlState = Int32(UInt8(ascii: "C"))
    static let message = Int32(UInt8(ascii: "M"))
    static let constraint = Int32(UInt8(ascii: "n"))
}

extension String {
    /// libpq's messages end with a newline and may have several lines.
    var firstLine: String { split(whereSeparator: \.isNewline).first.map(String.init) ?? "" }
}
