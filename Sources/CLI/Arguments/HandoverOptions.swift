import Shared

/// What `rejoinder handover` is to do.
struct HandoverOptions: Equatable {
    enum Act: Equatable {
        /// nil: of all businesses.
        case list(business: String?)
        /// nil minutes: until it is given back.
        case take(business: String, contact: String, minutes: Int?)
        case back(business: String, contact: String)
    }

    var act: Act
    var isJSON = false
    var data: String?

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(
            words, valued: ["minutes", "business", "data"], flags: ["back", "json"], takesWords: true)
        isJSON = options.has("json")
        data = options["data"]
        if options.words == ["list"] {
            guard options["minutes"] == nil, !options.has("back") else {
                throw UsageError("--minutes and --back go with BUSINESS CONTACT")
            }
            act = .list(business: try options.business())
            return
        }
        guard options.words.count == 2, options["business"] == nil else {
            throw UsageError("handover needs BUSINESS CONTACT, or list")
        }
        let business = options.words[0]
        guard TenantName.isValid(business) else {
            throw UsageError("a business is \(TenantName.rule), not “\(business)”")
        }
        guard let contact = ContactName.of(options.words[1]) else {
            throw UsageError("a contact is \(ContactName.rule), not “\(options.words[1])”")
        }
        if options.has("back") {
            if options["minutes"] != nil { throw UsageError("either --minutes or --back") }
            act = .back(business: business, contact: contact)
        } else {
            let minutes = try options.int("minutes", in: 1...525_600, default: 0)
            act = .take(business: business, contact: contact, minutes: minutes == 0 ? nil : minutes)
        }
    }
}
