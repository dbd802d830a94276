/// Cuts a stream of bytes into lines. A plain value.
///
/// A line ends with `\n` or `\r\n`, which are not part of it. What is not UTF-8 is repaired. A line of more than
/// `limit` bytes comes in pieces, so that a stream without line ends cannot fill the memory.
package struct LineSplitter: Sendable {
    private let limit: Int
    private var rest: [UInt8] = []

    /// - Parameter limit: bytes, 1 and up.
    package init(limit: Int = 1 << 20) {
        precondition(limit > 0, "a line's limit is positive, not \(limit)")
        self.limit = limit
    }

    /// The lines that `bytes` completes.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
                lines.append(takeRest())
            } else {
                rest.append(byte)
                if rest.count == limit { lines.append(takeRest()) }
            }
        }
        return lines
    }

    /// The last line, when the stream ended without a line end.
    package mutating func finish() -> String? { rest.isEmpty ? nil : takeRest() }

    private mutating func takeRest() -> String {
        defer { rest.removeAll(keepingCapacity: true) }
        return String(decoding: rest, as: UTF8.self)
    }
}
