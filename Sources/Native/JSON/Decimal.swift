extension [UInt8] {
    /// Appends a number in decimal.
    package mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        if rest < 10 {
            append(UInt8(ascii: "0") &+ UInt8(rest))
            return
        }
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = digits.count
            repeat {
                start -= 1
                unsafe digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            unsafe append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Appends a number in decimal, not negative, with zeros in front up to `width` digits.
    package mutating func append(decimal number: Int, width: Int) {
        var padding = width - 1, bound = 10
        while padding > 0, number >= bound {
            padding -= 1
            bound = bound &* 10
        }
        for _ in 0..<padding { append(UInt8(ascii: "0")) }
        append(decimal: number)
    }
}
