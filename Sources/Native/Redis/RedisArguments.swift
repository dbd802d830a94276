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
        var text = text
        text.withUTF8 { text in unsafe append(text) }
    }

    package mutating func append(bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { bytes in unsafe append(bytes) }
    }

    private mutating func append(_ word: UnsafeBufferPointer<UInt8>) {
        encoded.append(addingCapacity: word.count + 26) { line in
            line.append(UInt8(ascii: "$"))
            line.append(decimal: word.count)
            line.appendLineEnd()
            unsafe line.append(copying: word)
            line.appendLineEnd()
        }
        count += 1
    }

    package mutating func append(_ number: Int) {
        encoded.append(addingCapacity: 30) { line in
            line.append(UInt8(ascii: "$"))
            line.append(decimal: Self.width(number))
            line.appendLineEnd()
            line.append(decimal: number)
            line.appendLineEnd()
        }
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
}

extension OutputSpan<UInt8> {
    mutating func appendLineEnd() {
        append(13)
        append(10)
    }
}
