/// The value of one log field.
package enum LogValue: Sendable, Equatable {
    case text(String)
    case int(Int)
    case flag(Bool)
    /// Milliseconds with up to three digits behind the point.
    case milliseconds(Duration)

    /// A phone number or other address with all but its last four characters hidden.
    package static func masked(_ address: String) -> LogValue {
        let text = address.utf8
        let name = text.prefix { $0 != UInt8(ascii: "@") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for _ in 0..<max(name.count - 4, 0) { bytes.append(UInt8(ascii: "*")) }
        bytes.append(contentsOf: name.suffix(4))
        bytes.append(contentsOf: text[name.endIndex...])
        return .text(String(decoding: bytes, as: UTF8.self))
    }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}
