/// Judges the headers of a request where libmicrohttpd is lenient: how they state the length of the body, and whether
/// two servers could read them differently.
///
/// Two statements that contradict each other are how a request is smuggled past a proxy that believes the other one
/// (RFC 9112, sections 3.2, 5.1, 6.3 and 11.2). No I/O: it is fed with header fields and then asked.
package struct RequestFraming: Sendable {
    private var length: Int?
    private var isChunked = false
    private var hosts = 0
    private var refusal: HTTPRefusal?
    /// A bit for each name, of which several names may have the same.
    private var seen: UInt64 = 0
    /// Whether two fields may have the same name. False is sure.
    package private(set) var mayRepeat = false

    package init() {}

    /// What will be read: nil when the length is not known beforehand.
    package var bodyLength: Int? { isChunked ? nil : length ?? 0 }

    /// Takes name and value of one header field, the value without the white space around it.
    package mutating func field(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        switch name.count {
        case 4 where unsafe Self.isEqual(name, "host"): hosts += 1
        case 14 where unsafe Self.isEqual(name, "content-length"): unsafe contentLength(value)
        case 17 where unsafe Self.isEqual(name, "transfer-encoding"): unsafe transferEncoding(value)
        default: break
        }
        if unsafe !HTTPToken.isToken(name) { refuse(.malformed("A header's name has a character that none may have")) }
        if unsafe value.contains(UInt8(ascii: "\r")) { refuse(.malformed("A line may end in CR LF only")) }
        note(unsafe Self.mark(name))
    }

    /// Why the request cannot be taken, or nil.
    /// - Parameter needsHost: whether the version of the request asks for a `Host` header.
    package func verdict(limit: Int, needsHost: Bool) -> HTTPRefusal? {
        if let refusal { return refusal }
        // RFC 9112, section 6.1: HTTP/1.0 has no transfer encodings, and whoever forwarded it may not know them.
        if isChunked, !needsHost { return .malformed("HTTP/1.0 has no chunked bodies") }
        if isChunked, length != nil { return .malformed("The length of the body is stated twice") }
        if hosts > 1 || needsHost && hosts == 0 { return .malformed("One Host header is needed") }
        if let length, length > limit { return .bodyTooLarge(limit: limit) }
        return nil
    }

    private mutating func contentLength(_ value: UnsafeRawBufferPointer) {
        guard let number = unsafe Self.number(value), length == nil || length == number else {
            refuse(.malformed("The length of the body is no number, or two different ones"))
            return
        }
        length = number
    }

    private mutating func transferEncoding(_ value: UnsafeRawBufferPointer) {
        guard unsafe Self.isEqual(value, "chunked"), !isChunked else {
            refuse(.unknownEncoding)
            return
        }
        isChunked = true
    }

    private mutating func refuse(_ reason: HTTPRefusal) { refusal = refusal ?? reason }

    private mutating func note(_ mark: UInt64) {
        mayRepeat = mayRepeat || seen & mark != 0
        seen |= mark
    }

    /// The same for names that differ in the case of letters only.
    private static func mark(_ name: UnsafeRawBufferPointer) -> UInt64 {
        guard let first = unsafe name.first, let last = unsafe name.last else { return 1 }
        return 1 << UInt64((name.count &* 11 &+ Int(first | 0x20) &* 3 &+ Int(last | 0x20)) & 63)
    }

    /// Digits only. A number too large for `Int` is one too large for every limit.
    private static func number(_ text: UnsafeRawBufferPointer) -> Int? {
        guard unsafe !text.isEmpty else { return nil }
        var number = 0
        for index in 0..<text.count {
            let byte = unsafe text[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.addingReportingOverflow(Int(byte - 0x30))
            number = overflow || overflow2 ? .max : sum
        }
        return number
    }

    /// - Parameter lowercase: ASCII letters in lower case, and `-`.
    private static func isEqual(_ text: UnsafeRawBufferPointer, _ lowercase: StaticString) -> Bool {
        guard text.count == lowercase.utf8CodeUnitCount else { return false }
        let start = unsafe lowercase.utf8Start
        for index in 0..<text.count {
            let byte = unsafe text[index]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            if unsafe lower != start[index] { return false }
        }
        return true
    }
}
