import Shared

/// What the API knows of the businesses at the moment of a request.
struct KnownBusinesses: Sendable {
    let index: BusinessIndex
    /// Before, "there is no such business" means nothing.
    let isLoaded: Bool
    /// Takes what no business claims. `DEFAULT_BUSINESS`
    let defaultBusiness: String?

    /// The tenant of a message that names a Meta number: a business, or an alias that the worker resolves.
    func tenant(metaNumber id: String) -> String {
        index.business(at: .metaNumber(id)) ?? unclaimed(BusinessAlias.tenant(provider: .meta, name: id))
    }

    /// The same of a number of Twilio's, with or without `+`.
    func tenant(twilioNumber number: String) -> String {
        let digits = String(number.filter { $0.isASCII && $0.isNumber })
        let owner = index.business(at: .twilioNumber(number)) ?? index.business(at: .twilioNumber(digits))
        // An address that is no phone is named as it is.
        return owner ?? unclaimed(BusinessAlias.tenant(provider: .twilio, name: digits.isEmpty ? number : digits))
    }

    /// What no business claims.
    func unclaimed(_ alias: String) -> String { isLoaded ? defaultBusiness ?? alias : alias }
}

extension BusinessDirectory {
    func known(defaultBusiness: String?) -> KnownBusinesses {
        KnownBusinesses(index: index, isLoaded: isLoaded, defaultBusiness: defaultBusiness)
    }
}
