import Native
import Shared

/// `rejoinder handover`: takes a conversation from the bot, gives it back, or lists those that were taken.
@LoopActor struct HandoverCommand {
    let options: HandoverOptions
    let servers: Servers

    /// Returns what to print.
    func run() async throws(OperateFailure) -> String {
        try await servers.openQueue()
        do throws(QueueError) {
            switch options.act {
            case .list(let business): return try await list(of: business)
            case .take(let business, let contact, let minutes):
                try await check(business)
                let handover = try await servers.queue.take(
                    contact, of: business, for: minutes.map { .seconds($0 * 60) })
                return told(Taken(business: business, contact: contact, handover: handover))
            case .back(let business, let contact):
                try await servers.queue.giveBack(contact, of: business)
                return told(Taken(business: business, contact: contact, handover: nil))
            }
        } catch {
            throw OperateFailure(error.told)
        }
    }

    /// A business that nobody knows is a mistake. While the database is down, the operator is believed.
    private func check(_ business: String) async throws(QueueError) {
        let isKnown: Bool
        do {
            try await servers.openDatabase()
            isKnown = try await BusinessStore(pool: servers.postgres).find(business) != nil
        } catch {
            StandardStream.error.write(
                "rejoinder: the database cannot be asked whether there is a business \(business); going on\n")
            return
        }
        if !isKnown { throw .rejected("there is no business \(business)") }
    }

    private func list(of business: String?) async throws(QueueError) -> String {
        let all = try await servers.queue.handovers().map {
            Taken(business: $0.tenant.rawValue, contact: $0.conversation.rawValue, handover: $0.2)
        }
        let wanted = all.filter { business == nil || $0.business == business }
        if options.isJSON { return wanted.map { $0.json(now: .now()) + "\n" }.joined() }
        return wanted.isEmpty ? "The bot has every conversation.\n" : Taken.table(wanted)
    }

    private func told(_ taken: Taken) -> String {
        options.isJSON ? taken.json(now: .now()) + "\n" : taken.sentence + "\n"
    }
}
