import Native
import Shared

extension FuzzTarget {
    /// Every one of them: a line here, a folder in the corpus.
    package static let all: [FuzzTarget] = [
        jsonShim, form, framing, requestTarget, twilioSignature, evolutionToken, chatAnswer,
        normaliser("baileys-messages") { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: "standard")
        },
        normaliser("baileys-receipts") { root throws(JSONError) in
            try BaileysReceiptNormalizer.normalize(root, defaultTenant: "standard", arrival: arrival)
        },
        normaliser(form: "twilio") { form in
            let tenant = BusinessAlias.tenant(provider: .twilio, name: TwilioNormalizer.businessNumber(form) ?? "")
            return [TwilioNormalizer.event(form, tenant: tenant, receivedAt: arrival)]
        },
        normaliser("meta") { root throws(JSONError) in
            let numbers = MetaNormalizer.phoneNumberIDs(root)
            return try MetaNormalizer.normalize(root) { number in
                precondition(numbers.contains(number), "a number that the proof does not ask for")
                return BusinessAlias.tenant(provider: .meta, name: number)
            }
        },
        normaliser("evolution") { root throws(JSONError) in
            let tenant = BusinessAlias.tenant(provider: .evolution, name: root["instance"]?.string ?? "")
            return try EvolutionNormalizer.normalize(root, tenant: tenant, now: arrival)
        },
        normaliser("waha") { root throws(JSONError) in
            let tenant = BusinessAlias.tenant(provider: .waha, name: root["session"]?.string ?? "")
            return try WAHANormalizer.normalize(root, tenant: tenant, now: arrival)
        },
    ]

    private static let arrival = WallTime(milliseconds: 1_763_650_000_000)

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
