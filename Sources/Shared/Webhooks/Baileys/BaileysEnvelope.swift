import Native

/// What the gateway puts around Baileys' events.
@LoopActor enum BaileysEnvelope {
    /// The business the body names, or the default one.
    static func tenant(_ root: JSONElement, default standard: String?) throws(JSONError) -> String {
        guard root.isObject else { throw .unexpected("the body must be an object") }
        guard let named = root["tenantId"] else {
            guard let standard else { throw .unexpected("tenantId is missing and DEFAULT_BUSINESS is not set") }
            return standard
        }
        guard let tenant = named.string, TenantName.isValid(tenant) else {
            throw .unexpected("tenantId must be \(TenantName.rule)")
        }
        return tenant
    }

    /// Our own addresses: `me: {id, lid}`, as Baileys' `sock.user` has them. Empty when the gateway does not tell.
    static func own(_ payload: JSONElement) -> [ContactAddress] {
        guard let me = payload["me"] else { return [] }
        return [me["id"], me["lid"]].compactMap { $0?.string.flatMap(ContactAddress.init(jid:)) }
    }

    /// The items of a list that brings messages or receipts.
    ///
    /// - Throws: when there are more than a body can hold of good ones. A megabyte of `{},{},{}` would keep everybody else
    ///   waiting for half a second, only to be told what is wrong with each.
    static func items(_ list: JSONElement, _ place: String) throws(JSONError) -> [JSONElement] {
        guard let items = list.items(atMost: mostItems) else {
            throw .unexpected("\(place) has more than \(mostItems) elements")
        }
        return items
    }

    /// The shortest message has some 90 bytes, and a body 1 MiB.
    private static let mostItems = 16_384
}
