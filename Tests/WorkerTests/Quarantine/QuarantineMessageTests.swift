import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Quarantine: what is said", .onLoop)
@LoopActor struct QuarantineMessageTests {
    @Test(arguments: [
        QuarantineMessage.ready, .started, .ended(.retried),
        .run(shard: 3, group: "default|t|a \"quoted\"\nname", token: LeaseToken(rawValue: "17")),
    ])
    func `each message is read as it was written, from one line`(_ message: QuarantineMessage) {
        #expect(QuarantineMessage(line: message.line) == message)
        #expect(!message.line.contains("\n"))
    }

    @Test(arguments: ["", "{}", "x", #"{"ended":"eaten"}"#, #"{"shard":1,"group":"g"}"#])
    func `anything else is nothing`(_ line: String) { #expect(QuarantineMessage(line: line) == nil) }
}
