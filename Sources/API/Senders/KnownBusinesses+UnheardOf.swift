import Shared

/// Whom a refused request may be for that nobody here has heard of: empty when all it names are known.
extension KnownBusinesses {
    /// - Parameter id: what a path or body names, which need not be fit for an id.
    func unheardOf(id: String) -> [String] { index[id] == nil && TenantName.isValid(id) ? [id] : [] }

    func unheardOf(twilioNumber number: String) -> [String] {
        owner(twilioNumber: number) == nil ? [BusinessAlias.tenant(twilioNumber: number)] : []
    }

    /// No more than a few of them: a body of Meta's is for the numbers of one app.
    func unheardOf(metaNumbers ids: [String]) -> [String] {
        ids.lazy.filter { index.business(at: .metaNumber($0)) == nil }.prefix(3)
            .map { BusinessAlias.tenant(provider: .meta, name: $0) }
    }
}
