/// Words of a command, encoded for the wire as they are appended. Binary-safe.
package struct RedisArguments: Sendable, ExpressibleByArrayLiteral {
    private(set) var count = 0
    private(set) var encoded: [UInt8] = []

    package init() {}

    package init(arrayLiteral elements: String...) {
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
        var digits: [UInt8] = []
        digits.reserveCapacity(20)
        digits.append(decimal: number)
        append(bytes: digits)
    }

    package mutating func append(_ others: RedisArguments) {
        encoded.append(contentsOf: others.encoded)
        count += others.count
    }

    package mutating func reserve(_ bytes: Int) { encoded.reserveCapacity(bytes) }

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
