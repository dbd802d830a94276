import Native
import TestSupport
import Testing

@testable import CLI

@Suite("Which system a command works on", .onLoop)
@LoopActor struct SystemTargetTests {
    private func run(redis: String? = "redis+unix:///r", database: String? = "postgres:///d") -> RunFile {
        RunFile(
            process: ProcessIdentity(of: ThisProgram.pid)!, api: "http://a", simulator: nil, business: "b",
            secretFile: "/s", redis: redis, database: database)
    }

    private func variables(
        _ environment: [String: String] = [:], run: RunFile?, isAsked: Bool = false
    ) throws(OperateFailure) -> [String: String] {
        try SystemTarget(
            isAsked: isAsked, environment: environment, folder: DataFolder(path: "/data"), run: run
        ).variables
    }

    @Test func `without a word it is the one that runs here, else the standard one`() throws {
        let found = try variables(["A": "1"], run: run()), nothing = try variables(["A": "1"], run: nil)
        #expect(found == ["A": "1", "REDIS_URL": "redis+unix:///r", "DATABASE_URL": "postgres:///d"])
        #expect(nothing == ["A": "1"])
    }

    @Test func `what the environment names counts, and is not mixed with another system's`() throws {
        let elsewhere = ["REDIS_URL": "redis://other"]
        let named = try variables(elsewhere, run: run())
        #expect(named == elsewhere)
        let byFile = try variables(["DATABASE_URL_FILE": "/nowhere", "DATABASE_URL": "postgres://x"], run: run())
        #expect(byFile["REDIS_URL"] == nil)
        // The one here uses that Redis too, and has only the database to itself.
        let shared = try variables(elsewhere, run: run(redis: nil))
        #expect(shared == ["REDIS_URL": "redis://other", "DATABASE_URL": "postgres:///d"])
    }

    @Test func `a folder that is asked for decides, and must have one that runs`() throws {
        let asked = try variables(
            ["REDIS_URL": "redis://other", "DATABASE_URL_FILE": "/x"], run: run(), isAsked: true)
        #expect(asked == ["REDIS_URL": "redis+unix:///r", "DATABASE_URL": "postgres:///d"])
        #expect(throws: OperateFailure("no `rejoinder up` runs on /data")) { try variables(run: nil, isAsked: true) }
    }

    @Test func `a server that only the environment of up knows has to be named again`() {
        #expect(throws: OperateFailure.self) { try variables(run: run(redis: nil)) }
    }
}
