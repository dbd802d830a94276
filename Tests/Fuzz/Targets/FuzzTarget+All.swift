import Native
import Shared

extension FuzzTarget {
    /// Every one of them: a line here, a folder in the corpus.
    package static let all: [FuzzTarget] = [
        jsonShim, form, framing, requestTarget, twilioSignature, evolutionToken,
        normaliser("baileys-messages") { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: "standard")
        },
    ]

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
