/// Builds JSON text, byte by byte. The caller keeps the order: `{`, fields, `}`; the writer puts the commas.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Whether the next value or key stands behind another one.
    private var needsComma = false

    package init(reserving capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Structure

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A name of the program's own, which needs no escapes.
    package mutating func key(_ name: StaticString) {
        append(name.utf8CodeUnitCount + 3) { text in text.append(key: name) }
        needsComma = false
    }

    /// A name that is not known beforehand.
    package mutating func key(named name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    package mutating func value(_ text: String) {
        var text = text
        text.withUTF8 { text in unsafe value(text) }
    }

    /// Text of the program's own, which needs no escapes.
    package mutating func value(_ text: StaticString) {
        append(text.utf8CodeUnitCount + 2) { written in written.append(quoted: text) }
    }

    package mutating func value(_ number: Int) {
        comma()
        bytes.append(decimal: number)
    }

    package mutating func value(_ flag: Bool) { raw(flag ? "true" : "false") }

    /// NaN and infinities, which JSON has not, become null.
    package mutating func value(_ number: Double) { raw(number.isFinite ? "\(number)" : "null") }

    package mutating func null() { raw("null") }

    /// Text that is JSON already.
    package mutating func raw(_ json: String) {
        comma()
        bytes.append(contentsOf: json.utf8)
    }

    package mutating func raw(_ json: [UInt8]) {
        comma()
        bytes.append(contentsOf: json)
    }

    /// Lets `write` append text that is JSON already.
    package mutating func raw(_ write: (inout [UInt8]) -> Void) {
        comma()
        write(&bytes)
    }

    // MARK: Lines

    /// Ends a text of several lines' one: what comes next stands by itself.
    package mutating func endLine() {
        bytes.append(0x0A)
        needsComma = false
    }

    package mutating func removeAll(keepingCapacity: Bool) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        needsComma = false
    }

    // MARK: Fields

    package mutating func field(_ name: StaticString, _ text: String) {
        var text = text
        text.withUTF8 { text in
            guard unsafe !Self.needsEscape(text) else {
                key(name)
                unsafe value(text)
                return
            }
            // Name and value in one go: most of what is written are such fields, a dozen for each webhook.
            append(name.utf8CodeUnitCount + text.count + 5) { field in
                field.append(key: name)
                unsafe field.append(quoted: text)
            }
        }
    }

    package mutating func field(_ name: StaticString, _ number: Int) {
        key(name)
        value(number)
    }

    package mutating func field(_ name: StaticString, _ flag: Bool) {
        key(name)
        value(flag)
    }

    package mutating func field(_ name: StaticString, _ number: Double) {
        key(name)
        value(number)
    }

    /// Writes nothing when there is no text.
    package mutating func field(_ name: StaticString, ifPresent text: String?) {
        if let text { field(name, text) }
    }

    // MARK: Bytes

    private mutating func open(_ brace: UInt8) {
        comma()
        bytes.append(brace)
        needsComma = false
    }

    private mutating func close(_ brace: UInt8) {
        bytes.append(brace)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Appends what `write` writes, up to `count` bytes, behind a comma where one is needed.
    private mutating func append(_ count: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
        let comma = needsComma
        needsComma = true
        bytes.append(addingCapacity: count + 1) { text in
            if comma { text.append(UInt8(ascii: ",")) }
            write(&text)
        }
    }

    private mutating func value(_ text: UnsafeBufferPointer<UInt8>) {
        // Text without anything to escape is the rule, and copied in one go.
        guard unsafe Self.needsEscape(text) else {
            append(text.count + 2) { written in unsafe written.append(quoted: text) }
            return
        }
        comma()
        bytes.append(UInt8(ascii: "\""))
        unsafe append(escaping: text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a byte is a control character, a quote or a backslash; eight bytes at a time.
    private static func needsEscape(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        var place = 0
        while place + 8 <= raw.count {
            if Self.needsEscape(unsafe raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)) { return true }
            place += 8
        }
        guard place < raw.count else { return false }
        // The rest together with some that were looked at.
        if raw.count >= 8 {
            return Self.needsEscape(unsafe raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self))
        }
        var rest: UInt64 = 0x2020_2020_2020_2020
        for index in 0..<raw.count { rest = unsafe rest << 8 | UInt64(raw[index]) }
        return Self.needsEscape(rest)
    }

    private static func needsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101, highs = ones &* 0x80
        let quote = word ^ (ones &* 0x22), backslash = word ^ (ones &* 0x5C)
        // The high bit of each byte that is below 0x20, or zero once the character is taken out (Hacker's Delight,
        // section 6-1). A borrow may raise it in the byte above one that has it, and in no other.
        let found = ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        return found & highs != 0
    }

    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        // What stands between two characters that need an escape is copied in one go.
        var start = 0
        for index in 0..<text.count {
            let byte = unsafe text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            append(escaped: byte)
            start = index + 1
        }
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case 0x0D: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
        case 0x09: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Hex.character(byte >> 4))
            bytes.append(Hex.character(byte & 15))
        default:
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        }
    }
}

extension OutputSpan<UInt8> {
    /// The name and a colon.
    fileprivate mutating func append(key name: StaticString) {
        append(quoted: name)
        append(UInt8(ascii: ":"))
    }

    fileprivate mutating func append(quoted text: StaticString) {
        unsafe append(quoted: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Text that needs no escapes.
    fileprivate mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        unsafe append(copying: text)
        append(UInt8(ascii: "\""))
    }
}
