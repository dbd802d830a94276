@testable import Shared

/// A script with one mistake made on purpose.
struct Mutant: Sendable {
    let name: String
    /// Name of a file in Scripts.
    let script: String
    /// Each found once.
    private var changes: [(find: String, replacement: String)]

    init(_ name: String, in script: String, _ find: String, _ replacement: String) {
        self.name = name
        self.script = script
        changes = [(find, replacement)]
    }

    /// With a second change, without which the first has no effect.
    func and(_ find: String, _ replacement: String) -> Mutant {
        var mutant = self
        mutant.changes.append((find, replacement))
        return mutant
    }

    /// Why this is no mutant any more: a text to change is not there exactly once. nil when all are.
    func problem() -> String? {
        var source = ""
        _ = QueueScripts { name, text in
            if name == script { source = String(decoding: text, as: UTF8.self) }
            return text
        }
        for change in changes {
            let count = source.ranges(of: change.find).count
            if count != 1 { return "\(count) times in \(script).lua, and must be there once: \(change.find)" }
        }
        return nil
    }

    var scripts: QueueScripts {
        QueueScripts { name, text in
            if name != script { return text }
            let source = changes.reduce(String(decoding: text, as: UTF8.self)) {
                $0.replacing($1.find, with: $1.replacement)
            }
            return Array(source.utf8)
        }
    }
}
