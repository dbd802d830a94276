/// The header lines of an answer as they came. Taken apart only when asked for.
struct HTTPResponseHead: Sendable {
    private var lines: [UInt8] = []
    /// Whether the empty line that ends a head was seen.
    private(set) var isComplete = false

    private static let usualBytes = 256

    /// Takes one line. A status line begins a new head, because an interim answer (100) came before it; what follows
    /// the end without one are trailers, and left out.
    mutating func add(_ line: UnsafeRawBufferPointer) {
        switch unsafe line.first {
        case UInt8(ascii: "H") where unsafe line.starts(with: "HTTP/".utf8):
            lines.removeAll(keepingCapacity: true)
            lines.reserveCapacity(Self.usualBytes)
            isComplete = false
        case UInt8(ascii: "\r"), UInt8(ascii: "\n"): isComplete = true
        case _ where !isComplete: unsafe lines.append(contentsOf: line)
        default: break
        }
    }

    var fields: [(String, String)] {
        lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return (Self.text(line[..<colon]), Self.text(line[(colon + 1)...]))
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let start = bytes.firstIndex { !isSpace($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
