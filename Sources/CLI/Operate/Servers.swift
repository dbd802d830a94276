import Native
import Shared

/// The Redis and the Postgres of a system, for one command. Close it at its end.
@LoopActor final class Servers {
    let redis: QueueConnection
    let postgres: PostgresPool

    /// How long a person waits for a server that may be down.
    static let patience: Duration = .seconds(3)

    init(_ configuration: Configuration) throws(OperateFailure) {
        do throws(RedisAddress.Fault) {
            redis = try QueueConnection(
                configuration, name: "rejoinder-cli", commandTimeout: .seconds(5), log: Log(level: .error),
                metrics: Metrics())
        } catch {
            throw OperateFailure("REDIS_URL: \(error)")
        }
        var options = PostgresPool.Options()
        options.connections = 1
        options.applicationName = "rejoinder-cli"
        postgres = PostgresPool(url: configuration.storage.databaseURL, options: options)
    }

    var queue: RedisQueue { redis.queue }

    func openQueue() async throws(OperateFailure) {
        do throws(QueueError) { try await redis.reach(within: Self.patience) } catch {
            throw OperateFailure(error.told)
        }
    }

    func openDatabase() async throws(OperateFailure) {
        postgres.start()
        do throws(PostgresError) { try await postgres.waitUntilReady(within: Self.patience) } catch {
            throw OperateFailure(StoreError.postgres(error).told)
        }
    }

    func close() async {
        redis.client.close()
        await postgres.close()
    }
}

extension QueueError {
    /// For an operator.
    var told: String {
        switch self {
        case .unavailable(let reason): "Redis cannot be reached: \(reason)"
        case .unknownOutcome(let reason): "Redis did not confirm: \(reason). The same command again completes it"
        case .memoryFull: "Redis is at its memory limit"
        case .leaseLost, .rejected: "\(self)"
        }
    }
}

extension StoreError {
    /// For an operator.
    var told: String {
        switch self {
        case .postgres(.unavailable(let reason)): "the database cannot be reached: \(reason)"
        case .postgres(.rejected("42P01", _)), .postgres(.rejected("42703", _)):
            "the database's schema is older than this program: run `rejoinder migrate`"
        case .postgres, .unreadable: "the database: \(self)"
        }
    }
}
