/// A value for `$1`, `$2`, … of a statement. Its Postgres type is what the statement makes of that place.
package enum PostgresParameter: Sendable, Equatable {
    case null
    /// Without NUL bytes, which Postgres has no way to store: such a statement is rejected with SQLSTATE 22021.
    case text(String)
    case int(Int)
    case bool(Bool)
    case double(Double)
    /// For `bytea`; any bytes.
    case bytes([UInt8])
    case textArray([String])
    case intArray([Int])

    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    package init(_ value: Int?) { self = value.map { .int($0) } ?? .null }
    package init(_ value: Bool?) { self = value.map { .bool($0) } ?? .null }
    package init(_ value: Double?) { self = value.map { .double($0) } ?? .null }
    package init(_ value: [UInt8]?) { self = value.map { .bytes($0) } ?? .null }
    /// For `timestamptz`.
    package init(_ value: WallTime?) { self = value.map { .time($0) } ?? .null }

    /// For `timestamptz`. Milliseconds are kept.
    package static func time(_ value: WallTime) -> PostgresParameter { .text(PostgresTime.text(value)) }
}

extension PostgresParameter: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(nilLiteral: ()) { self = .null }
}
