/// Where the values of a JSON text stand, as far as the text is one. Never fails: a broken text has fewer.
struct JSONTokens {
    /// Every value: scalars, objects, arrays.
    private(set) var values: [Range<Int>] = []
    /// The inside of every string that is a value.
    private(set) var strings: [Range<Int>] = []
    /// Every name of a field, with its quotes.
    private(set) var names: [Range<Int>] = []
    /// Every field: name, colon, value.
    private(set) var fields: [Range<Int>] = []

    init(_ text: UnsafeBufferPointer<UInt8>) {
        // More than most inputs have: to grow step by step takes longer than the rest.
        values.reserveCapacity(64)
        strings.reserveCapacity(32)
        names.reserveCapacity(48)
        fields.reserveCapacity(48)
        var index = 0
        // Where each open object or array began.
        var open: [Int] = []
        // The name that waits for its value, for each level.
        var waiting: [Int?] = [nil]

        func end(at end: Int, from start: Int) {
            values.append(start..<end)
            if let name = waiting[waiting.count - 1] {
                fields.append(name..<end)
                waiting[waiting.count - 1] = nil
            }
        }

        while index < text.count {
            switch unsafe text[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open.append(index)
                waiting.append(nil)
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                index += 1
                if let start = open.popLast() {
                    waiting.removeLast()
                    end(at: index, from: start)
                }
            case UInt8(ascii: "\""):
                let start = index
                index = unsafe Self.endOfString(text, from: index)
                if unsafe Self.isName(text, endingAt: index) {
                    names.append(start..<index)
                    waiting[waiting.count - 1] = start
                } else {
                    strings.append((start + 1)..<max(start + 1, index - 1))
                    end(at: index, from: start)
                }
            case let byte where Self.isScalar(byte):
                let start = index
                while index < text.count, unsafe Self.isScalar(text[index]) { index += 1 }
                end(at: index, from: start)
            default: index += 1
            }
        }
    }

    private static func endOfString(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start + 1
        while index < text.count {
            let byte = unsafe text[index]
            if byte == UInt8(ascii: "\"") { return index + 1 }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return text.count
    }

    private static func isName(_ text: UnsafeBufferPointer<UInt8>, endingAt end: Int) -> Bool {
        var index = end
        while index < text.count, unsafe text[index] <= 0x20 { index += 1 }
        return unsafe index < text.count && text[index] == UInt8(ascii: ":")
    }

    private static func isScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x41...0x5A, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        default: false
        }
    }
}
