import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Quarantine", .onLoop, .timeLimit(.minutes(2)))
@LoopActor struct QuarantineTests {
    private static let ready = QuarantineFixture.ready, started = QuarantineFixture.started

    @Test func `a job that crashed its process is done with while Postgres is away, and its row waits in the queue`()
        async throws
    {
        let child = Self.ready + "read -r line; " + Self.started + "kill -9 $$"
        try await QuarantineFixture.with(child: child) { fixture in
            try await fixture.suspect("a")
            fixture.start()
            try await eventually { fixture.jobs.count(.dead) == 1 }
            #expect(fixture.ends("crashed") == 1)
            #expect(try await fixture.queue.depths().jobs == [.maintenance: 1])
        }
    }

    @Test func `a job that is cut short because the worker stops is handed back, and not buried`() async throws {
        let child = Self.ready + "read -r line; " + Self.started + "touch $1/started; exec sleep 1000"
        try await QuarantineFixture.with(child: child) { fixture in
            try await fixture.suspect("a")
            fixture.start()
            try await eventually { fixture.hasNote("started") }
            let handedBack = await fixture.stop()
            #expect(handedBack == 1)
            #expect(fixture.ends("left") == 1 && fixture.jobs.inFlight == 0)
            let lease = try await fixture.claimSuspect()
            #expect(lease?.job.id == JobID("a") && lease?.checkpoint == [:])
        }
    }

    @Test(
        arguments: [
            "kill -9 $$", QuarantineFixture.started + "exit 143", QuarantineFixture.started + "exit 130",
            QuarantineFixture.started + "exit 0",
        ])
    func `a process that dies before the job began, or is asked to go, is no crash`(_ death: String) async throws {
        try await QuarantineFixture.with(child: Self.ready + "read -r line; " + death) { fixture in
            try await fixture.suspect("a")
            fixture.start()
            try await eventually { try await fixture.delayed() == 1 }
            #expect(fixture.ends("left") == 1 && fixture.ends("crashed") == 0)
        }
    }

    @Test func `a suspect that hangs keeps none from its turn`() async throws {
        let child =
            Self.ready + "while read -r line; do " + Self.started
            + #"case "$line" in *hangs*) exec sleep 1000;; esac; echo '{"ended":"done"}'; done"#
        try await QuarantineFixture.with(child: child) { fixture in
            try await fixture.suspect("hangs")
            fixture.start()
            try await eventually { fixture.jobs.inFlight == 1 }
            try await fixture.suspect("ends")
            try await eventually { fixture.jobs.count(.done) == 1 }
            #expect(fixture.jobs.inFlight == 1)
        }
    }

    @Test func `a lease that the process could not use is given back`() async throws {
        let child = Self.ready + #"read -r line; echo '{"ended":"lost"}'; read -r line"#
        try await QuarantineFixture.with(child: child) { fixture in
            try await fixture.suspect("a")
            fixture.start()
            try await eventually { try await fixture.delayed() == 1 }
        }
    }

    @Test func `no process is started for suspects that cannot be claimed`() async throws {
        try await QuarantineFixture.with(child: "touch $1/started; " + Self.ready + "read -r line", suspects: 5) {
            fixture in
            fixture.start()
            _ = try await fixture.client.send(RedisCommand("CONFIG", "RESETSTAT"))
            try await eventually {
                let stats = try await fixture.client.send(RedisCommand("INFO", "commandstats")).text ?? ""
                let calls = stats.split(separator: "cmdstat_evalsha:calls=").dropFirst().first?.prefix { $0 != "," }
                return calls.flatMap { Int($0) } ?? 0 > 20
            }
            #expect(!fixture.hasNote("started"))
        }
    }

    @Test func `a worker stops also while Redis is away and a job that crashed is to be buried`() async throws {
        let child = Self.ready + "read -r line; " + Self.started + "touch $1/started; read -r line; kill -9 $$"
        try await QuarantineFixture.with(child: child) { fixture in
            try await fixture.suspect("a")
            fixture.start()
            try await eventually { fixture.hasNote("started") }
            fixture.server.kill()
            _ = await fixture.stop(within: .milliseconds(500))
            #expect(fixture.ends("crashed") == 1)
        }
    }

    /// Begins its job, and crashes once there is a file `die`.
    private static let crashesOnDemand =
        ready + "read -r line; " + started
        + "touch $1/started; while ! test -e $1/die; do sleep 0.01; done; kill -9 $$"

    /// A suspect that such a process has begun.
    private func underWay(_ fixture: QuarantineFixture) async throws -> Lease {
        try await fixture.suspect("a")
        fixture.start()
        try await eventually { fixture.hasNote("started") }
        return try #require(try await fixture.lease(of: "a"))
    }

    @Test func `what a job recorded before its crash is in its row, also when Redis was away`() async throws {
        try await withSchema { pool in
            try await QuarantineFixture.with(child: Self.crashesOnDemand, postgres: pool) { fixture in
                let lease = try await underWay(fixture)
                try await fixture.queue.checkpoint(lease, ["send.text.0": "sent"])
                fixture.server.kill()
                try SmallFile.write("", to: fixture.folder + "/die")
                try await eventually { fixture.ends("crashed") == 1 }
                try await fixture.server.start()
                try await eventually { fixture.jobs.count(.dead) == 1 }
                let dead = try await DeadJobStore(pool: pool).get("a")
                #expect(dead?.steps == ["send.text.0": "sent"])
            }
        }
    }

    @Test func `a job whose lease is lost when its process crashes is somebody else's to bury`() async throws {
        try await withSchema { pool in
            try await QuarantineFixture.with(child: Self.crashesOnDemand, postgres: pool) { fixture in
                let lease = try await underWay(fixture)
                try await fixture.queue.retryLater(lease, after: .seconds(3600), refund: true)
                try SmallFile.write("", to: fixture.folder + "/die")
                try await eventually { fixture.jobs.count(.lost) == 1 }
                let dead = try await DeadJobStore(pool: pool).get("a")
                #expect(dead == nil)
            }
        }
    }
}
