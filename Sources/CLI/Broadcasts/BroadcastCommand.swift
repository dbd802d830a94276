import Native
import Shared

/// `rejoinder broadcast`: one text for many contacts.
@LoopActor struct BroadcastCommand {
    private let options: BroadcastOptions
    private let servers: Servers
    private let output: (String) -> Void

    /// Contacts written in one statement; a line tells of each such step.
    private static let batch = 5_000
    /// Characters. Longer ones are no announcement but a file given by mistake.
    private static let longestText = 16_000

    init(
        _ options: BroadcastOptions, _ servers: Servers,
        output: @escaping (String) -> Void = { StandardStream.output.write($0) }
    ) {
        self.options = options
        self.servers = servers
        self.output = output
    }

    /// Returns the status to exit with.
    func run(until shutdown: Shutdown) async throws(OperateFailure) -> Int32 {
        switch options.action {
        case .create(let draft, let business): return try await create(draft, business, shutdown)
        case .list(let business, let limit):
            let all = try await store { store throws(StoreError) in try await store.list(of: business, limit: limit) }
            output(options.isJSON ? BroadcastJSON.list(all) : BroadcastText.list(all))
            return 0
        case .show(let id, let business):
            let found = try await store { store throws(StoreError) in
                (
                    try await store.find(id, of: business),
                    try await store.failures(of: id, business: business, limit: 20)
                )
            }
            guard let broadcast = found.0 else { return missing(id, business) }
            output(
                options.isJSON
                    ? BroadcastJSON.show(broadcast, failures: found.1)
                    : BroadcastText.show(broadcast, failures: found.1))
            return 0
        case .cancel(let id, let business):
            let isCancelled = try await store { store throws(StoreError) in try await store.cancel(id, of: business) }
            guard isCancelled else {
                return OperateFailure.tell("\(business) has no broadcast \(id) that could be cancelled")
            }
            output(
                options.isJSON
                    ? BroadcastJSON.change(id, of: business, "cancelled")
                    : "Broadcast \(id) of \(business) is cancelled. What is being sent now still goes out.\n")
            return 0
        }
    }

    /// A draft until everybody is in it and the operator has said yes: what ends in between never goes out.
    private func create(
        _ draft: BroadcastOptions.Draft, _ business: String, _ shutdown: Shutdown
    ) async throws(OperateFailure) -> Int32 {
        // What is wrong with what was given is told without a database too.
        let text = try text(of: draft.text), contacts = try contacts(of: draft.recipients), time = try time(draft.start)
        guard draft.isConfirmed || Confirmation.isPossible else {
            throw .usage("to send a broadcast is asked for first; without a terminal say --yes")
        }
        let store = try await store()
        do throws(StoreError) {
            guard try await BusinessStore(pool: servers.postgres).settings(of: business) != nil else {
                return OperateFailure.tell("there is no business \(business)")
            }
            let id = try await store.create(
                business: business, name: draft.name, body: text, provider: draft.provider)
            let count: Int
            if let contacts {
                count = try await add(contacts, to: id, of: business, store)
            } else {
                count = try await store.addEverybody(to: id, of: business)
            }
            guard count > 0 else {
                _ = try await store.cancel(id, of: business)
                return OperateFailure.tell("nobody is there to send it to")
            }
            let when = time.map { "at \(Timestamp.text($0))" } ?? "now"
            let isWanted =
                if draft.isConfirmed { true } else {
                    await Confirmation("Send “\(Shown.line(draft.name))” to \(Shown.count(count, "contact")), \(when)?")
                        .isGiven(until: shutdown)
                }
            guard isWanted else {
                _ = try await store.cancel(id, of: business)
                return OperateFailure.tell("nothing was sent")
            }
            guard try await store.schedule(id, of: business, at: time) else { return missing(id, business) }
            output(
                options.isJSON
                    ? BroadcastJSON.change(id, of: business, "scheduled", count: count)
                    : "Broadcast \(id) of \(business) goes to \(Shown.count(count, "contact")), \(when). "
                        + "`rejoinder broadcast show \(id) --business \(business)` tells how far it is.\n")
            return 0
        } catch {
            throw OperateFailure(error.told)
        }
    }

    private func add(
        _ contacts: [String], to id: Int, of business: String, _ store: BroadcastStore
    ) async throws(StoreError) -> Int {
        var count = 0
        for start in stride(from: 0, to: contacts.count, by: Self.batch) {
            let end = min(start + Self.batch, contacts.count)
            count += try await store.add(Array(contacts[start..<end]), to: id, of: business)
            if contacts.count > Self.batch {
                StandardStream.error.write("rejoinder: \(end) of \(contacts.count) contacts\n")
            }
        }
        return count
    }

    // MARK: What was given

    private func text(of text: TextSource) throws(OperateFailure) -> String {
        let given = try text.read("text")
        guard given.contains(where: { !$0.isWhitespace }) else { throw .usage("the text is empty") }
        guard given.count <= Self.longestText else {
            throw .usage("the text is longer than \(Self.longestText) characters")
        }
        return given
    }

    /// nil: everybody.
    private func contacts(of recipients: BroadcastOptions.Recipients) throws(OperateFailure) -> [String]? {
        guard case .file(let path) = recipients else { return nil }
        let file = path == "-" ? "/dev/stdin" : path
        guard let content = SmallFile.read(file, upTo: 64 << 20) else {
            throw .usage("--contacts cannot be read: \(path)")
        }
        return try ContactList(content).contacts
    }

    private func time(_ start: TimeArgument?) throws(OperateFailure) -> WallTime? {
        guard let start else { return nil }
        let now = WallTime.now(), time = start.time(now: now)
        guard time > now else { throw .usage("--at is in the past") }
        return time
    }

    // MARK: The database

    private func store() async throws(OperateFailure) -> BroadcastStore {
        try await servers.openDatabase()
        return BroadcastStore(pool: servers.postgres)
    }

    private func store<T>(
        _ work: @LoopActor (BroadcastStore) async throws(StoreError) -> T
    ) async throws(OperateFailure) -> T {
        let store = try await store()
        do throws(StoreError) { return try await work(store) } catch { throw OperateFailure(error.told) }
    }

    private func missing(_ id: Int, _ business: String) -> Int32 {
        OperateFailure.tell("\(business) has no broadcast \(id)")
    }
}
