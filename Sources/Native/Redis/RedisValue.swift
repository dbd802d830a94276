/// A reply of Redis as a plain value. Status replies ("OK") are strings.
package enum RedisValue: Sendable, Equatable {
    case null
    case integer(Int)
    case string([UInt8])
    case array([RedisValue])
    /// An error inside an array; an error that is the whole reply is thrown as `RedisError.server`.
    case error(String)

    /// A string as text, invalid UTF-8 replaced; an integer in decimal. nil for the rest.
    package var text: String? {
        switch self {
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .integer(let number): String(number)
        case .null, .array, .error: nil
        }
    }

    /// An integer, or a string that is one in decimal.
    package var int: Int? {
        switch self {
        case .integer(let number): number
        case .string: text.flatMap { Int($0) }
        case .null, .array, .error: nil
        }
    }

    package var bytes: [UInt8]? { if case .string(let bytes) = self { bytes } else { nil } }

    /// The elements of an array; nil for everything else, null included.
    package var items: [RedisValue]? { if case .array(let items) = self { items } else { nil } }

    /// The elements of an array two by two, as HGETALL tells names and values; none of everything else. A last one without its
    /// second is left out.
    package var pairs: [(first: RedisValue, second: RedisValue)] {
        guard let items else { return [] }
        return stride(from: 0, to: items.count - 1, by: 2).map { (items[$0], items[$0 + 1]) }
    }

    package var isNull: Bool { self == .null }
}
