import Native

/// The ids a gateway has seen, and what became of each. The oldest are forgotten past a limit.
@LoopActor struct GatewayOutbox {
    private struct Key: Hashable {
        let tenant: String
        let id: String
    }

    private var sends: [Key: OneShot<GatewayVerdict>] = [:]
    private var order: Ring<Key>

    init(capacity: Int) { order = Ring(capacity: capacity) }

    subscript(tenant: String, id: String) -> OneShot<GatewayVerdict>? { sends[Key(tenant: tenant, id: id)] }

    mutating func begin(_ tenant: String, _ id: String, _ sending: OneShot<GatewayVerdict>) {
        let key = Key(tenant: tenant, id: id)
        sends[key] = sending
        if let gone = order.append(key) { sends[gone] = nil }
    }

    mutating func forget(_ tenant: String, _ id: String) { sends[Key(tenant: tenant, id: id)] = nil }
}
