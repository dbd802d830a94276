import Foundation
import Native
import Shared
import TestSupport

/// All of Rejoinder for one test: private Redis and Postgres, the simulator, the API, workers, the scheduler.
@LoopActor final class Installation {
    struct Options: Sendable {
        var workers = 1
        /// Beside those that point the processes at each other.
        var environment: [String: String] = [:]
        var simulatorArguments = ["--ai-latency-ms", "20", "--gateway-latency-ms", "5"]
        var withScheduler = true
        /// A Postgres that the test may stop; else the one that all tests share.
        var postgres: PostgresServer?
        var redis = RedisServer.Options()
        /// Whether workers reach Redis through `proxy`.
        var cutsWorkersOff = false
    }

    static let secret = "test-secret"
    static let business = "business_1"

    let redis: RedisServer
    let database: String
    let http = HTTPClient()
    let simulator: ServiceUnderTest
    private(set) var api: ServiceUnderTest
    private(set) var workers: [ServiceUnderTest] = []
    private(set) var scheduler: ServiceUnderTest?
    /// Those that others stand in for now, whether they have ended or not.
    private(set) var replaced: [ServiceUnderTest] = []
    private var onWorkerLine: (String) -> Void = { _ in }
    /// Between the workers and Redis, when the options ask for it.
    let proxy: TCPProxy?
    let environment: [String: String]

    /// Starts everything, lends it to `body`, and ends everything.
    static func with(_ options: Options = Options(), _ body: @LoopActor (Installation) async throws -> Void)
        async throws
    {
        var redisOptions = options.redis
        redisOptions.appendOnly = true
        try await RedisServer.with(redisOptions) { redis in
            let server = if let own = options.postgres { own } else { try await PostgresServer.shared() }
            let database = server.url(try await server.createDatabase())
            let installation = try await Installation(redis, database, options)
            do { try await body(installation) } catch {
                await installation.end()
                installation.explain()
                throw error
            }
            await installation.end()
        }
    }

    private init(_ redis: RedisServer, _ database: String, _ options: Options) async throws {
        self.redis = redis
        self.database = database
        proxy = options.cutsWorkersOff ? try TCPProxy(to: redis.port) : nil
        simulator = try ServiceUnderTest(
            "rejoinder-simulator", ["INTERNAL_SECRET": Self.secret],
            arguments: ["--host", "127.0.0.1", "--port", "0"] + options.simulatorArguments)
        try await simulator.started()
        let outside = "http://127.0.0.1:\(simulator.port)"
        environment = [
            "REDIS_URL": "redis://127.0.0.1:\(redis.port)/0", "DATABASE_URL": database, "INTERNAL_SECRET": Self.secret,
            "BAILEYS_URL": outside, "AI_URL": outside + "/v1", "AI_API_KEY": "key", "TWILIO_URL": outside,
            "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001", "TWILIO_AUTH_TOKEN": "token",
            "TWILIO_FROM": "whatsapp:+15550009999", "META_URL": outside + "/v21.0", "API_HOST": "127.0.0.1",
            "API_PORT": "0", "METRICS_PORT": "0",
            "LOG_LEVEL": "debug",
        ].merging(options.environment) { $1 }
        api = try ServiceUnderTest("rejoinder-api", environment)
        try await migrate()
        for _ in 0..<options.workers { try addWorker() }
        if options.withScheduler { scheduler = try ServiceUnderTest("rejoinder-scheduler", environment) }
        try await api.started()
        for worker in workers { try await worker.started() }
        try await ready(api)
    }

