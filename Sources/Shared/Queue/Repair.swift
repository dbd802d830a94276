/// Something in the queue's keys that no sequence of steps leaves behind, and that the audit has put right.
package struct Repair: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A group with jobs that stood nowhere: its messages would never have been answered.
        case lost
        /// A tenant with ready groups and no turn.
        case turnless
        case extraTurn = "extra_turn"
        /// A group in two places.
        case twice
        /// A lease without a token.
        case tokenless
        /// A token without a lease.
        case leaseless
        /// A place taken by a group without jobs.
        case empty
        /// Attempts or crashes of a group without jobs.
        case forgotten
        /// A counter that is not the length it stands for.
        case miscounted
    }

    package let kind: Kind
    /// The group, or the counter's field. May hold a contact's address: not for logs as it is.
    package let subject: String
}
