internal import CSimdJSON

extension JSONElement {
    /// What a value is. A whole number that fits 64 bits, signed or not, is an `integer`; every other number a `number`.
    package enum Kind: Sendable, Equatable { case null, bool, integer, number, string, array, object }

    package var kind: Kind {
        switch type {
        case CSJ_BOOL: .bool
        case CSJ_INT, CSJ_UINT: .integer
        case CSJ_DOUBLE: .number
        case CSJ_STRING: .string
        case CSJ_ARRAY: .array
        case CSJ_OBJECT: .object
        default: .null
        }
    }
}

extension JSONWriter {
    /// Writes what was read. A whole number over 2⁶³ loses what a `Double` cannot hold.
    @LoopActor package mutating func value(_ element: JSONElement) {
        switch element.kind {
        case .null: null()
        case .bool: value(element.bool ?? false)
        case .integer: if let number = element.int { value(number) } else { value(element.double ?? 0) }
        case .number: value(element.double ?? 0)
        case .string: value(element.string ?? "")
        case .array:
            beginArray()
            for item in element.items { value(item) }
            endArray()
        case .object:
            beginObject()
            for (name, item) in element.fields {
                key(named: name)
                value(item)
            }
            endObject()
        }
    }
}
