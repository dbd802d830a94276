import Native

/// The job that notes how far a message of ours has come: `receipt` on queue `receipts`.
package enum ReceiptJob {
    package static let name = "receipt"
    package static let version = 1

    /// Its id follows from the message and the status, so that a repeat is seen as one. It is in no order with others: a
    /// status only moves forward.
    package static func job(for receipt: DeliveryReceipt, traceparent: String?) -> Job {
        let key = [
            receipt.tenant, receipt.provider.rawValue, receipt.providerMessageID, receipt.status.rawValue,
        ].joined(separator: "|")
        var payload = JSONWriter(reserving: 256)
        receipt.write(to: &payload)
        return Job(
            id: JobID(Hex.encode(Digest.sha256.hash(Array(key.utf8)).prefix(16))), name: name, version: version,
            lane: .receipts, tenant: TenantID(receipt.tenant), conversation: nil, traceparent: traceparent,
            payload: payload.bytes)
    }
}
