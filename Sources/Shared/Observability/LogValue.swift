/// The value of one log field.
package enum LogValue: Sendable, Equatable {
    case text(String)
    case int(Int)
    case flag(Bool)
    /// Milliseconds with up to three digits behind the point.
    case milliseconds(Duration)

    /// A phone number or other address with all but its last four characters hidden.
    package static func masked(_ address: String) -> LogValue {
        let name = address.prefix { $0 != "@" }
        let hidden = String(repeating: "*", count: max(name.count - 4, 0))
        return .text(hidden + name.suffix(4) + address.dropFirst(name.count))
    }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}
