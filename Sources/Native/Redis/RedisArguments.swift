/// Words of a command, encoded for the wire as they are appended. Binary-safe.
package struct RedisArguments: Sendable, ExpressibleByArrayLiteral {
    private(set) var count = 0
    private(set) var encoded: [UInt8] = []

    /// - Parameter bytes: room for as many, on the wire; most arguments of scripts fit in the default.
    package init(reserving bytes: Int = 240) { encoded.reserveCapacity(bytes) }

    package init(arrayLiteral elements: String...) {
        self.init()
        for element in elements { append(element) }
    }

    package mutating func append(_ text: String) {
        appendHeader(UInt8(ascii: "$"), text.utf8.count)
        encoded.append(contentsOf: text.utf8)
        appendLineEnd()
        count += 1
    }

    package mutating func append(bytes: [UInt8]) {
        appendHeader(UInt8(ascii: "$"), bytes.count)
        encoded.append(contentsOf: bytes)
        appendLineEnd()
        count += 1
    }

    package mutating func append(_ number: Int) {
        appendHeader(UInt8(ascii: "$"), Self.width(number))
        encoded.append(decimal: number)
        appendLineEnd()
        count += 1
    }

    package mutating func append(_ others: RedisArguments) {
        encoded.append(contentsOf: others.encoded)
        count += others.count
    }

    /// Characters of a number in decimal.
    private static func width(_ number: Int) -> Int {
        var width = number < 0 ? 2 : 1, rest = number.magnitude / 10
        while rest > 0 {
            width += 1
            rest /= 10
        }
        return width
    }

    private mutating func appendHeader(_ kind: UInt8, _ length: Int) {
        encoded.append(kind)
        encoded.append(decimal: length)
        appendLineEnd()
    }

    private mutating func appendLineEnd() {
        encoded.append(13)
        encoded.append(10)
    }
}
