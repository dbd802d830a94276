import Native
import Shared

/// What a business's own secret opens of a body of Meta's: the messages for the numbers of businesses that have this very
/// secret. So it opens nothing that is another's, nor a number that nobody has yet and another may have tomorrow.
struct MetaProof: Sendable {
    private let secret: Secret

    /// Different secrets that are tried. A body is signed with one; that it names more numbers is rare, and that nobody
    /// knows them, as a stranger may.
    static let mostSecrets = 100
    /// Of all tries together, so that a stranger's large body costs no more than a few milliseconds.
    static let mostBytes = 4 << 20

    /// Tries the secrets of the businesses whose numbers the body names. A body that names none brings no message: then
    /// any business's is good, as long as there are no more than `mostSecrets`.
    ///
    /// - Returns: nil when none of them signed the body.
    init?(_ signature: String, _ body: [UInt8], numbers: [String], _ known: KnownBusinesses) {
        var tries = min(Self.mostSecrets, Self.mostBytes / max(body.count, 1))
        func proves(_ secret: Secret) -> Bool {
            tries -= 1
            return BodySignature.proves(signature, body, keys: [secret], .sha256)
        }
        if numbers.isEmpty {
            let all = known.index.metaSecrets
            guard all.count <= tries, let found = all.first(where: proves) else { return nil }
            secret = found
            return
        }
        var seen: Set<Secret> = []
        for number in numbers {
            for candidate in known.owner(of: number)?.metaSecrets ?? [] where seen.insert(candidate).inserted {
                guard tries > 0 else { return nil }
                guard proves(candidate) else { continue }
                secret = candidate
                return
            }
        }
        return nil
    }

    /// Whether it opens what is for the number.
    func covers(_ number: String, _ known: KnownBusinesses) -> Bool {
        known.owner(of: number)?.metaSecrets.contains(secret) ?? false
    }
}

extension KnownBusinesses {
    /// The settings of the business that has the number of Meta's.
    func owner(of number: String) -> BusinessSettings? {
        index.business(at: .metaNumber(number)).flatMap { index[$0] }
    }
}
