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
        owner(twilioNumber: number) ?? unclaimed(BusinessAlias.tenant(twilioNumber: number))
    }

    func owner(twilioNumber number: String) -> String? {
        index.business(at: .twilioNumber(number))
            ?? index.business(at: .twilioNumber(BusinessAlias.digits(ofTwilioNumber: number)))
    }

    /// The business that the path of a proven request names. It may be one that nobody knows yet, but not an alias: the
    /// worker would resolve that to a business whose own secret nobody asked for.
    func tenant(path name: String) throws(APIError) -> String {
        if index[name] != nil { return name }
        guard TenantName.isValid(name) else {
            throw .badRequest("the path's business must be an id of a business: \(TenantName.rule)")
        }
        guard BusinessAlias(tenant: name) == nil else {
            throw isLoaded ? .badRequest("the path's business must be an id of a business") : .businessesUnknown
        }
        return name
    }

    /// What no business claims.
    func unclaimed(_ alias: String) -> String { isLoaded ? defaultBusiness ?? alias : alias }
}

extension BusinessAlias {
    /// An address that is no phone is named as it is.
    static func tenant(twilioNumber number: String) -> String {
        let digits = digits(ofTwilioNumber: number)
        return tenant(provider: .twilio, name: digits.isEmpty ? number : digits)
    }

    fileprivate static func digits(ofTwilioNumber number: String) -> String {
        String(number.filter { $0.isASCII && $0.isNumber })
    }
}

extension BusinessDirectory {
    func known(defaultBusiness: String?) -> KnownBusinesses {
        KnownBusinesses(index: index, isLoaded: isLoaded, defaultBusiness: defaultBusiness)
    }
}
