/// Hexadecimal text.
package enum Hex {
    /// Lower case, two digits a byte.
    package static func encode(_ bytes: [UInt8]) -> String { encode(bytes[...]) }

    /// Two digits a byte.
    package static func encode(_ bytes: ArraySlice<UInt8>, isUpperCase: Bool = false) -> String {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe String(unsafeUninitializedCapacity: bytes.count * 2) { text in
                for index in 0..<bytes.count {
                    unsafe text[index * 2] = character(bytes[index] >> 4, isUpperCase: isUpperCase)
                    unsafe text[index * 2 + 1] = character(bytes[index] & 15, isUpperCase: isUpperCase)
                }
                return bytes.count * 2
            }
        }
    }

    /// - Parameter value: 0...15.
    static func character(_ value: UInt8, isUpperCase: Bool = false) -> UInt8 {
        value < 10 ? 0x30 &+ value : (isUpperCase ? 0x37 : 0x57) &+ value
    }

    /// Either case; nil when the text is not pairs of hexadecimal digits.
    package static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { text in
            guard text.count.isMultiple(of: 2) else { return nil }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 2)
            for place in stride(from: 0, to: text.count, by: 2) {
                guard let high = unsafe digit(text[place]), let low = unsafe digit(text[place + 1]) else { return nil }
                bytes.append(high << 4 | low)
            }
            return bytes
        }
    }

    /// What one ASCII digit stands for, upper or lower case.
    static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x41 + 10
        case 0x61...0x66: character - 0x61 + 10
        default: nil
        }
    }
}
