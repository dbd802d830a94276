import Native

/// What receipts told of messages under our own ids, for a while: the only way to learn what became of a send through a
/// provider that cannot be asked.
@LoopActor package struct ToldSends {
    package struct Told: Equatable, Sendable {
        package let providerID: String
        /// The provider took it and did not deliver it.
        package let hasFailed: Bool
    }

    private let redis: RedisClient

    /// Longer than a job with an open send comes back.
    private static let lifetime = Duration.seconds(3600)
    /// Longer than a send waits for its acknowledgement.
    private static let acknowledgementLifetime = Duration.seconds(300)

    package init(redis: RedisClient) { self.redis = redis }

    /// Running it twice changes nothing. A failure never replaces what proves it wrong.
    package func note(_ receipt: DeliveryReceipt) async throws(RedisError) {
        guard let (ownID, lifetime) = Self.kept(receipt) else { return }
        let hasFailed = receipt.status == .failed
        var command = RedisCommand(
            "SET", ShardKeys.told(ownID, provider: receipt.provider, tenant: receipt.tenant),
            "\(hasFailed ? "failed" : "sent") \(receipt.providerMessageID)", "PX", String(lifetime.milliseconds))
        if hasFailed { command.append("NX") }
        _ = try await redis.send(command)
    }

    /// Under which id a receipt is kept, and how long. Nobody waits for the others.
    private static func kept(_ receipt: DeliveryReceipt) -> (id: String, lifetime: Duration)? {
        if let ownID = receipt.ownID { return (ownID, lifetime) }
        switch receipt.provider {
        case .evolution, .waha: return (receipt.providerMessageID, acknowledgementLifetime)
        case .baileys, .twilio, .meta: return nil
        }
    }

    /// nil: nothing was told, or Redis does not answer.
    ///
    /// - Parameter tenants: under which the receipts may have come: the business, and what stands in for it.
    package func find(_ ownID: String, provider: ProviderName, tenants: [String]) async -> Told? {
        var failed: Told?
        for tenant in tenants {
            let key = ShardKeys.told(ownID, provider: provider, tenant: tenant)
            guard let text = try? await redis.send(RedisCommand("GET", key)).text, let space = text.firstIndex(of: " ")
            else { continue }
            let told = Told(
                providerID: String(text[text.index(after: space)...]), hasFailed: text[..<space] == "failed")
            if !told.hasFailed { return told }
            failed = told
        }
        return failed
    }
}
