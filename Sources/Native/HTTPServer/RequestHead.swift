/// Whether the head of a request was written as HTTP writes it, and only so.
///
/// libmicrohttpd is lenient: it takes a bare line feed as the end of a line, cuts names and values at a NUL, takes more
/// than one space in the request line, and joins a folded line to the *name* of its header. A proxy in front may have
/// read any of them differently, which is how requests are smuggled. All of them change how many bytes the parts have
/// that we are shown, so the sum of the parts is compared with what was read (RFC 9112, sections 2.2, 3 and 5.2).
struct RequestHead {
    /// Bytes that the parts account for.
    private var bytes: Int
    private var isFolded = false

    /// - Parameters: the lengths of the parts of the request line.
    init(method: Int, target: Int, version: Int) { bytes = method + 1 + target + 1 + version + 2 + 2 }

    /// Takes name and value of one header field. Both point into what was read.
    mutating func field(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        guard let start = name.baseAddress, let valueStart = value.baseAddress else {
            isFolded = true
            return
        }
        let end = unsafe start + name.count + 1
        let gap = unsafe valueStart - end
        // Another line was joined to the name: that is elsewhere then.
        guard gap >= 0, gap < 1 << 16, unsafe Self.areSpaces(end, count: gap) else {
            isFolded = true
            return
        }
        bytes += name.count + 1 + gap + value.count + 2
    }

    /// - Parameter read: what the head has in bytes, its empty line included.
    func isWhole(read: Int) -> Bool { !isFolded && bytes == read }

    private static func areSpaces(_ start: UnsafeRawPointer, count: Int) -> Bool {
        for offset in 0..<count {
            let byte = unsafe start.load(fromByteOffset: offset, as: UInt8.self)
            if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") { return false }
        }
        return true
    }
}