    /// The schema, and one business that everything goes to.
    private func migrate() async throws {
        let pool = PostgresPool(url: database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        _ = try await Migrator(pool: pool).run()
        try await BusinessStore(pool: pool).upsert(Business(id: Self.business, name: "Test"))
        await pool.close()
    }

    @discardableResult
    func addWorker(changing: [String: String] = [:]) throws -> ServiceUnderTest {
        let worker = try startWorker(changing)
        workers.append(worker)
        return worker
    }

    /// Starts a worker in another's place. The old one goes on until it is ended.
    @discardableResult
    func replaceWorker(_ place: Int) throws -> ServiceUnderTest {
        replaced.append(workers[place])
        workers[place] = try startWorker()
        return workers[place]
    }

    /// As compose would do it.
    func replaceEndedWorkers() throws {
        for place in workers.indices where workers[place].hasEnded { try replaceWorker(place) }
    }

    /// - Parameter onLine: called for each log line of workers, also of those that are started later.
    func watchWorkers(_ onLine: @escaping (String) -> Void) {
        onWorkerLine = onLine
        for worker in workers { worker.onLine = onLine }
    }

    /// Starts an API in the other's place; it is ready when this returns. The old one goes on until it is ended.
    func replaceAPI() async throws {
        let new = try ServiceUnderTest("rejoinder-api", environment)
        try await new.started()
        try await ready(new)
        replaced.append(api)
        api = new
    }

    /// The same for the scheduler, which stands by until the old one is ended.
    func replaceScheduler() async throws {
        let new = try ServiceUnderTest("rejoinder-scheduler", environment)
        try await new.started()
        if let scheduler { replaced.append(scheduler) }
        scheduler = new
    }

    private func startWorker(_ changes: [String: String] = [:]) throws -> ServiceUnderTest {
        var environment = environment.merging(changes) { $1 }
        if let proxy { environment["REDIS_URL"] = "redis://127.0.0.1:\(proxy.port)/0" }
        let worker = try ServiceUnderTest("rejoinder-worker", environment)
        worker.onLine = onWorkerLine
        return worker
    }

    private func ready(_ api: ServiceUnderTest) async throws {
        try await poll(within: .seconds(10), "the API to be ready") {
            try? await self.call("GET", api, "/health/ready").status == 200 ? true : nil
        }
    }

    /// Every process there was.
    var services: [ServiceUnderTest] { [api, simulator] + workers + [scheduler].compactMap { $0 } + replaced }

    private func end() async {
        for service in services { await service.kill() }
        http.close()
    }

    /// The last log lines, for a test that failed.
    private func explain() {
        for service in services { for line in service.lines.suffix(25) { print(service.name, line) } }
    }

    // MARK: HTTP

    func get(_ path: String) async throws -> HTTPClient.Response { try await call("GET", api, path) }

    func call(
        _ method: String, _ service: ServiceUnderTest, _ path: String, body: String = "",
        headers: [(String, String)] = []
    ) async throws -> HTTPClient.Response {
        var request = HTTPClient.Request(method: method, url: "http://127.0.0.1:\(service.port)\(path)")
        request.allowsPrivateAddresses = true
        request.timeout = .seconds(15)
        request.body = Array(body.utf8)
        request.headers = headers
        return try await http.send(request)
    }

    /// Posts one message of a contact as the gateway would. Returns the answer.
    @discardableResult
    func post(
        _ text: String, from contact: String, id: String, to business: String = Installation.business,
        secret: String = Installation.secret
    ) async throws -> HTTPClient.Response {
        let now = Int(Date().timeIntervalSince1970)
        return try await call(
            "POST", api, "/webhook/whatsapp/incoming",
            body: """
                {"tenantId":"\(business)","payload":{"type":"notify","messages":[{"key":{"remoteJid":\
                "\(contact)@s.whatsapp.net","fromMe":false,"id":"\(id)"},"message":{"conversation":"\(text)"},\
                "pushName":"Dana","messageTimestamp":\(now)}]}}
                """,
            headers: [("Content-Type", "application/json"), ("X-Internal-Secret", secret)])
    }

    // MARK: The witness

    struct Delivered: Sendable, Equatable {
        var provider, contact, id, text: String
    }

    /// What reached contacts, in order, over all providers.
    func delivered(to contact: String? = nil) async throws -> [Delivered] {
        let query = contact.map { "?contact=\($0)" } ?? ""
        let answer = try await call("GET", simulator, "/simulator/messages\(query)")
        return try JSON.read(answer.body) { root in
            let items = root.isArray ? root.items : root["messages"]?.items ?? []
            return items.map {
                Delivered(
                    provider: $0["provider"]?.string ?? "", contact: $0["contact"]?.string ?? "",
                    id: $0["id"]?.string ?? "", text: $0["text"]?.string ?? "")
            }
        }
    }

    /// Waits until so many texts reached the contact (nil: all contacts).
    @discardableResult
    func delivered(
        _ count: Int, to contact: String? = nil, within limit: Duration = .seconds(20)
    ) async throws -> [Delivered] {
        try await poll(within: limit, "\(count) texts at \(contact ?? "all contacts")") {
            let texts = try await self.delivered(to: contact)
            return texts.count >= count ? texts : nil
        }
    }

    func fault(_ json: String) async throws {
        let answer = try await call(
            "POST", simulator, "/simulator/faults", body: json, headers: [("Content-Type", "application/json")])
        guard answer.status < 300 else { throw NeverHappened(description: "the simulator refused \(json)") }
    }

    /// What is remembered of a contact's conversation, as Redis has it.
    func memory(of contact: String) async throws -> String {
        let client = try await redis.client()
        defer { client.close() }
        let keys = try await client.send(RedisCommand("KEYS", "rj:*:h:*\(contact)")).items?.compactMap(\.text) ?? []
        let lines = try await client.send(RedisCommand("LRANGE", keys.first ?? "none", "0", "-1")).items ?? []
        return lines.compactMap(\.text).joined(separator: "\n")
    }

    /// Waits until no job is left.
    func quiet(within limit: Duration = .seconds(20)) async throws {
        try await poll(within: limit, "the queues to be empty") {
            let answer = try await self.get("/api/webhook/health")
            // Without queues while Redis does not answer the API: that tells nothing.
            let jobs = try JSON.read(answer.body) {
                $0["queues"]?.fields.map { $0.value.int ?? 0 }.reduce(0, +)
            }
            return jobs == 0 ? true : nil
        }
    }
}
