/// One row of an answer.
///
/// Asking for a column the statement does not return, for a type that the column is not, or for a value where there
/// is NULL is a mistake in our own SQL: it traps, naming the column. Where NULL is possible ask by the `optional`
/// forms.
package struct PostgresRow: Sendable {
    let rows: PostgresRows
    let index: Int

    package func isNull(_ column: String) -> Bool { cell(column) == nil }

    package func string(_ column: String) -> String { some(optionalString(column), column) }
    package func int(_ column: String) -> Int { some(optionalInt(column), column) }
    package func bool(_ column: String) -> Bool { some(optionalBool(column), column) }
    package func double(_ column: String) -> Double { some(optionalDouble(column), column) }
    /// For `bytea`.
    package func bytes(_ column: String) -> [UInt8] { some(optionalBytes(column), column) }
    /// For `timestamptz`, cut to milliseconds.
    package func time(_ column: String) -> WallTime { some(optionalTime(column), column) }
    /// Without NULL elements.
    package func textArray(_ column: String) -> [String] { some(optionalTextArray(column), column) }
    package func intArray(_ column: String) -> [Int] { textArray(column).map { parsed(Int($0), column) } }

    package func optionalString(_ column: String) -> String? {
        cell(column).map { String(decoding: $0, as: UTF8.self) }
    }

    package func optionalInt(_ column: String) -> Int? { optionalString(column).map { parsed(Int($0), column) } }

    package func optionalDouble(_ column: String) -> Double? {
        optionalString(column).map { parsed(Double($0), column) }
    }

    package func optionalBool(_ column: String) -> Bool? {
        optionalString(column).map { parsed($0 == "t" ? true : $0 == "f" ? false : nil, column) }
    }

    package func optionalBytes(_ column: String) -> [UInt8]? {
        cell(column).map { parsed(Self.bytes(hex: $0), column) }
    }

    package func optionalTime(_ column: String) -> WallTime? {
        cell(column).map { parsed(PostgresTime.parse($0), column) }
    }

    package func optionalTextArray(_ column: String) -> [String]? {
        cell(column).map { parsed(PostgresArray.parse($0), column).map { some($0, column) } }
    }

    /// The text of a cell as bytes, for JSON that is parsed elsewhere.
    package func rawBytes(_ column: String) -> [UInt8]? { cell(column).map(Array.init) }

    private func cell(_ column: String) -> ArraySlice<UInt8>? {
        guard let place = rows.columns.firstIndex(of: column) else {
            preconditionFailure("no column \(column) among \(rows.columns)")
        }
        return rows.cell(index, place)
    }

    private func some<T>(_ value: T?, _ column: String) -> T {
        guard let value else { preconditionFailure("column \(column) is NULL") }
        return value
    }

    private func parsed<T>(_ value: T?, _ column: String) -> T {
        guard let value else { preconditionFailure("column \(column) is not a \(T.self)") }
        return value
    }

    /// `\x00ff`, the form our sessions ask for.
    private static func bytes(hex text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "x")]), text.count % 2 == 0 else { return nil }
        let digits = text.dropFirst(2).map { byte -> UInt8 in byte >= 97 ? byte - 87 : byte &- 48 }
        guard digits.allSatisfy({ $0 < 16 }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
