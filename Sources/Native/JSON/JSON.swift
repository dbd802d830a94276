internal import CSimdJSON

/// Reads JSON through simdjson: about 1 µs for a webhook. It checks the whole text, UTF-8 included, before the
/// first value is looked at.
package enum JSON {
    /// Nesting that is still read. Deeper text is refused.
    package static let maxDepth = 64
    /// Text that is still read, bytes. Longer text is refused.
    package static let maxBytes = 8 << 20

    /// Lends the parsed text to `body`. The elements are views: they may not be used after `body` returned, which
    /// a debug or release build alike traps on.
    @LoopActor package static func read<T>(
        _ bytes: [UInt8], _ body: (JSONElement) throws(JSONError) -> T
    ) throws(JSONError) -> T {
        let parser = pool.popLast() ?? JSONParser()
        defer {
            parser.invalidate()
            // A parser keeps some ten times the longest text it ever read.
            if bytes.count <= keptBytes { pool.append(parser) }
        }
        return try body(parser.parse(bytes))
    }

    /// After a longer text a parser is freed.
    private static let keptBytes = 64 << 10

    /// Parsers that are not lent out. More than one exists only where a `read` runs inside another.
    @LoopActor private static var pool: [JSONParser] = []
}

/// Why JSON could not be read, for the person who sent it.
package enum JSONError: Error, Equatable, Sendable {
    /// Not JSON, not UTF-8, too deep or too long; the parser's words.
    case malformed(String)
    /// JSON of another shape than asked for; where, and what was expected there.
    case unexpected(String)
}

/// One simdjson parser and the text it read last. Frees the parser.
@safe @LoopActor final class JSONParser {
    /// Never null: making one fails only when memory is out, and then the process ends.
    private let handle: OpaquePointer
    /// Grows with every text, so that an element knows whether its text is still there.
    private(set) var generation = 0

    init() {
        guard let handle = unsafe csj_parser_new(JSON.maxBytes, JSON.maxDepth) else { fatalError("out of memory") }
        unsafe self.handle = handle
    }

    isolated deinit { unsafe csj_parser_free(handle) }

    func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONElement {
        var root = unsafe csj_element()
        let error = unsafe bytes.withUnsafeBytes { bytes in
            unsafe csj_parse(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &root)
        }
        guard error == 0 else { throw .malformed(unsafe String(cString: csj_error_text(error))) }
        return unsafe JSONElement(raw: root, parser: self)
    }

    /// Makes every element of the text unusable.
    func invalidate() { generation += 1 }
}
