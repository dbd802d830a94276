import Native

extension BusinessStore {
    /// The id of the business that an alias stands for: the one whose settings name the address, of several the first by
    /// id. An instance of Evolution or session of WAHA is also found by the id of a business that names none.
    ///
    /// A digest is compared with every business's; what has one is rare.
    package func id(of alias: BusinessAlias) async throws(StoreError) -> String? {
        guard let address = Self.address(alias.provider) else { return nil }
        let name: String
        let column: (String) -> String
        switch alias.key {
        case .name(let text): (name, column) = (text, { $0 })
        case .digest(let text):
            (name, column) = (text, { "encode(substr(sha256(convert_to(\($0), 'UTF8')), 1, 16), 'hex')" })
        }
        let byID = address.isAlsoID ? "OR (\(column("id")) = $1 AND settings ->> '\(address.key)' IS NULL)" : ""
        return try await pool.run(
            """
            SELECT id FROM businesses
            WHERE (settings ? '\(address.key)' AND \(column(address.expression)) = $1) \(byID)
            ORDER BY settings ->> '\(address.key)' IS NULL, id LIMIT 1
            """, [.text(name)]
        ).first?.string("id")
    }

    private struct Address {
        /// Of `settings`.
        var key: String
        /// What is compared with an alias's name; the indexes of the table have the same.
        var expression: String
        var isAlsoID = false
    }

    /// nil where a webhook names the business itself.
    private static func address(_ provider: ProviderName) -> Address? {
        switch provider {
        case .baileys: nil
        case .meta: Address(key: "meta_phone_number_id", expression: "(settings ->> 'meta_phone_number_id')")
        case .twilio:
            // Settings may have `whatsapp:` and `+` in front; the alias has the digits.
            Address(
                key: "twilio_from",
                expression: "regexp_replace(settings ->> 'twilio_from', '[^0-9]', '', 'g')")
        case .evolution:
            Address(
                key: "evolution_instance", expression: "(settings ->> 'evolution_instance')", isAlsoID: true)
        case .waha: Address(key: "waha_session", expression: "(settings ->> 'waha_session')", isAlsoID: true)
        }
    }
}
