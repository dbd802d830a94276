import Native

/// What a gateway answered.
@LoopActor struct GatewayReply {
    let status: Int
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func string(_ name: StaticString) -> String? { (try? JSON.read(body) { $0[name]?.string }) ?? nil }

    func flag(_ name: StaticString) -> Bool? { (try? JSON.read(body) { $0[name]?.bool }) ?? nil }

    func int(_ name: StaticString) -> Int? { (try? JSON.read(body) { $0[name]?.int }) ?? nil }
}
