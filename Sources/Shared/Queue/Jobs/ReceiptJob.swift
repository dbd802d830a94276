import Native

/// The job that notes how far a message of ours has come: `receipt` on queue `receipts`.
package enum ReceiptJob {
    package static let name = "receipt"
    package static let version = 1

    /// A repeat within this time is seen as one. Later it costs an update that changes nothing; to remember every receipt for
    /// as long as a message would cost 133 bytes of Redis for each status of each reply of a day.
    package static let rememberedFor: Duration = .seconds(60)

    /// Its id follows from the message and the status, so that a repeat is seen as one. Receipts of one message are handled
    /// one after another: two at once would wait for the same row in Postgres.
    package static func job(for receipt: DeliveryReceipt, traceparent: String?) -> Job {
        let key = [
            receipt.tenant, receipt.provider.rawValue, receipt.providerMessageID, receipt.status.rawValue,
        ].joined(separator: "|")
        var payload = JSONWriter(reserving: 256)
        receipt.write(to: &payload)
        return Job(
            id: JobID(Hex.encode(Digest.sha256.hash(Array(key.utf8)).prefix(16))), name: name, version: version,
            lane: .receipts, tenant: TenantID(receipt.tenant),
            conversation: ConversationID("message:\(receipt.provider.rawValue):\(receipt.providerMessageID)"),
            traceparent: traceparent, payload: payload.bytes, rememberedFor: rememberedFor)
    }
}
