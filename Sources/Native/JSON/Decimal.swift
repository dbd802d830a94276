extension [UInt8] {
    /// Appends a number in decimal.
    package mutating func append(decimal number: Int) {
        append(addingCapacity: 20) { digits in digits.append(decimal: number) }
    }

    /// Appends a number in decimal, not negative, with zeros in front up to `width` digits.
    package mutating func append(decimal number: Int, width: Int) {
        append(addingCapacity: width + 20) { digits in digits.append(decimal: number, width: width) }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a number in decimal: up to 20 characters.
    package mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(digits: number.magnitude)
    }

    /// Appends a number in decimal, not negative, with zeros in front up to `width` digits.
    package mutating func append(decimal number: Int, width: Int) {
        var padding = width - 1, bound = 10
        while padding > 0, number >= bound {
            padding -= 1
            bound = bound &* 10
        }
        if padding > 0 { append(repeating: UInt8(ascii: "0"), count: padding) }
        append(decimal: number)
    }

    private mutating func append(digits number: UInt) {
        if number >= 10 { append(digits: number / 10) }
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10))
    }
}
