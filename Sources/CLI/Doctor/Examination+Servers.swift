import Native
import Shared

extension Examination {
    func redis() async -> [Finding] {
        do throws(OperateFailure) { try await servers.openQueue() } catch {
            return [ServerFindings.redis(unreachable: error.description)]
        }
        let client = servers.redis.client, start = MonotonicInstant.now()
        do throws(RedisError) {
            let info = ServerInfo(try await client.send(RedisCommand("INFO")).text ?? "")
            let took = MonotonicInstant.now() - start
            let time = try await client.send(RedisCommand("TIME")).items ?? []
            try await readProcesses()
            var findings = ServerFindings.redis(info, took: took)
            if let seconds = time.first?.text.flatMap({ Int64($0) }), let parts = time.last?.text.flatMap({ Int64($0) })
            {
                let theirs = WallTime(milliseconds: seconds * 1000 + parts / 1000)
                findings.append(ServerFindings.clock(of: "Redis", ahead: ahead(of: theirs)))
            }
            return findings
        } catch {
            return [ServerFindings.redis(unreachable: QueueError(error).told)]
        }
    }

    func readProcesses() async throws(RedisError) {
        let registry = ProcessRegistry(redis: servers.redis.client, id: RunID.make("doctor"))
        processes = try await registry.reportsByID().map { ($0.id, $0.report.role) }
    }

    func postgres() async -> [Finding] {
        do throws(OperateFailure) { try await servers.openDatabase() } catch {
            return [ServerFindings.database(unreachable: error.description)]
        }
        do {
            let pending = try await Migrator(pool: servers.postgres).pending()
            if pending.isEmpty { businesses = try await allBusinesses() }
            return [ServerFindings.database(missing: pending.count)]
        } catch let error as MigrationError {
            return [ServerFindings.database(isNewer: error.description)]
        } catch let error as StoreError {
            return [ServerFindings.database(unreachable: error.told)]
        } catch let error as PostgresError {
            return [ServerFindings.database(unreachable: StoreError.postgres(error).told)]
        } catch {
            return [ServerFindings.database(unreachable: "\(error)")]
        }
    }

    private func allBusinesses() async throws(StoreError) -> [Business] {
        let store = BusinessStore(pool: servers.postgres)
        var all: [Business] = []
        while true {
            let page = try await store.list(after: all.last?.id ?? "")
            if page.isEmpty { return all }
            all += page
        }
    }

    func atWork() async -> [Finding] {
        guard let processes else { return [.unknown("workers", "only Redis knows who is at work")] }
        do throws(RedisError) {
            let leaders = try await servers.redis.client.send(RedisCommand("EXISTS", LeaderKey.name)).int
            return ProcessFindings.findings(roles: processes.map(\.role), leads: leaders == 1)
        } catch {
            return [ServerFindings.redis(unreachable: QueueError(error).told)]
        }
    }

    func kept() async -> [Finding] {
        guard let businesses else { return [.unknown("businesses", "only the database knows them")] }
        var findings = BusinessFindings.findings(businesses, configuration)
        do throws(StoreError) {
            findings.append(
                BusinessFindings.deadAliases(try await UnknownReceivers(pool: servers.postgres).waiting()))
            findings.append(
                BusinessFindings.timeZones(
                    unknown: try await BusinessStore(pool: servers.postgres).withUnknownTimeZone()))
        } catch {
            findings.append(.unknown("unknown numbers, time zones", error.told))
        }
        return findings
    }

    func ahead(of other: WallTime) -> Duration {
        .milliseconds(WallTime.now().milliseconds - other.milliseconds)
    }
}
