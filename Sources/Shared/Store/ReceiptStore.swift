import Native

/// What providers say of our messages: the column `messages.status`, and the table `early_receipts` for what comes
/// before its message's row. See `0004-receipts.sql`.
@LoopActor package struct ReceiptStore {
    package enum Outcome: String, Sendable, CaseIterable {
        /// The message's row has it.
        case applied
        /// It waits for the message's row, seven days at the longest.
        case early
        /// No such business: nothing was written.
        case unknown
    }

    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Notes a receipt. May run any number of times, in any order with others and with the writing of the row: the
    /// furthest status and the earliest times stand.
    ///
    /// - Parameter business: whose message it is; the receipt's tenant may be an alias.
    package func note(_ receipt: DeliveryReceipt, of business: String) async throws(StoreError) -> Outcome {
        let parameters: [PostgresParameter] = [
            .text(business), .text(receipt.provider.rawValue), .text(receipt.providerMessageID),
            .text(receipt.status.rawValue), .time(receipt.at), PostgresParameter(receipt.error?.storable),
        ]
        // The pool runs statements of one turn as one transaction, which would hold the locks of many messages.
        let isApplied = try await pool.run("SELECT rejoinder_apply_receipt(\(Self.marks)) AS done", parameters)
        if isApplied[0].bool("done") { return .applied }
        do {
            let word = try await pool.transaction { transaction in
                try await transaction.query("SELECT rejoinder_keep_receipt(\(Self.marks)) AS outcome", parameters)[0]
                    .string("outcome")
            }
            guard let outcome = Outcome(rawValue: word) else {
                throw StoreError.unreadable("receipt's outcome \(word)")
            }
            return outcome
        } catch let error as StoreError {
            throw error
        } catch let error as PostgresError {
            throw .postgres(error)
        } catch {
            // A transaction throws nothing else.
            throw .unreadable("\(error)")
        }
    }

    private static let marks = "$1, $2, $3, $4, $5, $6"
}
