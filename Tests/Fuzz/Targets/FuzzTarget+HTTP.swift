import Native

extension FuzzTarget {
    /// Header lines: what is taken is stated once, and no two servers could read it differently.
    static let framing = FuzzTarget("framing", .text, dictionary: "http", maxLength: 256) { input throws(Violation) in
        var framing = RequestFraming(), names: [[UInt8]] = [], lengths: [[UInt8]] = [], encodings = 0
        for line in input.split(separator: UInt8(ascii: "\n")) {
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            let name = Array(line[..<colon])
            let value = Array(line[min(colon + 1, line.endIndex)...].drop { $0 == 0x20 || $0 == 0x09 })
            unsafe name.withUnsafeBytes { name in
                unsafe value.withUnsafeBytes { value in unsafe framing.field(name: name, value: value) }
            }
            let word = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            names.append(word)
            if word == contentLength { lengths.append(value) }
            if word == transferEncoding { encodings += 1 }
        }
        let isRepeated = Set(names).count < names.count
        try hold(framing.mayRepeat || !isRepeated, "a repeated header was not noticed")
        guard framing.verdict(limit: 1 << 20, needsHost: true) == nil else { return }

        try hold(names.count { $0 == host } == 1, "taken without exactly one Host")
        try hold(encodings <= 1 && (encodings == 0 || lengths.isEmpty), "the length of the body is stated twice")
        try hold(framing.bodyLength == nil || encodings == 0, "a chunked body with a length")
        for length in lengths {
            let number = Int(String(decoding: length, as: UTF8.self))
            try hold(number == framing.bodyLength && (0...1 << 20).contains(number ?? -1), "length \(length)")
        }
        for name in names {
            let isPlain = !name.isEmpty && name.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            try hold(isPlain, "a name of \(name)")
        }
    }

    private static let host = Array("host".utf8)
    private static let contentLength = Array("content-length".utf8)
    private static let transferEncoding = Array("transfer-encoding".utf8)

    /// A request target, the URL table's matching, and the parameters of a query.
    static let requestTarget = FuzzTarget("request-target", .text, dictionary: "http", maxLength: 256) {
        input throws(Violation) in
        let target = unsafe input.withUnsafeBufferPointer { unsafe HTTPRequestTarget($0) }
        guard target.isWellFormed else { return }
        let whole = target.rawQuery.isEmpty ? [target.path] : [target.path, target.rawQuery]
        let text = String(decoding: input, as: UTF8.self)
        try hold(text == whole.joined(separator: "?") || text == target.path + "?", "cut in the wrong place")

        let words = PathPattern.words(of: target.path)
        for pattern in patterns {
            guard let named = pattern.match(words) else { continue }
            try hold(words.count >= 2 && words[0] == "webhook", "matched another path: \(target.path)")
            try hold(named[optional: "business"].map { !$0.isEmpty } ?? true, "an empty word for a name")
        }
        try hold(URLEncodedForm(target.rawQuery).fields.count <= input.count, "more parameters than bytes")
    }

    private static let patterns = [
        PathPattern("/webhook/twilio/:business"), PathPattern("/webhook/twilio/:business/status"),
        PathPattern("/webhook/:sender/incoming"),
    ]
}
