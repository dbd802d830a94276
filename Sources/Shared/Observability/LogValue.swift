/// The value of one log field.
package enum LogValue: Sendable, Equatable {
    case text(String)
    case int(Int)
    case flag(Bool)
    /// Milliseconds with up to three digits behind the point.
    case milliseconds(Duration)

    /// A phone number or other address with all but its last four characters hidden.
    package static func masked(_ address: String) -> LogValue {
        let bytes = address.utf8.span
        var name = 0
        while name < bytes.count, bytes[name] != UInt8(ascii: "@") { name += 1 }
        let masked = [UInt8](capacity: bytes.count) { masked in
            for place in bytes.indices { masked.append(place < name - 4 ? UInt8(ascii: "*") : bytes[place]) }
        }
        return .text(String(decoding: masked, as: UTF8.self))
    }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}
