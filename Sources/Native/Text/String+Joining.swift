extension String {
    /// Three texts with `separator`, an ASCII character, between them: written once, where an interpolation appends
    /// piece by piece.
    package init(joining first: String, _ second: String, _ third: String, by separator: UInt8) {
        var first = first, second = second, third = third
        self = first.withUTF8 { first in
            second.withUTF8 { second in
                third.withUTF8 { third in
                    unsafe String(unsafeUninitializedCapacity: first.count + second.count + third.count + 2) { room in
                        var text = unsafe OutputSpan(buffer: room, initializedCount: 0)
                        unsafe text.append(copying: first)
                        text.append(separator)
                        unsafe text.append(copying: second)
                        text.append(separator)
                        unsafe text.append(copying: third)
                        return unsafe text.finalize(for: room)
                    }
                }
            }
        }
    }
}
