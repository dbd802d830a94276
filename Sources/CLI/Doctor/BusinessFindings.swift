import Native
import Shared

/// What is to be said of the businesses.
enum BusinessFindings {
    /// Names at most so many of each kind.
    private static let most = 5

    static func findings(_ businesses: [Business], _ configuration: Configuration) -> [Finding] {
        guard !businesses.isEmpty else {
            return [
                .wrong(
                    "businesses", "there is no business: every message ends as a dead job",
                    do: "Make one: `rejoinder migrate --business ID`")
            ]
        }
        var findings: [Finding] = []
        let active = businesses.filter { $0.status == .active }
        let mute = active.filter { business in !business.providers.contains { configuration.isOpen($0, for: business) }
        }
        if !mute.isEmpty {
            findings.append(
                .wrong(
                    "businesses", "no way to send for \(names(mute.map(\.id)))",
                    do: "Set the credentials of one of their providers, or name others in businesses.providers"))
        }
        for (address, ids) in contested(businesses) {
            findings.append(
                .wrong(
                    "businesses", "\(names(ids)) claim the same \(address), and the first of them gets its messages",
                    do: "Take it out of the settings of the others"))
        }
        for business in businesses.filter({ !$0.settings.problems.isEmpty }).prefix(most) {
            findings.append(
                .wrong(
                    "businesses",
                    "settings of \(business.id) that cannot be used: \(business.settings.problems.joined(separator: ", "))",
                    do: "Mend their types in businesses.settings; they count as not set"))
        }
        if let standard = configuration.api.defaultBusiness, !businesses.contains(where: { $0.id == standard }) {
            findings.append(
                .wrong(
                    "businesses", "DEFAULT_BUSINESS names \(standard), and there is no such business",
                    do: "Make it with `rejoinder migrate --business \(standard)`, or name another"))
        }
        guard findings.isEmpty else { return findings }
        let resting = businesses.count - active.count
        return [
            .right(
                "businesses",
                "\(active.count) active" + (resting > 0 ? ", \(resting) paused or disabled" : "")
                    + ", each with a way to send")
        ]
    }

    /// Messages for addresses that no business has, which died.
    static func deadAliases(_ aliases: [(name: String, count: Int)]) -> Finding {
        guard !aliases.isEmpty else { return .right("unknown numbers", "no message waits for an unknown receiver") }
        let list = aliases.prefix(most).map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
        return .wrong(
            "unknown numbers",
            "\(Shown.count(aliases.reduce(0) { $0 + $1.count }, "message")) for receivers that no business has: \(list)",
            do:
                "Put the address into its business's settings, then `rejoinder dead replay --business NAME` with that name"
        )
    }

    /// - Parameter unknown: businesses, by id.
    static func timeZones(unknown: [String]) -> Finding {
        if unknown.isEmpty { return .right("time zones", "the database knows each business's") }
        return .wrong(
            "time zones", "the database does not know that of \(names(unknown)): quiet_hours are taken by UTC",
            do: "Set businesses.timezone to a name of the tz database, such as America/Sao_Paulo")
    }

    /// Addresses that several claim, and who does, by id.
    private static func contested(_ businesses: [Business]) -> [(address: String, ids: [String])] {
        var owners: [String: [String]] = [:]
        for business in businesses {
            let settings = business.settings
            let claims: [(String, String?)] = [
                ("number of Meta's", settings.metaPhoneNumberID),
                (
                    "number of Twilio's",
                    settings.twilioFrom.map(TwilioAddress.withoutChannel)
                ),
                ("instance of Evolution's", settings.evolutionInstance), ("session of WAHA's", settings.wahaSession),
            ]
            for case let (kind, name?) in claims { owners["\(kind) \(name)", default: []].append(business.id) }
        }
        return owners.filter { $0.value.count > 1 }.map { ($0.key, $0.value.sorted()) }.sorted {
            $0.address < $1.address
        }
    }

    private static func names(_ ids: [String]) -> String {
        ids.prefix(most).joined(separator: ", ") + (ids.count > most ? " and \(ids.count - most) more" : "")
    }
}
