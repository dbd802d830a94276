import Native

/// The id of an outgoing message: `3EB0` and 18 upper-case hexadecimal digits, the form that WhatsApp's own clients give
/// theirs. It follows from the job, the kind and the part, so that a repeat of the job sends the same id.
///
/// A message that a person types in WhatsApp Web has an id of the same form. So that ours are known wherever they come back,
/// also before the send was answered and without asking anybody, the last four digits follow from the fourteen before: of
/// 65,536 ids of others one is taken for ours.
package enum OutboundID {
    private static let prefix = "3EB0"

    package static func make(job: String, kind: MessageKind, part: Int) -> String {
        let hash = Digest.sha256.hash(Array("\(job)|\(kind.rawValue)|\(part)".utf8))
        let digits = Hex.encode(hash.prefix(7), isUpperCase: true)
        return prefix + digits + check(digits)
    }

    /// Whether the id is one that `make` made.
    package static func isOurs(_ id: String) -> Bool {
        guard id.utf8.count == 22, id.hasPrefix(prefix) else { return false }
        let digits = String(id.dropFirst(prefix.count))
        return check(String(digits.prefix(14))) == digits.suffix(4)
    }

    private static func check(_ digits: String) -> String {
        Hex.encode(Digest.sha256.hash(Array("rejoinder|\(digits)".utf8)).prefix(2), isUpperCase: true)
    }
}
