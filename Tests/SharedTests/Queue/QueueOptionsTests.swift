import Testing

@testable import Shared

@Suite("Queue options") struct QueueOptionsTests {
    @Test(arguments: [("3", 1.5), ("8", 4), ("10", 5), ("30", 5), ("3600", 5)])
    func `an outage that a lease may not survive counts as one`(lease: String, away: Double) throws {
        let configuration = try Configuration(environment: ["JOB_LEASE_SECONDS": lease], role: .tool)
        #expect(RedisQueue.Options(configuration).awayAfter == .seconds(away))
    }
}
