import Native

/// How one call of a tool ended, and what the AI is told of it.
package struct ToolResult: Sendable, Equatable {
    package enum Outcome: String, Sendable, CaseIterable {
        /// Answered with a 2xx.
        case done
        /// Answered with another status.
        case failed
        /// Called without an answer: it may have done its work.
        case unanswered
        /// Not called: no connection, or an address that is not allowed.
        case unreachable
        /// Not called: the arguments are not what its schema asks for, or there is no such tool.
        case refused
    }

    package let outcome: Outcome
    /// At most `limit` bytes.
    package let text: String
    /// Of the answer, where there is one.
    package let status: Int?

    package static let limit = 16 << 10

    package init(_ outcome: Outcome, _ text: String, status: Int? = nil) {
        self.outcome = outcome
        self.text = text
        self.status = status
    }

    /// - Parameters:
    ///   - body: of the answer, or its beginning.
    ///   - length: of all that came of it, bytes.
    init(status: Int, body: [UInt8], length: Int) {
        let text = Self.cut(body, of: length)
        switch status {
        case 200..<300:
            self.init(.done, text.isEmpty ? "Done (HTTP \(status)), without a text." : text, status: status)
        case 300..<400:
            self.init(.failed, "The tool answered HTTP \(status), a redirect, which is not followed.", status: status)
        default: self.init(.failed, "The tool answered HTTP \(status). \(text)", status: status)
        }
    }

    /// What a call without an answer says; nil when it was cancelled.
    init?(_ error: HTTPClientError) {
        switch error {
        case .cancelled: return nil
        case .timedOut:
            self.init(.unanswered, "The tool did not answer in time. It is not known whether it did its work.")
        case .responseTooLarge(let limit):
            self.init(.failed, "The tool's answer is longer than \(limit) bytes, and was not read.")
        case .broken:
            self.init(.unanswered, "The tool's answer was lost. It is not known whether it did its work.")
        case .notSent: self.init(.unreachable, "The tool cannot be reached. It did not do its work.")
        case .refusedAddress, .invalidURL:
            self.init(.unreachable, "The tool cannot be called: its address is not allowed.")
        }
    }

    /// Room for the words around a body.
    private static let room = 256

    /// Whole characters of the beginning, and a word that it is one. What is no text of UTF-8, or a control character,
    /// becomes U+FFFD: it would only grow on its way.
    private static func cut(_ body: [UInt8], of length: Int) -> String {
        let most = limit - room
        var text = String.UnicodeScalarView(), size = 0
        for scalar in String(decoding: body.prefix(most + 1), as: UTF8.self).unicodeScalars {
            let isControl = scalar.value < 0x20 && !"\n\r\t".unicodeScalars.contains(scalar)
            let kept = isControl ? "\u{FFFD}" : scalar
            let end = size + String(kept).utf8.count
            if end > most { return String(text) + "\n[cut: the beginning of \(length) bytes]" }
            text.append(kept)
            size = end
        }
        return String(text)
    }
}
