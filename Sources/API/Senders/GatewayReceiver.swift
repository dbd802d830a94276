import Native
import Shared

/// Whom a webhook of a gateway is for, as far as its path and the few fields that name it say, before it is proven.
struct GatewayReceiver: Equatable, Sendable {
    /// A business's id, or an alias as long as nobody knows whose the address is. nil: nothing names one.
    var tenant: String?
    /// Whether the path names it, and nobody has looked at the name yet.
    var isFromPath = false
    /// Who is named that nobody here has heard of.
    var unheardOf: [String] = []

    /// Bytes from which on a body is not read to find out who could have proven it.
    static let largeBody = 64 << 10

    /// - Parameters:
    ///   - path: the path's business.
    ///   - claimed: the id of a business that the body names. It counts when there is such a business.
    ///   - address: the instance or session that the body names.
    init(
        _ known: KnownBusinesses, path: String?, claimed: String? = nil, address: BusinessIndex.Address?
    ) {
        if let path {
            tenant = path
            isFromPath = true
            unheardOf = known.unheardOf(id: path)
            return
        }
        if let claimed { unheardOf = known.unheardOf(id: claimed) }
        if let claimed, known.index[claimed] != nil {
            tenant = claimed
        } else if let address {
            tenant = known.index.business(at: address)
            guard tenant == nil else { return }
            let alias = BusinessAlias.tenant(of: address)
            unheardOf.append(alias)
            tenant = known.unclaimed(alias)
        } else {
            tenant = known.defaultBusiness
        }
    }

    /// Lets pass what one of the secrets proves that are good for this receiver: its own, current and previous, or those
    /// of all where it has none. A body that names its receiver is so only taken by a secret of that very receiver.
    ///
    /// - Parameters:
    ///   - own: the receiver's; empty: it has none.
    ///   - global: `…_SECRET` and `…_SECRET_PREVIOUS`.
    @LoopActor func prove(
        own: [Secret], global: [Secret], isLoaded: Bool, _ proves: @LoopActor ([Secret]) -> Bool
    ) throws(APIError) {
        if proves(own.isEmpty ? global : own) { return }
        throw own.isEmpty && !isLoaded ? .businessesUnknown : .unauthorized(unheardOf: unheardOf)
    }

    /// Refuses a large body that the secrets of all do not prove, before it is read for its receiver, where no receiver has
    /// a secret of its own: reading a megabyte keeps all others waiting.
    @LoopActor static func proveLarge(
        _ body: [UInt8], of provider: ProviderName, global: [Secret], _ known: KnownBusinesses,
        _ proves: @LoopActor ([Secret]) -> Bool
    ) throws(APIError) {
        guard body.count > largeBody, known.isLoaded, !known.index.hasOwnSecret(provider) else { return }
        if !proves(global) { throw .unauthorized }
    }

    /// The tenant of a request that was proven.
    func proven(_ known: KnownBusinesses) throws(APIError) -> String? {
        guard let tenant, isFromPath else { return tenant }
        return try known.tenant(path: tenant)
    }
}

extension BusinessAlias {
    fileprivate static func tenant(of address: BusinessIndex.Address) -> String {
        switch address {
        case .metaNumber(let id): tenant(provider: .meta, name: id)
        case .twilioNumber(let number): tenant(twilioNumber: number)
        case .evolutionInstance(let instance): tenant(provider: .evolution, name: instance)
        case .wahaSession(let session): tenant(provider: .waha, name: session)
        }
    }
}
